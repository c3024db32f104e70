"""Deadlines: never earlier than promised, in any zone and across every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases import clocks
from cases.clocks import GENEVA, Reminder

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Zurich",
        "America/New_York",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Etc/GMT+12",
        "Pacific/Kiritimati",
    )
]
moments = st.datetimes(datetime(2015, 1, 1), datetime(2045, 1, 1), timezones=st.sampled_from(ZONES))
dates = st.dates(date(2015, 1, 1), date(2045, 1, 1))
windows = st.integers(1, 400)
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=GENEVA)


# What is promised -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transmitted", "days", "due"),
    [
        ("2026-11-24T10:00", 60, "2027-01-23T23:59:59"),  # over the year's end
        ("2026-03-28T23:30", 1, "2026-03-29T23:59:59"),  # clocks go forward
        ("2026-10-24T00:00", 1, "2026-10-25T23:59:59"),  # clocks go back
        ("2028-02-28T12:00", 1, "2028-02-29T23:59:59"),  # leap day
        ("2027-02-28T12:00", 1, "2027-03-01T23:59:59"),  # no leap day
    ],
)
def test_response_due_is_the_end_of_the_last_day_in_geneva(transmitted, days, due):
    assert clocks.response_due(at(transmitted), days) == at(due)


def test_response_due_counts_from_the_day_it_is_in_geneva():
    late_in_new_york = datetime(2026, 11, 23, 20, 0, tzinfo=ZoneInfo("America/New_York"))

    assert clocks.response_due(late_in_new_york, 1) == at("2026-11-25T23:59:59")


@given(moments, windows)
def test_nobody_has_less_time_than_promised(transmitted, days):
    due = clocks.response_due(transmitted, days)
    # In elapsed time a day may have 23 hours; counted on the wall clock of Geneva it has 24.
    wall = due.astimezone(GENEVA).replace(tzinfo=None) - transmitted.astimezone(GENEVA).replace(
        tzinfo=None
    )

    assert timedelta(days=days) - timedelta(seconds=1) <= wall < timedelta(days=days + 1)
    assert due.astimezone(GENEVA).time() == time(23, 59, 59)
    assert due.tzinfo is UTC


@given(moments, windows)
def test_the_moment_counts_and_not_the_zone_it_is_said_in(transmitted, days):
    due = clocks.response_due(transmitted, days)

    for zone in ZONES:
        assert clocks.response_due(transmitted.astimezone(zone), days) == due


@given(moments, windows, st.integers(1, 50), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_more_days_or_a_later_start_never_end_earlier(transmitted, days, more, later):
    later_start = transmitted.astimezone(UTC) + later

    assert clocks.response_due(transmitted, days) < clocks.response_due(transmitted, days + more)
    assert clocks.response_due(transmitted, days) <= clocks.response_due(later_start, days)


@given(moments, windows)
def test_confidentiality_lasts_as_long_as_a_response_of_the_same_window(transmitted, days):
    until = clocks.confidential_until(transmitted, days)

    assert clocks.end_of(until) == clocks.response_due(transmitted, days)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clocks.response_due(datetime(2026, 11, 24, 10), 60)


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("URG", "2026-10-25T17:00"),  # 24 hours, and the clocks went back in between
        ("HIGH", "2026-10-27T17:00"),
        ("NORM", "2026-11-03T23:59:59"),
        ("LOW", "2026-11-23T23:59:59"),
    ],
)
def test_triage_is_due_by_priority(priority, due):
    assert clocks.triage_due(at("2026-10-24T18:00"), priority) == at(due)


def test_triage_of_an_unknown_priority_is_refused():
    with pytest.raises(ValueError, match="SOON"):
        clocks.triage_due(at("2026-10-24T18:00"), "SOON")


@given(moments)
def test_a_more_urgent_priority_is_never_due_later(received):
    order = [clocks.triage_due(received, code) for code in ("URG", "HIGH", "NORM", "LOW")]

    assert order == sorted(order)
    assert order[0] - received.astimezone(UTC) == timedelta(hours=24)


# Extensions and pauses --------------------------------------------------------------------------


@given(moments, windows, dates)
def test_an_extension_only_ever_gives_time(transmitted, days, until):
    due = clocks.response_due(transmitted, days)

    if clocks.end_of(until) > due:
        assert clocks.extend(due, until) > due
        assert clocks.geneva(clocks.extend(due, until)).date() == until
    else:
        with pytest.raises(ValueError, match="later than the present"):
            clocks.extend(due, until)


@given(moments, windows, st.integers(0, 300), st.integers(0, 300))
def test_a_pause_moves_the_due_date_by_its_days(transmitted, days, first, length):
    due = clocks.response_due(transmitted, days)
    paused = transmitted.astimezone(UTC) + timedelta(days=first)
    resumed = paused + timedelta(days=length)
    assume(paused <= due)

    moved = clocks.resume(due, clocks.pause(due, paused), resumed)

    whole = clocks.geneva(resumed).date() - clocks.geneva(paused).date()
    assert clocks.geneva(moved).date() - clocks.geneva(due).date() == whole
    assert clocks.geneva(moved).time() == time(23, 59, 59)
    assert moved >= due


def test_a_clock_cannot_be_paused_late_or_resumed_before_its_pause():
    due = at("2026-11-24T23:59:59")

    with pytest.raises(ValueError, match="has passed"):
        clocks.pause(due, at("2026-11-25T00:00"))
    with pytest.raises(ValueError, match="before it was paused"):
        clocks.resume(due, at("2026-11-20T10:00"), at("2026-11-19T10:00"))


# Working days -----------------------------------------------------------------------------------


def test_a_count_that_starts_on_a_holiday_does_not_subtract_it():
    tuesday = date(2026, 12, 1)

    assert clocks.working_days_between(tuesday, date(2026, 12, 2), {tuesday}) == 1


def test_working_days_pass_over_week_ends_and_holidays():
    friday, christmas = date(2026, 12, 18), frozenset({date(2026, 12, 25), date(2026, 12, 26)})

    assert clocks.add_working_days(friday, 1) == date(2026, 12, 21)
    assert clocks.add_working_days(friday, 5, christmas) == date(2026, 12, 28)
    assert clocks.add_working_days(date(2026, 12, 28), -1, christmas) == date(2026, 12, 24)
    assert clocks.add_working_days(friday, 0) == friday
    assert clocks.working_days_between(friday, date(2026, 12, 28), christmas) == 5


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 60), holidays)
def test_working_days_added_are_the_working_days_between(day, n, free):
    after, before = clocks.add_working_days(day, n, free), clocks.add_working_days(day, -n, free)

    assert clocks.is_working_day(after, free)
    assert clocks.is_working_day(before, free)
    assert clocks.working_days_between(day, after, free) == n
    assert clocks.add_working_days(day, n + 1, free) > after
    assert before < day < after


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 900), holidays)
def test_working_days_between_are_counted_one_by_one(day, length, free):
    end = day + timedelta(days=length)
    each = [day + timedelta(days=n) for n in range(1, length + 1)]

    assert clocks.working_days_between(day, end, free) == sum(
        clocks.is_working_day(one, free) for one in each
    )
    assert clocks.working_days_between(end, day, free) == -clocks.working_days_between(
        day, end, free
    )


# Where it stands --------------------------------------------------------------------------------

NOW = at("2026-11-24T10:00")  # a Tuesday


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        ("2026-11-22T23:59:59", "overdue", "2 days late"),
        ("2026-11-23T23:59:59", "overdue", "1 day late"),
        ("2026-11-24T09:00", "overdue", "Late since 09:00"),
        ("2026-11-24T18:00", "soon", "Today, 18:00"),
        ("2026-11-25T23:59:59", "soon", "Tomorrow"),
        ("2026-11-26T23:59:59", "soon", "In 2 working days"),
        ("2026-11-27T23:59:59", "due", "In 3 working days"),
        ("2026-12-04T23:59:59", "due", "In 8 working days"),
        ("2027-01-23T23:59:59", "due", "In 60 days"),
    ],
)
def test_a_deadline_says_where_it_stands(due, state, words):
    assert clocks.state_of(at(due), NOW) == state
    assert clocks.in_words(at(due), NOW) == words


def test_a_deadline_on_a_holiday_week_end_is_counted_in_days():
    friday, sunday = at("2026-11-27T10:00"), at("2026-11-29T23:59:59")

    assert clocks.in_words(sunday, friday) == "In 2 days"
    assert clocks.state_of(sunday, friday) == "soon"


def test_met_and_paused_say_more_than_late():
    due, met, last_year = at("2026-11-01T23:59:59"), at("2026-10-30T12:00"), at("2025-12-31T12:00")

    assert clocks.state_of(due, NOW, met_at=met, paused_at=met) == "met"
    assert clocks.state_of(due, NOW, paused_at=met) == "paused"
    assert clocks.in_words(due, NOW, met_at=met) == "Met 30 Oct"
    assert clocks.in_words(due, NOW, met_at=last_year) == "Met 31 Dec 2025"
    assert clocks.in_words(due, NOW, paused_at=met) == "Paused 30 Oct"


def test_the_last_second_of_the_last_day_is_in_time():
    due = clocks.response_due(NOW, 1)

    assert clocks.state_of(due, due) == "soon"
    assert clocks.state_of(due, due + timedelta(seconds=1)) == "overdue"


# Reminders --------------------------------------------------------------------------------------


def reminded(due, start, end, step=timedelta(hours=5), free=frozenset()):
    """What a sweep that looks every five hours would send."""
    sent, now = [], start
    while now <= end:
        last_at = sent[-1][1] if sent else None
        sent += [(kind, now) for kind in clocks.reminders(due, now, last_at, free)]
        now += step
    return sent


def test_reminders_come_a_week_and_two_working_days_before_and_when_late():
    due = at("2026-12-24T23:59:59")  # a Thursday

    sent = reminded(due, NOW, due + timedelta(days=30), timedelta(minutes=30))

    assert [(kind, clocks.geneva(when).date()) for kind, when in sent] == [
        (Reminder.WEEK_BEFORE, date(2026, 12, 17)),
        (Reminder.DAYS_BEFORE, date(2026, 12, 22)),
        (Reminder.OVERDUE, date(2026, 12, 25)),
    ]


@given(moments, st.integers(1, 40), holidays)
def test_each_reminder_is_sent_once_and_not_in_heaps(transmitted, days, free):
    start = transmitted.astimezone(UTC)
    due = clocks.response_due(start, days)

    sent = reminded(due, start, due + timedelta(days=5), free=free)

    kinds = [kind for kind, _when in sent]
    assert len(kinds) == len(set(kinds))
    assert kinds[-1] == Reminder.OVERDUE
    before = [when for kind, when in sent if kind != Reminder.OVERDUE]
    assert all(b - a >= timedelta(days=3) for a, b in pairwise(before))


def test_reminders_keep_their_order_over_long_holidays():
    due = at("2027-01-04T23:59:59")
    free = frozenset(date(2026, 12, 21) + timedelta(days=n) for n in range(14))

    moments = list(clocks.reminder_moments(due, free).values())

    assert moments == sorted(moments)
    assert moments[1] == at("2026-12-17T08:00")


def test_a_missed_reminder_is_not_caught_up_with_the_next():
    due = at("2026-11-25T23:59:59")

    assert clocks.reminders(due, NOW) == [Reminder.DAYS_BEFORE]
    assert clocks.reminders(due, at("2026-11-27T10:00")) == [Reminder.OVERDUE]
    assert clocks.reminders(at("2027-11-25T23:59:59"), NOW) == []


def test_an_extension_starts_the_reminders_again():
    due, late = at("2026-11-20T23:59:59"), at("2026-11-21T08:00")
    extended = clocks.extend(due, date(2026, 12, 24))

    assert clocks.reminders(extended, NOW, late) == []
    assert clocks.reminders(extended, at("2026-12-18T10:00"), late) == [Reminder.WEEK_BEFORE]
