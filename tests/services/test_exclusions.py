"""Conflicts of interest: whom a rule keeps from a case, on every road."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from cases.models import Assignment, Case, CaseUserObjectPermission, Notice, State, Tie
from cases.models.assignment import Duty
from cases.models.exclusion import Bond
from cases.policy import powers
from cases.refusals import Refused
from cases.services import assignments, cases, exclusions
from tests.factories import OfficeFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def admin():
    return member(OfficeFactory(kind="management"), Role.ADMINISTRATOR)


def again(person):
    return type(person).objects.get(pk=person.pk)


def sees(person, case):
    return Case.objects.visible_to(again(person)).filter(pk=case.pk).exists()


def tie(person, admin, case):
    return exclusions.set_ties(person, by=admin, nationalities=[case.state], seconded_by=None)


@pytest.mark.parametrize("bond", [Bond.NATIONALITY, Bond.SECONDMENT])
@pytest.mark.parametrize("way", ["office", "owner", "by name", "guest"])
def test_a_tie_to_the_state_closes_every_way_to_the_case(who, case, admin, way, bond):
    person = member(case.office if way in {"office", "owner"} else None, Role.FOCAL_POINT)
    if way == "owner":
        assignments.give_case(case, to=person, by=who.focal)
    elif way == "by name":
        assignments.assign_case(case, by=who.focal, user=person, duty=Duty.LEAD)
    elif way == "guest":
        assignments.show_case(case, to=person, by=who.reviewer, reason="Advice")
    assert sees(person, case)

    Tie.objects.create(user=person, state=case.state, bond=bond)

    assert not sees(person, case)
    assert powers(again(person), case) == frozenset()


def test_a_tie_to_another_state_changes_nothing(who, case, admin):
    other = State.objects.exclude(pk=case.state_id).first() or mission_of("XBB").state
    exclusions.set_ties(who.focal, by=admin, nationalities=[other], seconded_by=other)
    assert sees(who.focal, case)


def test_what_a_person_held_is_let_go_and_the_officers_are_told(who, case, admin):
    colleague = member(case.office, Role.FOCAL_POINT)
    person = member(case.office, Role.FOCAL_POINT)
    assignments.give_case(case, to=person, by=who.focal)
    assignments.assign_case(case, by=who.focal, user=person, duty=Duty.LEAD)
    assignments.show_case(case, to=person, by=who.reviewer, reason="Advice")

    assert tie(person, admin, case) == 1

    case.refresh_from_db()
    assert case.owner is None
    assert not Assignment.objects.in_force().filter(user=person).exists()
    assert not CaseUserObjectPermission.objects.filter(user=person).exists()
    told = Notice.objects.filter(key__startswith=f"let_go:{case.pk}").values_list("recipient")
    assert (colleague.pk,) in told and (person.pk,) not in told


def test_nobody_with_a_tie_is_given_the_case_and_the_words_do_not_say_why(who, case, admin):
    person = member(case.office, Role.FOCAL_POINT)
    tie(person, admin, case)
    for give in (
        lambda: assignments.give_case(case, to=person, by=who.focal),
        lambda: assignments.assign_case(case, by=who.focal, user=person, duty=Duty.LEAD),
        lambda: assignments.show_case(case, to=person, by=who.reviewer, reason="Advice"),
    ):
        with pytest.raises(Refused) as refused:
            give()
        assert str(refused.value) == "This person cannot work on this case."


def test_nobody_opens_a_case_on_a_state_they_have_a_tie_to(who, case, admin):
    tie(who.focal, admin, case)
    with pytest.raises(Refused, match="colleague has to record"):
        cases.record_case(office=case.office, state=case.state, by=again(who.focal))


def test_the_state_of_a_draft_changes_and_who_is_tied_to_it_loses_the_case(who, case, admin):
    person = member(case.office, Role.FOCAL_POINT)
    there = mission_of("XCC").state
    exclusions.set_ties(person, by=admin, nationalities=[there], seconded_by=None)
    draft = cases.record_case(office=case.office, state=case.state, by=who.focal)
    assignments.give_case(draft, to=person, by=who.focal)
    cases.edit_case(draft, by=who.focal, version=1, state=there)
    assert Case.objects.get(pk=draft.pk).owner is None


def test_only_an_administrator_writes_ties_and_never_of_a_mission(who, case, admin):
    with pytest.raises(PermissionDenied):
        tie(who.focal, who.reviewer, case)
    with pytest.raises(Refused, match="mission"):
        tie(who.mission, admin, case)
    assert not Tie.objects.exists()


def test_stepping_back_is_in_force_at_once_and_stays_on_record(who, case):
    recusal = exclusions.recuse(case, by=who.focal, reason="A relative is named")
    case.refresh_from_db()
    assert (case.owner, sees(who.focal, case)) == (None, False)
    assert recusal.reason == "A relative is named"
    assert Notice.objects.filter(recipient=who.reviewer, key=f"recused:{recusal.pk}").exists()


def test_a_reviewer_declares_it_for_a_colleague_and_another_lets_them_in_again(who, case):
    person = member(case.office, Role.FOCAL_POINT)
    with pytest.raises(PermissionDenied):
        exclusions.recuse(case, by=who.focal, person=person)
    recusal = exclusions.recuse(case, by=who.reviewer, person=person)
    assert not sees(person, case)
    with pytest.raises(Refused, match="already"):
        exclusions.recuse(case, by=who.reviewer, person=person)
    exclusions.end_recusal(recusal, by=who.reviewer)
    assert sees(person, case)
    with pytest.raises(Refused, match="ended already"):
        exclusions.end_recusal(recusal, by=who.reviewer)


def test_nobody_ends_their_own_recusal_whatever_their_role(who, case):
    recusal = exclusions.recuse(case, by=who.reviewer)
    with pytest.raises(PermissionDenied):  # the case is closed to them
        exclusions.end_recusal(recusal, by=again(who.reviewer))
    second = member(case.office, Role.REVIEWER)
    exclusions.end_recusal(recusal, by=second)
    assert sees(who.reviewer, case)


def test_a_stranger_steps_back_from_nothing(case):
    with pytest.raises(PermissionDenied):
        exclusions.recuse(case, by=member())


def test_a_recused_reviewer_is_told_nothing_more_of_the_case(who, case):
    exclusions.recuse(case, by=who.reviewer)
    Notice.objects.all().delete()
    exclusions.recuse(case, by=who.focal)
    assert not Notice.objects.filter(recipient=who.reviewer).exists()


def test_whoever_steps_back_leaves_no_task_of_a_withdrawal_with_themselves(who):
    package = journey.transmitted(who)
    case = package.communication.case
    entry = journey.said(case, who, person=case.persons.get(), scope="STN", status="WITHDRAWN")
    assert set(entry.containments.values_list("owner", flat=True)) == {who.focal.pk}

    exclusions.recuse(case, by=who.focal)

    owners = set(entry.containments.values_list("owner", flat=True))
    assert who.focal.pk not in owners and None not in owners
