"""Deadlines as pure functions on dates. Nothing here asks what time it is, or the database.

A window of days ends with the last second of its last day in Geneva: whoever is promised sixty
days has all of the sixtieth, in whatever zone they live. Moments come in aware and go out in UTC.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GENEVA = ZoneInfo("Europe/Zurich")
NO_HOLIDAYS: frozenset[date] = frozenset()
LAST_SECOND = time(23, 59, 59)
MORNING = time(8, 0)
WORKING_DAYS_A_WEEK = 5
LAST_WEEK_BEFORE = timedelta(days=7)
LAST_WORKING_DAYS = 2
LEAST_GAP = timedelta(days=3)
# Farther than this people count in calendar days.
WORKING_DAYS_IN_WORDS = 10

State = Literal["due", "soon", "overdue", "paused", "met"]


class Reminder(StrEnum):
    """What the person responsible is told, in this order."""

    WEEK_BEFORE = "week-before"
    DAYS_BEFORE = "days-before"
    OVERDUE = "overdue"


def geneva(moment: datetime) -> datetime:
    """The same moment on the clocks of Geneva. A moment without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be counted from")
    return moment.astimezone(GENEVA)


def end_of(day: date) -> datetime:
    return datetime.combine(day, LAST_SECOND, GENEVA).astimezone(UTC)


# What is promised -------------------------------------------------------------------------------


def response_due(transmitted_at: datetime, days: int) -> datetime:
    """The end of the `days`-th calendar day after the day of transmission."""
    return end_of(geneva(transmitted_at).date() + timedelta(days=days))


def confidential_until(transmitted_at: datetime, days: int) -> date:
    """The last day on which nothing is published."""
    return geneva(transmitted_at).date() + timedelta(days=days)


def triage_due(received_at: datetime, priority: str) -> datetime:
    """V-PRIO (domain.md 8.30): hours run at once, days run to their end."""
    moment = geneva(received_at).astimezone(UTC)
    match priority:
        case "URG":
            return moment + timedelta(hours=24)
        case "HIGH":
            return moment + timedelta(hours=72)
        case "NORM":
            return response_due(moment, 10)
        case "LOW":
            return response_due(moment, 30)
    raise ValueError(f"{priority!r} is not a priority")


def extend(due_at: datetime, until: date) -> datetime:
    """The end of the day `until`, which must be later than what is promised already."""
    extended = end_of(until)
    if extended <= due_at:
        raise ValueError(_("An extension must end later than the present due date."))
    return extended


def pause(due_at: datetime, now: datetime) -> datetime:
    """The moment from which the clock stands still. What is overdue cannot be paused."""
    if now > due_at:
        raise ValueError(_("The due date has passed; extend it instead."))
    return geneva(now).astimezone(UTC)


def resume(due_at: datetime, paused_at: datetime, now: datetime) -> datetime:
    """The due date moved by the days that went by meanwhile; the hour in Geneva stays."""
    days = (geneva(now).date() - geneva(paused_at).date()).days
    if days < 0:
        raise ValueError(_("A clock cannot go on before it was paused."))
    hour = geneva(due_at).replace(tzinfo=None) + timedelta(days=days)
    return hour.replace(tzinfo=GENEVA).astimezone(UTC)


# Working days -----------------------------------------------------------------------------------


def add_working_days(day: date, n: int, holidays: Collection[date] = NO_HOLIDAYS) -> date:
    """The n-th working day after `day`, or before it for a negative n."""
    step = timedelta(days=1 if n > 0 else -1)
    while n:
        day += step
        if is_working_day(day, holidays):
            n -= step.days
    return day


def working_days_between(a: date, b: date, holidays: Collection[date] = NO_HOLIDAYS) -> int:
    """The working days after `a`, up to and with `b`; negative where `b` comes first."""
    if b < a:
        return -working_days_between(b, a, holidays)
    free = sum(1 for day in holidays if a < day <= b and is_working_day(day))
    return _weekdays_up_to(b) - _weekdays_up_to(a) - free


