"""The ledger of consent: entries are added, never changed; what one takes back is taken back."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import consent, deadlines, withdrawals
from cases.models import Case, Consent
from cases.models.deadline import DeadlineKind
from cases.policy import May
from cases.refusals import Refused
from cases.services import communications, containments, records
from cases.vocabulary import GRANTING
from cases.withdrawals import Touched


class Touches(Refused):
    """This answer takes back more than was seen. `touched` is what; nothing is recorded yet."""

    def __init__(self, touched: Touched) -> None:
        super().__init__(_("Not recorded yet: look at what this answer touches, then record it."))
        self.touched = touched


@transaction.atomic
def record_consent(case: Case, *, by: User, seen: str = "", **fields: Any) -> Consent:
    """Write what a person said; at once, what it takes away is taken back.

    Letters not yet sent return to their drafters without endorsement or clearance, guests from
    outside see the case no more, and each thing that had left becomes a task to contain it.
    Where there is any of that, `seen` is the digest of it: raises Touches until it is.
    """
    fields = {**fields, "recorded_by": by}
    entry = records.record(Consent, case, by=by, may=May.RECORD_CONSENT, fields=fields)
    others = Consent.objects.filter(case=case).exclude(pk=entry.pk)
    touched = withdrawals.touched_by(entry, consent.ledger(others), timezone.localdate())
    if touched and seen != touched.digest:
        raise Touches(touched)
    if touched.letters:
        communications.reopen(touched.letters, by=by, because=entry)
    if touched.left:
        containments.contain(entry, touched.left, by=by)
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
