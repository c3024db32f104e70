"""A word before the day, when it comes, and each week after; to whom it concerns; once."""

import datetime as dt
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases import clocks, deadlines, reminders
from cases.models import Deadline, Notice
from cases.models.deadline import DeadlineKind
from tests.factories import journey

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def due(case, kind=DeadlineKind.DECIDE, days=30):
    return deadlines.open_deadline(case, kind, due_at=timezone.now() + dt.timedelta(days=days))


def told():
    return sorted(Notice.objects.values_list("recipient__email", flat=True))


# When --------------------------------------------------------------------------------------------


@given(days=st.integers(-60, 120), hours=st.integers(0, 23))
def test_the_next_reminder_is_always_later_and_never_further_than_it_must(days, hours):
    due_at = NOW + dt.timedelta(days=days, hours=hours)
    following = reminders.next_reminder(due_at, after=NOW)
    assert following > NOW
    if due_at > NOW:
        assert following in clocks.reminder_moments(due_at).values()
    else:
        assert following - NOW <= reminders.AGAIN
        assert (following - due_at) % reminders.AGAIN == dt.timedelta(0)


@given(days=st.integers(1, 90))
def test_nobody_is_reminded_more_than_a_few_times_before_the_day_and_weekly_after(days):
    due_at, at, moments = NOW + dt.timedelta(days=days), NOW, []
    while at < due_at + dt.timedelta(days=30):
        at = reminders.next_reminder(due_at, after=at)
        moments.append(at)
    before = [moment for moment in moments if moment <= due_at]
    after = [moment for moment in moments if moment > due_at]
    assert len(before) <= 3
    gaps = [b - a for a, b in pairwise(after)]
    assert all(gap >= dt.timedelta(days=6) for gap in gaps)


# Whom --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_due_is_said_once_however_often_the_sweep_runs():
    who = journey.cast()
    deadline = due(journey.recorded(who))
    first, size = reminders.remind(deadline.remind_at)
    assert (len(first), size, told()) == (1, 1, [who.focal.email])
    assert reminders.remind(deadline.remind_at) == ([], 0)
    deadline.refresh_from_db()
    assert deadline.remind_at > timezone.now()


@pytest.mark.django_db
def test_each_further_moment_is_said_too_and_overdue_every_week():
    who = journey.cast()
    deadline = due(journey.recorded(who), days=20)
    said = 0
    for _step in range(6):
        deadline.refresh_from_db()
        owed, _size = reminders.remind(deadline.remind_at)
        said += len(owed)
    deadline.refresh_from_db()
    assert said == 6
    assert deadline.remind_at > deadline.due_at


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["met_at", "cancelled_at", "paused_at"])
def test_nothing_is_said_of_what_is_met_cancelled_or_paused(field):
    deadline = due(journey.recorded(journey.cast()))
    Deadline.objects.update(**{field: timezone.now()})
    assert reminders.remind(deadline.remind_at) == ([], 0)


@pytest.mark.django_db
def test_a_state_is_reminded_before_the_day_and_the_officers_after_it():
    who = journey.cast()
    case = journey.recorded(who)
    deadline = due(case, DeadlineKind.RESPONSE)
    reminders.remind(deadline.remind_at)
    assert told() == [who.mission.email]
    Notice.objects.all().delete()
    Deadline.objects.update(remind_at=deadline.due_at + dt.timedelta(hours=1))
    reminders.remind(deadline.due_at + dt.timedelta(hours=1))
    assert told() == [who.focal.email]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [k for k in DeadlineKind if k != DeadlineKind.RESPONSE])
def test_no_other_kind_ever_tells_a_state(kind):
    who = journey.cast()
    deadline = due(journey.recorded(who), kind)
    reminders.remind(deadline.remind_at)
    assert told() == [who.focal.email]


@pytest.mark.django_db
def test_a_batch_is_so_large_and_the_rest_comes_next(monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    case = journey.recorded(journey.cast())
    kinds = (DeadlineKind.DECIDE, DeadlineKind.OUTCOME, DeadlineKind.FEEDBACK)
    moment = max(due(case, kind).remind_at for kind in kinds)
    assert [reminders.remind(moment)[1] for _batch in range(3)] == [2, 1, 0]
    assert Notice.objects.count() == 3


@pytest.mark.django_db
def test_the_review_of_a_risk_and_the_renewal_of_consent_are_owed_ahead():
    who = journey.cast()
    case = journey.decided(who)
    review = Deadline.objects.open().get(case=case, kind=DeadlineKind.RISK_REVIEW)
    assert timezone.now() < review.remind_at < review.due_at
