"""Who may do what. Every permission question of the project is answered here, from data."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, OfficeKind, Role, User
from cases.models import Assignment, Case, Identity, Package
from cases.models.case import CASE_ROLES
from cases.models.noun import array_of


class May(TextChoices):
    """What a person may do; the labels complete the sentence “You may not …”."""

    RECORD_CASE = "record_case", _("record a case")
    VIEW_CASE = "view_case", _("see this case")
    EDIT_CASE = "edit_case", _("change this case")
    MOVE_CASE = "move_case", _("move this case along")
    DECIDE_CASE = "decide_case", _("decide on this case")
    ASSIGN_CASE = "assign_case", _("assign this case")
    TRANSFER_CASE = "transfer_case", _("offer this case to another office")
    RECUSE = "recuse", _("decide on conflicts of interest of colleagues")
    HOLD_CASE = "hold_case", _("hold this case, or end a hold")
    DISPOSE_CASE = "dispose_case", _("sign that this case ends")
    SHARE_CASE = "share_case", _("show this case to a person outside its offices")
    STOP_CASE = "stop_case", _("stop outward acts")
    LIFT_STOP = "lift_stop", _("lift a stop flag")
    KEEP_IDENTITY = "keep_identity", _("write an identity")
    REVEAL_IDENTITY = "reveal_identity", _("see a name")
    BREAK_GLASS = "break_glass", _("open an identity in an emergency")
    DECIDE_IDENTITY = "decide_identity", _("decide who sees a name")
    SHRED_IDENTITY = "shred_identity", _("destroy an identity")
    REVIEW_EMERGENCY = "review_emergency", _("review an emergency")
    FIND_PEOPLE = "find_people", _("look for people by name")
    RECORD_CONSENT = "record_consent", _("record a consent")
    SAY_CONDITIONS_MET = "say_conditions_met", _("say that conditions are met")
    CONTAIN_WITHDRAWAL = "contain_withdrawal", _("say what became of a withdrawal")
    ASSESS_RISK = "assess_risk", _("assess a risk")
    DRAFT_LETTER = "draft_letter", _("draft a letter")
    ENDORSE_LETTER = "endorse_letter", _("endorse a letter")
    CLEAR_LETTER = "clear_letter", _("clear a letter")
    TRANSMIT_LETTER = "transmit_letter", _("transmit a letter")
    DECIDE_EXTENSION = "decide_extension", _("grant or refuse time")
    ASSESS_REPLY = "assess_reply", _("assess a reply")
    READ_AUDIT = "read_audit", _("see who looked at this case")
    READ_WHOLE_AUDIT = "read_whole_audit", _("see the audit of the whole house")
    # At the portal, on a package of one's own State.
    READ_PACKAGE = "read_package", _("read this letter")
    WRITE_REPLY = "write_reply", _("write a reply")
    SUBMIT_REPLY = "submit_reply", _("submit a reply")


DESK = frozenset({Role.FOCAL_POINT, Role.REVIEWER})
OFFICERS = DESK | {Role.MECHANISM_OFFICER}
LETTERS = frozenset({Role.FOCAL_POINT, Role.MECHANISM_OFFICER})
MISSION = frozenset({Role.MISSION_USER, Role.MISSION_HEAD})

ROLES: dict[May, frozenset[Role]] = {
    May.RECORD_CASE: OFFICERS,
    May.VIEW_CASE: CASE_ROLES,
    May.EDIT_CASE: OFFICERS,
    May.MOVE_CASE: OFFICERS,
    May.DECIDE_CASE: frozenset({Role.REVIEWER}),
    May.ASSIGN_CASE: DESK,
    May.TRANSFER_CASE: frozenset({Role.REVIEWER}),
    May.RECUSE: frozenset({Role.REVIEWER}),
    May.HOLD_CASE: frozenset({Role.REVIEWER}),
    May.DISPOSE_CASE: frozenset({Role.REVIEWER}),
    May.SHARE_CASE: frozenset({Role.REVIEWER}),
    May.STOP_CASE: CASE_ROLES,
    May.LIFT_STOP: frozenset({Role.REVIEWER}),
    May.KEEP_IDENTITY: OFFICERS,
    May.REVEAL_IDENTITY: OFFICERS,
    May.BREAK_GLASS: OFFICERS,
    # In the office that holds the case; a custodian decides without seeing the case.
    May.DECIDE_IDENTITY: frozenset({Role.CUSTODIAN}),
    May.SHRED_IDENTITY: frozenset({Role.CUSTODIAN}),
    May.REVIEW_EMERGENCY: frozenset({Role.CUSTODIAN, Role.REVIEWER}),
    May.FIND_PEOPLE: OFFICERS,
    May.RECORD_CONSENT: OFFICERS,
    May.SAY_CONDITIONS_MET: OFFICERS,
    May.CONTAIN_WITHDRAWAL: OFFICERS,
    May.ASSESS_RISK: OFFICERS,
    May.DRAFT_LETTER: LETTERS,
    May.ENDORSE_LETTER: frozenset({Role.MANDATE_HOLDER}),
    May.CLEAR_LETTER: frozenset({Role.REVIEWER}),
    May.TRANSMIT_LETTER: frozenset({Role.MECHANISM_OFFICER}),
    May.DECIDE_EXTENSION: frozenset({Role.REVIEWER, Role.MECHANISM_OFFICER}),
    May.ASSESS_REPLY: OFFICERS,
    May.READ_AUDIT: DESK,
    May.READ_WHOLE_AUDIT: frozenset({Role.AUDITOR}),
    May.READ_PACKAGE: MISSION,
    May.WRITE_REPLY: MISSION,
    May.SUBMIT_REPLY: MISSION,
}


# What can still be done with a case that was anonymised, beside seeing it.
LEFT = frozenset({May.READ_AUDIT})


def can_in_office(user: User, may: May, office_id: UUID) -> bool:
    return bool(user.roles_in(office_id) & ROLES[may])


def offices_where(user: User, may: May) -> list[UUID]:
    return user.offices_with(ROLES[may])


def powers(user: User, case: Case) -> frozenset[May]:
    """All that this person may do on this case. Seeing comes first: a stranger may nothing.

    Roles count in the offices that hold the case: its own, and those it is assigned to. Somebody
    assigned by name brings the roles they have anywhere; a guest by grant may look, no more.
    """
    if not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        return frozenset()
    return powers_of_viewer(user, case, Assignment.objects.in_force().filter(case=case))


def powers_of_viewer(user: User, case: Case, in_force: Iterable[Assignment]) -> frozenset[May]:
    """The same, for a page that read the case through `visible_to` and its assignments already."""
    roles = _roles_on(user, case, in_force)
    if case.anonymised_at:
        return frozenset({May.VIEW_CASE} | {may for may in LEFT if ROLES[may] & roles})
    return frozenset({May.VIEW_CASE} | {may for may in May if ROLES[may] & roles})


def _roles_on(user: User, case: Case, in_force: Iterable[Assignment]) -> set[Role]:
    here = {case.office_id}
    everywhere = False
    for assignment in in_force:
        everywhere = everywhere or assignment.user_id == user.pk
        here |= {assignment.office_id} if assignment.office_id else set()
    return {place.role for place in user.memberships_now if everywhere or place.office_id in here}


def can(user: User, may: May, case: Case) -> bool:
    return may in powers(user, case)


def cases_where(user: User, may: May) -> QuerySet[Case]:
    """The cases, not yet anonymised, in which `powers` holds this."""
    return Case.objects.visible_to(user).filter(by_role(user, may), anonymised_at=None)


def by_role(user: User, may: May, case: str = "") -> Q:
    """What `powers` reads from roles, for lists, which cannot ask row by row.

    `case` leads from a row to its case, with its underscores. Who sees the case is asked besides.
    """
    offices = offices_where(user, may)
    in_force = Assignment.objects.in_force()
    shared = in_force.to(user, offices) if offices else in_force.none()
    return Q(**{f"{case}office__in": offices}) | Q(**{f"{case}pk__any": array_of(shared, "case")})


def require(user: User, may: May, case: Case) -> None:
    """Raise PermissionDenied, with words, unless this person may do this on this case."""
    if not can(user, may, case):
        raise refusal(may)


def require_in_office(user: User, may: May, office_id: UUID) -> None:
    if not can_in_office(user, may, office_id):
        raise refusal(may)


def require_on_package(user: User, may: May, package: Package) -> None:
    """At the portal: a member of a mission of the package's own State, in a role for it."""
    own = user.state_id is not None and user.state_id == package.state_id
    roles = {place.role for place in user.memberships_now}
    if not (own and roles & ROLES[may]):
        raise refusal(may)


