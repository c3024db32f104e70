"""Who works on a case: its owner, other offices, other people, guests."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Office, OfficeKind, User
from cases import audit, consent
from cases.models import Assignment, Case, CaseUserObjectPermission, Consent
from cases.models.access import view_permission_id
from cases.models.assignment import Duty
from cases.models.case import CASE_ROLES
from cases.policy import May, is_outside, require
from cases.refusals import Refused
from cases.services import containments, hands, notices, records
from cases.services.fulfilments import require_shareable, said_of
from cases.vocabulary import DataClass


@transaction.atomic
def give_case(case: Case, *, to: User, by: User) -> Case:
    """Make one officer of the case's office answer for it; never oneself."""
    case = records.locked_case(case)
    require(by, May.ASSIGN_CASE, case)
    hands.require_another(to, by)
    if not to.roles_in(case.office_id) & CASE_ROLES:
        raise Refused(_("An owner is an officer of the office that holds the case."))
    hands.require_free(case, to)
    case.owner = to
    case.save(update_fields=["owner", "changed_at"])
    containments.hand_over(case, to=to)
    audit.record("given", case, by=by, case=case, detail={"to": str(to.pk)})
    notices.owe([to], f"given:{case.pk}:{to.pk}:{timezone.now():%Y%m%d%H%M%S}")
    return case


@transaction.atomic
def assign_case(
    case: Case,
    *,
    by: User,
    duty: str,
    office: Office | None = None,
    user: User | None = None,
    reason: str = "",
    expires_at: datetime | None = None,
    conditions_met: str = "",
) -> Assignment:
    """Let another office, or one person by name, work on the case; never a mission, nor oneself.

    Outside the house it is shared: that takes the consent of everybody in it, their names too
    where a person may see them, an assessment of the risk, and no stop flag. `conditions_met` says
    how what they asked for is kept.
    """
    case = records.locked_case(case)
    require(by, May.ASSIGN_CASE, case)
    _check(case, office, user, duty, by)
    told = set(DataClass) if user else consent.ALL_BUT_NAME
    asked = _shared(case, user or office, conditions_met, told=told)
    terms: dict[str, Any] = {"duty": Duty(duty), "reason": reason, "expires_at": expires_at}
    assignment = Assignment(case=case, office=office, user=user, given_by=by, **terms)
    assignment.full_clean(exclude=["case", "office", "user", "given_by"], validate_unique=False)
    assignment.save()
    said_of(assignment, case, asked, by=by, words=conditions_met)
    audit.record("assigned", assignment, by=by, case=case, detail={"duty": duty})
    return assignment


def _shared(
    case: Case, to: Office | User | None, words: str, *, told: Collection[DataClass]
) -> list[Consent]:
    if to is None or not is_outside(case, to):
        return []
    return require_shareable(case, told, words=words)


def _check(case: Case, office: Office | None, user: User | None, duty: str, by: User) -> None:
    if (office and office.kind == OfficeKind.MISSION) or (user and user.state_id):
        raise Refused(_("A mission never works on a case."))
    if user and not user.offices_with(CASE_ROLES):
        raise Refused(_("This person has no role in which cases are read."))
    if user:
        hands.require_another(user, by)
        hands.require_free(case, user)
    found = Assignment.objects.filter(case=case, office=office, user=user, duty=duty)
    if found.filter(ended_at=None).exists():
        raise Refused(_("This is assigned already."))


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User) -> Assignment:
    """It gives no access from now on; that it was there stays."""
    case = records.locked_case(assignment.case)
    require(by, May.ASSIGN_CASE, case)
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if assignment.ended_at:
        raise Refused(_("This assignment has ended already."))
    assignment.ended_at, assignment.ended_by = timezone.now(), by
    assignment.save(update_fields=["ended_at", "ended_by"])
    audit.record("assignment_ended", assignment, by=by, case=case)
    return assignment


@transaction.atomic
def show_case(
    case: Case,
    *,
    to: User,
    by: User,
    reason: str,
    expires_at: datetime | None = None,
    conditions_met: str = "",
) -> None:
    """Show the case to one guest. To show it again replaces the reason and the end.

    A guest from outside the house takes what an assignment outside it takes.
    """
    case = records.locked_case(case)
    require(by, May.SHARE_CASE, case)
    if to.state_id:
        raise Refused(_("A case is never shown to a mission."))
    if not to.offices_with(CASE_ROLES):
        raise Refused(_("This person has no role in which cases are read."))
    hands.require_free(case, to)
    asked = _shared(case, to, conditions_met, told=consent.ALL_BUT_NAME)
    said_of(to, case, asked, by=by, words=conditions_met)
    CaseUserObjectPermission.objects.update_or_create(
        user=to,
        content_object=case,
        permission_id=view_permission_id("case"),
        defaults={"granted_by": by, "reason": reason, "expires_at": expires_at},
    )
    audit.record("shown", case, by=by, case=case, detail={"to": str(to.pk)})


@transaction.atomic
def end_showing(case: Case, *, to: User, by: User) -> None:
    """The guest sees nothing of the case from now on; that it was shown stays in the audit."""
    case = records.locked_case(case)
    require(by, May.SHARE_CASE, case)
    grants = CaseUserObjectPermission.objects.filter(user=to, content_object=case)
    if not grants.exists():
        raise Refused(_("The case is not shown to this person."))
    grants.delete()
    audit.record("showing_ended", case, by=by, case=case, detail={"to": str(to.pk)})
