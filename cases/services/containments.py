"""Containing what had left when a person took a consent back."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, clocks, deadlines
from cases.lifecycles import CONTAINMENT_MOVES, ContainmentMove, target_of
from cases.models import Case, CaseUserObjectPermission, Consent, Containment
from cases.models.case import CASE_ROLES
from cases.models.containment import ContainmentKind
from cases.models.deadline import DeadlineKind
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import hands, notices, records
from cases.withdrawals import Left

# Working days: whoever holds it must hear soon, and somebody must find words that are safe.
TO_CONTAIN = 2


def contain(entry: Consent, left: Iterable[Left], *, by: User) -> None:
    """Make one task for each thing that had left, and one to tell the person the truth about it.

    Guests from outside see the case no more at once. Offices and people that work on it keep it
    until somebody ends their assignment: they may hold what must be looked at again.
    """
    case, owner = entry.case, entry.case.owner or by
    due_on = clocks.add_working_days(timezone.localdate(), TO_CONTAIN)
    same: dict[str, Any] = {"case": case, "consent": entry, "owner": owner, "due_on": due_on}
    rows = [
        Containment(kind=one.kind, left_at=one.at, left_by=one.by, **one.link, **same)
        for one in left
    ]
    rows.append(Containment(kind=ContainmentKind.PERSON, **same))
    Containment.objects.bulk_create(rows)
    _end_showing(case, [row.guest_id for row in rows if row.guest_id], by=by)
    audit.record("withdrawal_contained", entry, by=by, case=case, detail={"tasks": len(rows)})
    _clock(case)
    told = {*notices.officers_of(case), *notices.reviewers_of(case), owner} - {by}
    notices.owe(told, f"withdrawal:{entry.pk}")


@transaction.atomic
def close_containment(
    containment: Containment, *, by: User, move: ContainmentMove, words: str
) -> Containment:
    """Say that it is done, or that it is not possible, and what came of it."""
    case = records.locked_case(containment.case)
    require(by, May.CONTAIN_WITHDRAWAL, case)
    containment = Containment.objects.select_for_update(of=("self",)).get(pk=containment.pk)
    containment.status = target_of(CONTAINMENT_MOVES, move, containment.status)
    if not words.strip():
        raise Refused(_("Say what was done, and what came of it."))
    containment.words, containment.closed_by, containment.closed_at = words, by, timezone.now()
    containment.save()
    audit.record(f"containment_{move}", containment, by=by, case=case)
    _clock(case)
    return containment


@transaction.atomic
def give_containment(containment: Containment, *, to: User, by: User) -> Containment:
    """Let another officer answer for it."""
    case = records.locked_case(containment.case)
    require(by, May.CONTAIN_WITHDRAWAL, case)
    containment = Containment.objects.select_for_update(of=("self",)).get(pk=containment.pk)
    if containment.closed_at:
        raise Refused(_("This is closed already."))
    if not to.roles_in(case.office_id) & CASE_ROLES:
        raise Refused(_("An owner is an officer of the office that holds the case."))
    hands.require_free(case, to)
    containment.owner = to
    containment.save()
    audit.record("containment_given", containment, by=by, case=case, detail={"to": str(to.pk)})
    if to != by:
        notices.owe([to], f"containment:{containment.pk}:{to.pk}:{timezone.now().timestamp()}")
    return containment


def hand_over(case: Case, *, to: User) -> None:
    """Whoever answers for the case answers for what is still to be contained in it."""
    Containment.objects.filter(case=case).open().update(owner=to)


def _end_showing(case: Case, guests: Collection[UUID], *, by: User) -> None:
    grants = CaseUserObjectPermission.objects.filter(content_object=case, user__in=guests)
    for guest in list(grants.values_list("user", flat=True)):
        audit.record("showing_ended", case, by=by, case=case, detail={"to": str(guest)})
    grants.delete()


def _clock(case: Case) -> None:
    """One deadline stands for what is to be contained first."""
    first = Containment.objects.filter(case=case).open().order_by("due_on").first()
    if first:
        due_at = clocks.end_of(first.due_on)
        deadlines.open_deadline(case, DeadlineKind.CONTAINMENT, due_at=due_at)
    else:
        deadlines.meet(case, DeadlineKind.CONTAINMENT)