def refusal(may: May) -> PermissionDenied:
    return PermissionDenied(str(_("You may not %(what)s.")) % {"what": may.label})


def knows_people(user: User, case: Case, assignments: Iterable[Assignment] | None = None) -> bool:
    """Whether a standing grant to the people of a case is held: owner or assigned by name."""
    if case.owner_id == user.pk:
        return True
    found = Assignment.objects.in_force().filter(case=case) if assignments is None else assignments
    return any(assignment.user_id == user.pk for assignment in found)


def knows(
    user: User,
    identity: Identity,
    case: Case,
    assignments: Iterable[Assignment] | None = None,
) -> bool:
    """Whether a standing grant to this identity is held. Of a source more is asked: to be who
    keeps it. Whom it trusted is one person, not whoever the case is given to."""
    theirs = identity.source_id is None or identity.kept_by_id == user.pk
    return theirs and knows_people(user, case, assignments)


# Offices of the house itself; a secretariat of a mechanism or an entity is another audience.
HOUSE = frozenset({OfficeKind.DESK, OfficeKind.MANAGEMENT})


def is_outside(case: Case, to: Office | User) -> bool:
    """Whether showing the case to them is to share it inside the United Nations: neither of the
    house nor of the office that holds the case. It takes the consent of everybody in it."""
    if isinstance(to, Office):
        return to.pk != case.office_id and to.kind not in HOUSE
    return not any(
        place.office_id == case.office_id or place.kind in HOUSE for place in to.memberships_now
    )


def identities_known(user: User) -> QuerySet[Identity]:
    """Those that `knows` holds for, in cases where a role of this person's counts.

    Being told which case holds a name is being told the name, so nothing less will do.
    """
    offices = offices_where(user, May.FIND_PEOPLE)
    by_name = (
        Assignment.objects.in_force().filter(user=user) if offices else Assignment.objects.none()
    )
    own = Q(owner=user, office__in=offices) | Q(pk__any=array_of(by_name, "case"))
    cases = Case.objects.visible_to(user).filter(own).values("pk")
    return Identity.objects.filter(
        Q(person__case__in=cases) | Q(source__case__in=cases, kept_by=user)
    )
