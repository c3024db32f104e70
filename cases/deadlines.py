"""What is due on a case: opened and met by those who write, in their transactions."""

from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from cases import reminders
from cases.models import Case, Communication, Deadline


def open_deadline(
    case: Case, kind: str, *, due_at: datetime, communication: Communication | None = None
) -> Deadline:
    """One open deadline of a kind: where there is one already, it moves."""
    deadline, _created = Deadline.objects.update_or_create(
        case=case,
        kind=kind,
        communication=communication,
        met_at=None,
        cancelled_at=None,
        defaults={
            "due_at": due_at,
            "remind_at": reminders.next_reminder(due_at, after=timezone.now()),
            "paused_at": None,
        },
    )
    _copy_nearest(case)
    return deadline


def meet(case: Case, kind: str, *, communication: Communication | None = None) -> None:
    _end(case, kind, communication, "met_at")


def cancel(case: Case, kind: str, *, communication: Communication | None = None) -> None:
    _end(case, kind, communication, "cancelled_at")


def cancel_all(case: Case) -> None:
    Deadline.objects.filter(case=case).open().update(cancelled_at=timezone.now())
    _copy_nearest(case)


def _end(case: Case, kind: str, communication: Communication | None, field: str) -> None:
    rows = Deadline.objects.filter(case=case, kind=kind, communication=communication).open()
    if rows.update(**{field: timezone.now()}):
        _copy_nearest(case)


def _copy_nearest(case: Case) -> None:
    running = Deadline.objects.filter(case=case).running()
    case.due_at = running.aggregate(nearest=Min("due_at"))["nearest"]
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at)
