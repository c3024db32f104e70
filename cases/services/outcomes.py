"""What became of the people."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases import deadlines
from cases.models import Case, Outcome
from cases.models.deadline import DeadlineKind
from cases.services import records

# No news for this long makes an outcome stale.
STALE_AFTER = timedelta(days=90)


@transaction.atomic
def record_outcome(case: Case, *, by: User, **fields: Any) -> Outcome:
    """Add what is known now; the next look is owed before it grows stale."""
    outcome = records.record(Outcome, case, by=by, fields={**fields, "recorded_by": by})
    deadlines.meet(outcome.case, DeadlineKind.OUTCOME)
    deadlines.open_deadline(outcome.case, DeadlineKind.OUTCOME, due_at=timezone.now() + STALE_AFTER)
    return outcome


def edit_outcome(outcome: Outcome, *, by: User, version: int, **fields: Any) -> Outcome:
    return records.edit(outcome, by=by, version=version, fields=fields)


def remove_outcome(outcome: Outcome, *, by: User) -> None:
    records.remove(outcome, by=by)
