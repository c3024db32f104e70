"""What may leave, to whom: computed from the ledger, never typed in.

The victim's consent is a prerequisite of every act (A/HRC/RES/54/24 PP11). Nothing here can be
overridden: naming a person to a State takes that person's own words.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Consent, Person
from cases.vocabulary import GRANTING, ConsentScope, ConsentStatus, DataClass, IdentityTreatment

TAKEN_BACK = frozenset({ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN})
# Treatments under which a person can be known by name.
NAMING = frozenset({IdentityTreatment.FULL, IdentityTreatment.INI})

Ledger = Mapping[tuple[UUID, str], Consent]


def ledger(entries: Iterable[Consent]) -> Ledger:
    """The entry in force for each person and use: the one recorded last."""
    ordered = sorted(entries, key=lambda entry: (entry.recorded_at, entry.pk))
    return {(entry.person_id, entry.scope): entry for entry in ordered}


class Standing(NamedTuple):
    """How one person stands to one use today."""

    allowed: bool
    status: ConsentStatus | None  # None: never asked
    entry: Consent | None
    reason: str


def standing(book: Ledger, person: Person, scope: ConsentScope, on: date) -> Standing:
    entry = book.get((person.pk, scope))
    if entry is None:
        return Standing(False, None, None, _("Not asked."))
    status = ConsentStatus(entry.status)
    if status in GRANTING and entry.expires_on and entry.expires_on < on:
        ended = date_format(entry.expires_on)
        reason = _("Given until %(day)s; it has ended.") % {"day": ended}
        return Standing(False, ConsentStatus.EXPIRED, entry, reason)
    return Standing(status in GRANTING, status, entry, str(status.label))


def for_state(book: Ledger, person: Person, treatment: str, on: date) -> Standing:
    """Whether this person may be spoken of to the State under this treatment.

    By name: only the use "to the State, with name" opens it, and only where the name is not kept
    back. Without: either use does, unless the narrower one was refused or withdrawn.
    """
    named = standing(book, person, ConsentScope.STW, on)
    if treatment in NAMING:
        if named.entry and DataClass.NAME in named.entry.withheld:
            return named._replace(allowed=False, reason=_("The name is kept back."))
        return named
    unnamed = standing(book, person, ConsentScope.STN, on)
    if unnamed.allowed or unnamed.status in TAKEN_BACK or not named.allowed:
        return unnamed
    return named


def kept(book: Ledger, person: Person, on: date) -> bool:
    """Whether the case may hold this person at all: somebody was asked, and did not refuse."""
    found = standing(book, person, ConsentScope.STO, on)
    return found.allowed or found.status == ConsentStatus.NOTASKED
