"""What is due to be said: a word before a day, when it comes, and each week after it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from cases import clocks, notices
from cases.models import Deadline
from cases.models.deadline import DeadlineKind

AGAIN = timedelta(days=7)
BATCH = 200


def next_reminder(due_at: datetime, *, after: datetime) -> datetime:
    """The first moment later than `after`: those of `clocks.reminder_moments`, then weekly."""
    coming = [moment for moment in clocks.reminder_moments(due_at).values() if moment > after]
    if coming:
        return min(coming)
    late = (after - due_at) // AGAIN + 1
    return due_at + late * AGAIN


@transaction.atomic
def remind(now: datetime) -> tuple[list[UUID], int]:
    """Owe the reminders of one batch of deadlines. Returns the new notices and the batch's size.

    Rows in another worker's hands are skipped, so that two workers split the work; a row that is
    done has a later `remind_at`, so that running twice says nothing twice.
    """
    rows = Deadline.objects.running().filter(remind_at__lte=now)
    batch = list(
        rows.select_for_update(of=("self",), skip_locked=True)
        .select_related("case__owner")
        .order_by("remind_at", "id")[:BATCH]
    )
    owed: list[UUID] = []
    for deadline in batch:
        key = f"deadline:{deadline.pk}:{deadline.remind_at:%Y%m%d%H%M}"
        owed += notices.owe(_whom(deadline, now), key)
        deadline.remind_at = next_reminder(deadline.due_at, after=now)
    Deadline.objects.bulk_update(batch, ["remind_at"])
    return owed, len(batch)


def _whom(deadline: Deadline, now: datetime) -> Iterable[User]:
    """A State is reminded of its reply before the day; when it has passed, the officers are."""
    if deadline.kind == DeadlineKind.RESPONSE and deadline.due_at > now:
        return notices.mission_of(deadline.case.state_id)
    return notices.officers_of(deadline.case)
