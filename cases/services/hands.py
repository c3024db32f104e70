"""What a person holds of a case, and taking it out of their hands.

A recusal, a tie to a State, a lock and the last day in an office all end here: nothing stays with
somebody who no longer may, and nothing stays with nobody unnoticed.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from cases import audit
from cases.models import (
    Action,
    Assignment,
    Case,
    CaseUserObjectPermission,
    Containment,
    IdentityUserObjectPermission,
    State,
    Tie,
)
from cases.models.case import CASE_ROLES
from cases.models.exclusion import free_of_conflict
from cases.policy import HOUSE
from cases.refusals import Refused
from cases.services import notices, records


def require_free(case: Case, person: User) -> None:
    """Raise Refused where a rule keeps this person from the case; never says which rule."""
    if not free_of_conflict(User.objects.filter(pk=person.pk), case).exists():
        raise Refused(_("This person cannot work on this case."))


def require_another(one: User, other: User) -> None:
    """Raise Refused where somebody would put a case into their own hands.

    Whoever owns a case or is assigned to it by name may see its names, and nobody decides that for
    themselves: a colleague gives the case, or a custodian the name.
    """
    if one.pk == other.pk:
        raise Refused(_("Nobody gives a case to themselves: a colleague has to."))


def require_no_tie(person: User, state: State) -> None:
    """Raise Refused where a person would open a case that they could not see a moment later."""
    if Tie.objects.filter(user=person, state=state).exists():
        raise Refused(_("You have a tie to this State: a colleague has to record this case."))


def held_by(person: User) -> QuerySet[Case]:
    """Every case of which something is in this person's hands, open or closed."""
    grants = CaseUserObjectPermission.objects.filter(user=person).values("content_object")
    assigned = Assignment.objects.in_force().filter(user=person).values("case")
    acting = Action.objects.filter(owner=person, done_on=None).values("case")
    containing = Containment.objects.filter(owner=person).open().values("case")
    return Case.objects.filter(
        Q(owner=person)
        | Q(pk__in=grants)
        | Q(pk__in=assigned)
        | Q(pk__in=acting)
        | Q(pk__in=containing)
    )


def left_by(membership: Membership) -> QuerySet[Case]:
    """What would stay behind with somebody whose membership ends.

    All, where they read cases nowhere any more; else what the office holds, and, where nothing of
    the house is left to them, what they got as one of the house and not of their other offices.
    """
    person = membership.user
    reading = Membership.objects.filter(user=person, role__in=CASE_ROLES, office__active=True)
    stays = reading.exclude(pk=membership.pk)
    if membership.role not in CASE_ROLES or stays.filter(office=membership.office_id).exists():
        return Case.objects.none()
    if not stays.exists():
        return held_by(person)
    behind = Q(office=membership.office_id)
    if not stays.filter(office__kind__in=HOUSE).exists():
        behind |= ~Q(office__in=stays.values("office"))
    return held_by(person).filter(behind)


def let_go(case: Case, *, person: User, by: User, to: User | None = None) -> None:
    """End all that this person holds of the case; `to` gets it, else the officers are told.

    Grants end and go to nobody. Inside the caller's transaction. Raises Refused where `to` has no
    role in which cases are read, where a rule keeps them from the case, or it is who decides.
    """
    case = records.locked_case(case)
    if to:
        require_another(to, by)
        _require_able(case, to)
    owned = case.owner_id == person.pk
    if owned:
        case.owner = _owner_after(case, to)
        case.save(update_fields=["owner", "changed_at"])
    _pass_on(case, person, by=by, to=to)
    Action.objects.filter(case=case, owner=person, done_on=None).update(owner=to)
    containing = Containment.objects.filter(case=case, owner=person).open()
    containing.update(owner=to or _somebody_else(case, person) or by)
    _end_grants(case, person)
    detail = {"of": str(person.pk), **({"to": str(to.pk)} if to else {})}
    audit.record("let_go", case, by=by, case=case, detail=detail)
    told = [to] if to else notices.officers_of(case)
    key = f"let_go:{case.pk}:{person.pk}:{timezone.now():%Y%m%d%H%M%S}"
    notices.owe([one for one in told if one not in (person, by)], key)


def let_go_excluded(case: Case, *, by: User) -> None:
    """After the State of a case has changed: those with a tie to the new one hold nothing of it."""
    holding = Q(owned_cases=case) | Q(assignments__case=case, assignments__ended_at=None)
    guests = CaseUserObjectPermission.objects.filter(content_object=case).values("user")
    people = User.objects.filter(holding | Q(pk__in=guests)).distinct().order_by("pk")
    for person in people.exclude(pk__in=free_of_conflict(people, case).values("pk")):
        let_go(case, person=person, by=by)


def hand_over(cases: Iterable[Case], *, person: User, by: User, to: User | None) -> int:
    """Let go of each, in one order so that two hand-overs cannot wait for each other."""
    ordered = sorted(cases, key=lambda case: case.pk)
    for case in ordered:
        let_go(case, person=person, by=by, to=to)
    return len(ordered)


def _require_able(case: Case, to: User) -> None:
    if not to.offices_with(CASE_ROLES):
        raise Refused(_("This person has no role in which cases are read."))
    require_free(case, to)


def _owner_after(case: Case, to: User | None) -> User | None:
    """An owner is an officer of the office that holds the case."""
    return to if to and to.roles_in(case.office_id) & CASE_ROLES else None


def _pass_on(case: Case, person: User, *, by: User, to: User | None) -> None:
    now = timezone.now()
    mine = Assignment.objects.select_for_update(of=("self",)).filter(case=case, ended_at=None)
    for one in mine.filter(user=person):
        Assignment.objects.filter(pk=one.pk).update(ended_at=now, ended_by=by)
        taken = mine.filter(user=to, duty=one.duty).exists() if to else True
        if to and not taken and (one.expires_at is None or one.expires_at > now):
            Assignment(
                case=case, user=to, duty=one.duty, given_by=by, expires_at=one.expires_at
            ).save()


def _somebody_else(case: Case, person: User) -> User | None:
    """For what never stays with nobody: who answers for the case, else a reviewer of its office."""
    others = [*notices.officers_of(case), *notices.reviewers_of(case)]
    return next((one for one in others if one != person), None)


def _end_grants(case: Case, person: User) -> None:
    CaseUserObjectPermission.objects.filter(user=person, content_object=case).delete()
    of_case = Q(content_object__person__case=case) | Q(content_object__source__case=case)
    IdentityUserObjectPermission.objects.filter(of_case, user=person).delete()
