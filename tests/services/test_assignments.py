"""Owners, offices, people and guests: what each brings, and until when."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import OfficeKind, Role
from cases.models import Assignment, Case, Notice
from cases.models.assignment import Duty
from cases.policy import May, can, powers
from cases.refusals import Refused
from cases.services import assignments
from tests.factories import OfficeFactory, UserFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def sees(person, case):
    fresh = type(person).objects.get(pk=person.pk)
    return Case.objects.visible_to(fresh).filter(pk=case.pk).exists()


def in_days(days):
    return timezone.now() + dt.timedelta(days=days)


def test_an_owner_is_an_officer_of_the_office_and_is_told(who, case):
    second = member(case.office, Role.FOCAL_POINT)
    assert assignments.give_case(case, to=second, by=who.focal).owner == second
    assert Notice.objects.filter(recipient=second, key__startswith=f"given:{case.pk}").exists()
    for stranger in (who.mechanism, member(case.office, Role.ANALYST), who.mission):
        with pytest.raises(Refused, match="An owner is"):
            assignments.give_case(case, to=stranger, by=who.focal)


def test_nobody_takes_a_case_and_nobody_is_told_of_it(who, case):
    with pytest.raises(Refused):
        assignments.give_case(case, to=who.focal, by=who.focal)
    assert not Notice.objects.exists()


def test_a_person_by_name_works_on_the_case_until_the_end(who, case):
    colleague = member(role=Role.FOCAL_POINT)
    assert not sees(colleague, case)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assignments.assign_case(
            case, by=who.focal, user=colleague, duty=Duty.SUPPORT, expires_at=in_days(7)
        )
        assert can(colleague, May.EDIT_CASE, case)
        clock.shift(dt.timedelta(days=7, seconds=-1))
        assert sees(colleague, case)
        clock.shift(dt.timedelta(seconds=1))
        assert not sees(colleague, case) and powers(colleague, case) == frozenset()


def test_an_office_works_on_the_case_until_it_is_ended(who, case):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    given = assignments.assign_case(case, by=who.focal, office=office, duty=Duty.LETTER)
    assert sees(who.mechanism, case)
    given = assignments.end_assignment(given, by=who.reviewer)
    assert (given.ended_by, sees(who.mechanism, case)) == (who.reviewer, False)
    with pytest.raises(Refused, match="ended already"):
        assignments.end_assignment(given, by=who.focal)


def test_what_ended_is_ended_also_for_whoever_looked_before(who, case):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    given = assignments.assign_case(case, by=who.focal, office=office, duty=Duty.LETTER)
    seen_before = Assignment.objects.get(pk=given.pk)
    assignments.end_assignment(given, by=who.reviewer)
    with pytest.raises(Refused, match="ended already"):
        assignments.end_assignment(seen_before, by=who.focal)
    assert Assignment.objects.get(pk=given.pk).ended_by == who.reviewer


@pytest.mark.parametrize("kind", ["mission", "state user", "analyst", "nobody"])
def test_who_never_reads_cases_is_never_assigned(who, case, kind):
    to = {
        "mission": {"office": mission_of("XBB")},
        "state user": {"user": who.mission},
        "analyst": {"user": member(role=Role.ANALYST)},
        "nobody": {"user": UserFactory()},
    }[kind]
    with pytest.raises(Refused):
        assignments.assign_case(case, by=who.focal, duty=Duty.SUPPORT, **to)
    assert not Assignment.objects.exists()


def test_nobody_is_assigned_twice_to_the_same(who, case):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    assignments.assign_case(case, by=who.focal, office=office, duty=Duty.LETTER)
    with pytest.raises(Refused, match="already"):
        assignments.assign_case(case, by=who.reviewer, office=office, duty=Duty.LETTER)
    assert assignments.assign_case(case, by=who.focal, office=office, duty=Duty.SUPPORT)


def test_a_guest_may_look_until_the_end_and_no_more(who, case):
    guest = member()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assignments.show_case(
            case, to=guest, by=who.reviewer, reason="Advice", expires_at=in_days(2)
        )
        assert powers(guest, case) == {May.VIEW_CASE}
        clock.shift(dt.timedelta(days=2))
        assert not sees(guest, case)
        assignments.show_case(case, to=guest, by=who.reviewer, reason="More advice")
        clock.shift(dt.timedelta(days=365))
        assert sees(guest, case)


def test_a_case_is_never_shown_to_a_mission(who, case):
    with pytest.raises(Refused, match="never shown"):
        assignments.show_case(case, to=who.mission, by=who.reviewer, reason="?")


def test_the_membership_that_brought_the_role_takes_it_away(who, case):
    office = OfficeFactory(kind=OfficeKind.DESK)
    colleague = member(office, Role.FOCAL_POINT)
    assignments.assign_case(case, by=who.focal, office=office, duty=Duty.SUPPORT)
    assert sees(colleague, case)
    colleague.memberships.all().delete()
    assert not sees(colleague, case)
