"""Who may do what, as a table that the client can read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import OfficeKind, Role
from cases.models import Assignment, Case
from cases.models.assignment import Duty
from cases.policy import ROLES, May, can, cases_where, powers, require, require_on_package
from tests.factories import OfficeFactory, UserFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db

# One row for each thing that may be done; one column for each role, in an office that holds the
# case. x: may. The mission's rows are about a package of its own State.
MATRIX = """
                  focal_point reviewer mechanism_officer mandate_holder custodian analyst editor auditor administrator mission_user mission_head
record_case       x           x        x                 -              -         -       -      -       -             -            -
view_case         x           x        x                 x              -         -       -      -       -             -            -
edit_case         x           x        x                 -              -         -       -      -       -             -            -
move_case         x           x        x                 -              -         -       -      -       -             -            -
decide_case       -           x        -                 -              -         -       -      -       -             -            -
assign_case       x           x        -                 -              -         -       -      -       -             -            -
transfer_case     -           x        -                 -              -         -       -      -       -             -            -
recuse            -           x        -                 -              -         -       -      -       -             -            -
hold_case         -           x        -                 -              -         -       -      -       -             -            -
dispose_case      -           x        -                 -              -         -       -      -       -             -            -
share_case        -           x        -                 -              -         -       -      -       -             -            -
stop_case         x           x        x                 x              -         -       -      -       -             -            -
lift_stop         -           x        -                 -              -         -       -      -       -             -            -
keep_identity     x           x        x                 -              -         -       -      -       -             -            -
reveal_identity   x           x        x                 -              -         -       -      -       -             -            -
break_glass       x           x        x                 -              -         -       -      -       -             -            -
decide_identity   -           -        -                 -              x         -       -      -       -             -            -
shred_identity    -           -        -                 -              x         -       -      -       -             -            -
review_emergency  -           x        -                 -              x         -       -      -       -             -            -
find_people       x           x        x                 -              -         -       -      -       -             -            -
record_consent    x           x        x                 -              -         -       -      -       -             -            -
say_conditions_met x           x        x                 -              -         -       -      -       -             -            -
contain_withdrawal x           x        x                 -              -         -       -      -       -             -            -
assess_risk       x           x        x                 -              -         -       -      -       -             -            -
draft_letter      x           -        x                 -              -         -       -      -       -             -            -
endorse_letter    -           -        -                 x              -         -       -      -       -             -            -
clear_letter      -           x        -                 -              -         -       -      -       -             -            -
transmit_letter   -           -        x                 -              -         -       -      -       -             -            -
decide_extension  -           x        x                 -              -         -       -      -       -             -            -
assess_reply      x           x        x                 -              -         -       -      -       -             -            -
read_audit        x           x        -                 -              -         -       -      -       -             -            -
read_whole_audit  -           -        -                 -              -         -       -      x       -             -            -
read_package      -           -        -                 -              -         -       -      -       -             x            x
write_reply       -           -        -                 -              -         -       -      -       -             x            x
submit_reply      -           -        -                 -              -         -       -      -       -             x            x
"""  # noqa: E501  a table is read across

AT_THE_PORTAL = {May.READ_PACKAGE, May.WRITE_REPLY, May.SUBMIT_REPLY}


def cells():
    head, *rows = (line.split() for line in MATRIX.strip().splitlines())
    for may, *marks in rows:
        for role, mark in zip(head, marks, strict=True):
            yield May(may), Role(role), mark == "x"


def test_matrix_names_every_permission_and_every_role():
    assert {may for may, _role, _x in cells()} == set(May)
    assert {role for _may, role, _x in cells()} == set(Role)


def test_matrix_is_what_the_policy_says():
    said = {(may, role) for may, role, allowed in cells() if allowed}
    assert said == {(may, role) for may, roles in ROLES.items() for role in roles}


@pytest.mark.parametrize("role", [r for r in Role if not r.startswith("mission")])
def test_powers_on_a_case_are_those_of_the_row(role):
    case = journey.recorded(journey.cast())
    user = member(case.office, role)

    expected = {may for may, who, allowed in cells() if who == role and allowed}
    # A custodian has powers over requests in an office, and none on a case: they see none.
    assert powers(user, case) == (expected if May.VIEW_CASE in expected else frozenset())


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.REVIEWER, Role.MISSION_HEAD])
def test_stranger_may_nothing_on_a_case(role):
    case = journey.recorded(journey.cast())
    assert powers(member(role=role), case) == frozenset()


def test_superuser_sees_no_case():
    case = journey.recorded(journey.cast())
    root = UserFactory(is_superuser=True, is_staff=True)

    assert not can(root, May.VIEW_CASE, case)
    assert not Case.objects.visible_to(root).exists()


def test_office_that_is_assigned_brings_its_roles():
    who = journey.cast()
    case = journey.recorded(who)
    assert not can(who.mechanism, May.VIEW_CASE, case)

    Assignment.objects.create(
        case=case,
        office=journey.office_of(who.mechanism),
        duty=Duty.LETTER,
        given_by=who.reviewer,
    )

    assert can(who.mechanism, May.DRAFT_LETTER, case)
    assert not can(who.mechanism, May.CLEAR_LETTER, case)


def test_role_in_another_office_counts_for_nothing_here():
    who = journey.cast()
    case = journey.recorded(who)
    elsewhere = member(OfficeFactory(), Role.REVIEWER)
    assert not can(elsewhere, May.DECIDE_CASE, case)
    require(who.reviewer, May.DECIDE_CASE, case)
    with pytest.raises(PermissionDenied, match="You may not decide on this case"):
        require(who.focal, May.DECIDE_CASE, case)


@pytest.mark.parametrize("may", sorted(AT_THE_PORTAL))
def test_package_is_for_the_missions_of_its_own_state(may):
    who = journey.cast()
    package = journey.transmitted(who)

    require_on_package(who.mission, may, package)
    for stranger in (member(mission_of("XBB"), Role.MISSION_HEAD), who.focal, who.mechanism):
        with pytest.raises(PermissionDenied):
            require_on_package(stranger, may, package)


def test_mission_role_cannot_exist_in_a_desk():
    assert OfficeKind.DESK != OfficeKind.MISSION
    with pytest.raises(Exception, match="role"):
        member(OfficeFactory(), Role.MISSION_USER)


def assigned(case, by, **to):
    return Assignment.objects.create(case=case, duty=Duty.SUPPORT, given_by=by, **to)


def test_a_list_asks_what_a_page_asks():
    """`cases_where` beside `powers`, for everybody and everything that may be done."""
    who = journey.cast()
    cases = [journey.recorded(who) for _ in range(3)]
    elsewhere = member(role=Role.REVIEWER)
    by_name = member(OfficeFactory(), Role.REVIEWER)
    by_office, both = member(OfficeFactory(), Role.FOCAL_POINT), member(role=Role.FOCAL_POINT)
    assigned(cases[0], who.focal, user=by_name)
    assigned(cases[0], who.focal, office=by_office.offices.get())
    assigned(cases[1], who.focal, user=both, ended_at=timezone.now(), ended_by=who.focal)
    assigned(cases[1], who.focal, user=who.custodian)
    people = [*who, elsewhere, by_name, by_office, both]
    asked = [(person, may) for person in people for may in May if may != May.VIEW_CASE]
    found = {(person.pk, may): set(cases_where(person, may)) for person, may in asked}
    assert found == {
        (person.pk, may): {case for case in cases if can(person, may, case)}
        for person, may in asked
    }
    assert found[by_name.pk, May.DECIDE_CASE] == {cases[0]}
    assert (
        found[by_office.pk, May.EDIT_CASE] == {cases[0]} and found[both.pk, May.EDIT_CASE] == set()
    )
