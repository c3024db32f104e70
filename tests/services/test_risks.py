"""When the next look at a risk is owed."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.clocks import geneva
from cases.gates import RISK_LASTS
from cases.models import Deadline
from cases.models.deadline import DeadlineKind
from cases.services import people, risks
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def review_of(case):
    rows = Deadline.objects.filter(case=case, kind=DeadlineKind.RISK_REVIEW).open()
    return geneva(rows.get().due_at).date() if rows else None


def test_the_assessment_that_ends_first_sets_the_day(who, case):
    first, second = case.persons.get(), people.record_person(case, by=who.focal, kind="group")
    risks.assess_risk(case, by=who.focal, person=first, level="3", valid_until=in_days(30))
    risks.assess_risk(case, by=who.focal, person=second, level="2", valid_until=in_days(10))
    assert review_of(case) == in_days(10)


def test_a_new_assessment_of_the_same_person_takes_the_place_of_the_old(who, case):
    person = case.persons.get()
    risks.assess_risk(case, by=who.focal, person=person, level="4", valid_until=in_days(3))
    latest = risks.assess_risk(
        case, by=who.focal, person=person, level="3", valid_until=in_days(40)
    )
    assert review_of(case) == in_days(40)
    latest = risks.edit_risk(latest, by=who.focal, version=1, valid_until=in_days(50))
    assert review_of(case) == in_days(50)
    risks.remove_risk(latest, by=who.focal)
    assert review_of(case) == in_days(3)


def test_no_end_far_away_keeps_the_review_from_being_owed_when_the_gate_shuts(who, case):
    person = case.persons.get()
    risks.assess_risk(case, by=who.focal, person=person, level="1", valid_until=in_days(300))
    assert review_of(case) == timezone.localdate() + RISK_LASTS


def test_without_an_assessment_no_review_is_owed(who, case):
    person = case.persons.get()
    risk = risks.assess_risk(case, by=who.focal, person=person, level="1", valid_until=in_days(9))
    risks.remove_risk(risk, by=who.focal)
    assert review_of(case) is None
