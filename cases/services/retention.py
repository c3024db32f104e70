"""Holding a case, and the two signatures under which it ends."""

from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, tasks
from cases.models import Case, Disposal, Hold
from cases.policy import May, require
from cases.refusals import Refused
from cases.retention import deed_for, due
from cases.services import notices, records


@transaction.atomic
def hold_case(case: Case, *, by: User, reason: str, until: date | None = None) -> Hold:
    """Keep all of a case, for ever or until the end of a day: a proceeding, an audit, a doubt.

    A disposal that was asked for or signed ends with it.
    """
    case = records.locked_case(case)
    require(by, May.HOLD_CASE, case)
    if until and until < timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    hold = Hold.objects.create(case=case, reason=reason, until=until, placed_by=by)
    Disposal.objects.open().filter(case=case).update(ended_by=by, ended_at=timezone.now())
    audit.record("held", hold, by=by, case=case)
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, by: User) -> Hold:
    """A second person's word that the case may end in its time."""
    case = records.locked_case(hold.case)
    require(by, May.HOLD_CASE, case)
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at:
        raise Refused(_("This hold has ended already."))
    if hold.placed_by_id == by.pk:
        raise Refused(_("A hold is lifted by another person than the one who placed it."))
    hold.lifted_at, hold.lifted_by = timezone.now(), by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("hold_lifted", hold, by=by, case=case)
    return hold


@transaction.atomic
def ask_disposal(case: Case, *, by: User) -> Disposal:
    """The first signature. Raises Refused where the time of the case is not over, or it is held."""
    case = records.locked_case(case)
    require(by, May.DISPOSE_CASE, case)
    if not due(timezone.now()).filter(pk=case.pk).exists():
        raise Refused(_("The time of this case is not over, or a hold keeps it."))
    if Disposal.objects.open().filter(case=case).exists():
        raise Refused(_("Somebody has asked for this already."))
    disposal = Disposal.objects.create(case=case, deed=deed_for(case), asked_by=by)
    audit.record("disposal_asked", disposal, by=by, case=case, detail={"deed": disposal.deed})
    notices.owe(notices.reviewers_of(case, but=by), f"disposal:{disposal.pk}")
    return disposal


@transaction.atomic
def approve_disposal(disposal: Disposal, *, by: User) -> Disposal:
    """The second signature; a worker carries it out. It cannot be undone."""
    case, disposal = _open(disposal, by)
    if disposal.approved_at:
        raise Refused(_("This is approved already."))
    if disposal.asked_by_id == by.pk:
        raise Refused(_("A second person approves what you asked for."))
    if not due(timezone.now()).filter(pk=case.pk).exists():
        raise Refused(_("The time of this case is not over, or a hold keeps it."))
    disposal.approved_at, disposal.approved_by = timezone.now(), by
    disposal.save(update_fields=["approved_at", "approved_by"])
    audit.record("disposal_approved", disposal, by=by, case=case, detail={"deed": disposal.deed})
    transaction.on_commit(partial(tasks.end_case.delay, str(disposal.pk)))
    return disposal


@transaction.atomic
def decline_disposal(disposal: Disposal, *, by: User) -> Disposal:
    """Leave the case as it is; it stays in the list of what is due."""
    case, disposal = _open(disposal, by)
    disposal.ended_at, disposal.ended_by = timezone.now(), by
    disposal.save(update_fields=["ended_at", "ended_by"])
    audit.record("disposal_declined", disposal, by=by, case=case)
    return disposal


def _open(disposal: Disposal, by: User) -> tuple[Case, Disposal]:
    if disposal.case is None:
        raise Refused(_("This case has ended."))
    case = records.locked_case(disposal.case)
    require(by, May.DISPOSE_CASE, case)
    found = Disposal.objects.select_for_update(of=("self",)).open().filter(pk=disposal.pk).first()
    if found is None:
        raise Refused(_("This was carried out or declined."))
    return case, found