def is_working_day(day: date, holidays: Collection[date] = NO_HOLIDAYS) -> bool:
    return day.weekday() < WORKING_DAYS_A_WEEK and day not in holidays


def _weekdays_up_to(day: date) -> int:
    """Since Monday, 1 January of year 1."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * WORKING_DAYS_A_WEEK + min(rest, WORKING_DAYS_A_WEEK)


# Where a deadline stands ------------------------------------------------------------------------


def state_of(
    due_at: datetime,
    now: datetime,
    *,
    met_at: datetime | None = None,
    paused_at: datetime | None = None,
    soon_working_days: int = 2,
    holidays: Collection[date] = NO_HOLIDAYS,
) -> State:
    if met_at is not None:
        return "met"
    if paused_at is not None:
        return "paused"
    if now > due_at:
        return "overdue"
    left = working_days_between(geneva(now).date(), geneva(due_at).date(), holidays)
    return "soon" if left <= soon_working_days else "due"


def in_words(
    due_at: datetime,
    now: datetime,
    *,
    met_at: datetime | None = None,
    paused_at: datetime | None = None,
    holidays: Collection[date] = NO_HOLIDAYS,
) -> str:
    """As people say it, in the language of whoever asks: "2 days late", "Tomorrow"."""
    if met_at is not None:
        return _("Met %(day)s") % {"day": _short(met_at, now)}
    if paused_at is not None:
        return _("Paused %(day)s") % {"day": _short(paused_at, now)}
    days = (geneva(due_at).date() - geneva(now).date()).days
    if now > due_at:
        return _late(-days, due_at)
    if days <= 1:
        today = _("Today, %(time)s") % {"time": _hour(due_at)}
        return today if days == 0 else _("Tomorrow")
    return _ahead(days, working_days_between(geneva(now).date(), geneva(due_at).date(), holidays))


def _late(days: int, due_at: datetime) -> str:
    if days == 0:
        return _("Late since %(time)s") % {"time": _hour(due_at)}
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}


def _ahead(days: int, working: int) -> str:
    if 0 < working <= WORKING_DAYS_IN_WORDS:
        text = ngettext("In %(days)d working day", "In %(days)d working days", working)
        return text % {"days": working}
    return ngettext("In %(days)d day", "In %(days)d days", days) % {"days": days}


def _hour(moment: datetime) -> str:
    return time_format(geneva(moment).time(), "TIME_FORMAT")


def _short(moment: datetime, now: datetime) -> str:
    """The year is said only where it is another one."""
    same_year = geneva(moment).year == geneva(now).year
    return date_format(geneva(moment).date(), "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT")


# Reminders --------------------------------------------------------------------------------------


def reminder_moments(
    due_at: datetime, holidays: Collection[date] = NO_HOLIDAYS
) -> dict[Reminder, datetime]:
    """When each is owed, in order: two in the morning of their day, the last when it is over."""
    day = geneva(due_at).date()
    days_before = add_working_days(day, -LAST_WORKING_DAYS, holidays)
    return {
        Reminder.WEEK_BEFORE: _morning_of(min(day - LAST_WEEK_BEFORE, days_before)),
        Reminder.DAYS_BEFORE: _morning_of(days_before),
        Reminder.OVERDUE: due_at,
    }


def reminders(
    due_at: datetime,
    now: datetime,
    last_at: datetime | None = None,
    holidays: Collection[date] = NO_HOLIDAYS,
) -> list[Reminder]:
    """What is owed now and was not said by `last_at`, the moment of the last reminder: one at most.

    One that was missed is not caught up when a later one is owed as well. Before the due date
    nobody is reminded twice within three days; that it has passed is said without delay.
    """
    reached = [kind for kind, at in reminder_moments(due_at, holidays).items() if at < now]
    if not reached:
        return []
    latest = reached[-1]
    if last_at is None:
        return [latest]
    said = last_at > reminder_moments(due_at, holidays)[latest]
    too_soon = latest != Reminder.OVERDUE and now - last_at < LEAST_GAP
    return [] if said or too_soon else [latest]


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, GENEVA).astimezone(UTC)
