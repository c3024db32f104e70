"""The ledger of consent: entries are added, never changed."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases import consent, deadlines
from cases.models import Case, Consent
from cases.models.deadline import DeadlineKind
from cases.policy import May
from cases.services import communications, records
from cases.vocabulary import GRANTING, ConsentStatus


@transaction.atomic
def record_consent(case: Case, *, by: User, **fields: Any) -> Consent:
    """Write what a person said. A refusal or withdrawal re-opens every letter not yet sent."""
    entry = records.record(
        Consent, case, by=by, may=May.RECORD_CONSENT, fields={**fields, "recorded_by": by}
    )
    if entry.status in {ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN}:
        communications.reopen_unsent(entry.case, by=by)
    _renew(entry.case)
    return entry


def _renew(case: Case) -> None:
    """One deadline stands for the consent that ends first."""
    in_force = consent.ledger(Consent.objects.filter(case=case)).values()
    ends = [entry.expires_on for entry in in_force if entry.expires_on and entry.status in GRANTING]
    deadlines.cancel(case, DeadlineKind.CONSENT_RENEWAL)
    if ends:
        end = timezone.make_aware(datetime.combine(min(ends), time(23, 59, 59)))
        deadlines.open_deadline(case, DeadlineKind.CONSENT_RENEWAL, due_at=end)
