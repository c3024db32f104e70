"""Deadlines are rows: one open of a kind, the nearest copied to its case."""

import datetime as dt

import pytest
from django.utils import timezone

from cases import deadlines
from cases.models import Deadline
from cases.models.deadline import DeadlineKind
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return journey.recorded(journey.cast())


def in_days(days):
    return timezone.now() + dt.timedelta(days=days)


def nearest(case):
    case.refresh_from_db()
    return case.due_at


def test_a_second_of_a_kind_moves_the_first(case):
    deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=in_days(9))
    moved = deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=in_days(20))
    assert Deadline.objects.get() == moved
    assert nearest(case) == moved.due_at


def test_moving_it_ends_the_pause_and_begins_the_reminders_again(case):
    first = deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=in_days(1))
    Deadline.objects.update(paused_at=timezone.now(), remind_at=None)
    moved = deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=in_days(20))
    assert (moved.pk, moved.paused_at) == (first.pk, None)
    assert timezone.now() < moved.remind_at < moved.due_at


def test_the_nearest_that_runs_is_copied_and_nothing_else(case):
    far = deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=in_days(20))
    near = deadlines.open_deadline(case, DeadlineKind.TRIAGE, due_at=in_days(2))
    assert nearest(case) == near.due_at
    deadlines.meet(case, DeadlineKind.TRIAGE)
    assert nearest(case) == far.due_at
    deadlines.cancel(case, DeadlineKind.DECIDE)
    assert nearest(case) is None


def test_what_is_met_can_be_owed_again_as_another_row(case):
    deadlines.open_deadline(case, DeadlineKind.OUTCOME, due_at=in_days(2))
    deadlines.meet(case, DeadlineKind.OUTCOME)
    deadlines.open_deadline(case, DeadlineKind.OUTCOME, due_at=in_days(90))
    assert Deadline.objects.count() == 2
    assert Deadline.objects.open().count() == 1


def test_to_meet_what_is_not_owed_does_nothing(case):
    deadlines.meet(case, DeadlineKind.RESPONSE)
    deadlines.cancel(case, DeadlineKind.RESPONSE)
    assert not Deadline.objects.exists()


def test_deadlines_of_two_letters_do_not_meet_each_other():
    who = journey.cast()
    case = journey.decided(who)
    first, second = journey.drafted(case, who), journey.drafted(case, who)
    for letter in (first, second):
        deadlines.open_deadline(
            case, DeadlineKind.RESPONSE, due_at=in_days(9), communication=letter
        )
    deadlines.meet(case, DeadlineKind.RESPONSE, communication=first)
    still = Deadline.objects.open().get(kind=DeadlineKind.RESPONSE)
    assert still.communication == second


def test_all_are_cancelled_at_once(case):
    for kind in (DeadlineKind.DECIDE, DeadlineKind.OUTCOME):
        deadlines.open_deadline(case, kind, due_at=in_days(2))
    deadlines.cancel_all(case)
    assert (Deadline.objects.open().count(), nearest(case)) == (0, None)
