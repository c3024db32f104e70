"""What may be done with what a person told: computed from the ledger, never typed in.

The victim's consent is a prerequisite of every act (A/HRC/RES/54/24 PP11). Each use is asked
apart, and none follows from another but for what is less of the same: whoever may be named to an
audience may be spoken of to it without name. Nothing here can be overridden: naming a person to
a State takes that person's own words.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Consent, Person
from cases.models.term import listed
from cases.vocabulary import (
    GRANTING,
    ConsentScope,
    ConsentStatus,
    DataClass,
    IdentityTreatment,
    Use,
)

TAKEN_BACK = frozenset({ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN})
SILENCE = frozenset({ConsentStatus.UNREACHABLE, ConsentStatus.EXPIRED, ConsentStatus.NOTASKED})
# Treatments under which a person can be known by name.
NAMING = frozenset({IdentityTreatment.FULL, IdentityTreatment.INI})
# What a letter certainly tells of whoever stands in it; place and organisation it may tell.
FACTS = frozenset({DataClass.FACTS})
FACTS_AND_NAME = FACTS | {DataClass.NAME}
ALL_BUT_NAME = frozenset(DataClass) - {DataClass.NAME}

Ledger = Mapping[tuple[UUID, str], Consent]
Way = tuple[ConsentScope, ...]
Told = tuple[Use, DataClass]

S = ConsentScope
# The answers that open a use: all of one way, whichever. Keeping has a rule of its own.
WITHOUT_NAME: Mapping[Use, tuple[Way, ...]] = {
    Use.SHARE: ((S.UNI,),),
    Use.STATE: ((S.STN,), (S.STW,)),
    Use.PUBLISH: ((S.PBN,), (S.PBW,)),
    Use.ADVOCATE: ((S.MED,),),
    Use.FEEDBACK: ((),),
}
BY_NAME: Mapping[Use, tuple[Way, ...]] = {
    **WITHOUT_NAME,
    Use.STATE: ((S.STW,),),
    Use.PUBLISH: ((S.PBW,),),
    Use.ADVOCATE: ((S.MED, S.PBW),),
}
# Whoever said no to being spoken of even without name is not spoken of at all.
A_NO: Mapping[Use, ConsentScope] = {Use.STATE: S.STN, Use.PUBLISH: S.PBN, Use.ADVOCATE: S.PBN}


def ledger(entries: Iterable[Consent]) -> Ledger:
    """The entry in force for each person and use: the one recorded last.

    But silence undoes no refusal: that somebody cannot be reached, or was not asked, leaves a "no"
    of theirs standing.
    """
    book: Ledger = {}
    for entry in sorted(entries, key=lambda entry: (entry.recorded_at, entry.pk)):
        book = _followed_by(book, entry)
    return book


def _followed_by(book: Ledger, entry: Consent) -> Ledger:
    key = (entry.person_id, entry.scope)
    if key in book and book[key].status in TAKEN_BACK and entry.status in SILENCE:
        return book
    return {**book, key: entry}


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


class Verdict(NamedTuple):
    """What the ledger says of one use of what one person told: yes, or every reason why not."""

    reasons: Collection[str]
    # The answers that it rests on, and of these the ones that somebody must keep to in this act.
    rests_on: Collection[Consent] = ()
    asks: Collection[Consent] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def reason(self) -> str:
        """In one line, for a table: why not, or which answer says yes."""
        return " ".join(self.reasons or [str(ConsentStatus(e.status).label) for e in self.rests_on])


def weigh(book: Ledger, person: Person, use: Use, told: Collection[DataClass], on: date) -> Verdict:
    """Whether these classes of what the person told may be put to this use on this day.

    What is not kept by consent goes nowhere. A class that is kept back shuts a use that tells it;
    kept back from a use that may or may not tell it, it is a condition like those in words.
    """
    keeping = standing(book, person, S.STO, on)
    held = kept(book, person, on)
    if use == Use.KEEP:
        return Verdict([] if held else [keeping.reason])
    reasons = [] if held else [_of(S.STO, keeping.reason)]
    if use in A_NO and (no := standing(book, person, A_NO[use], on)).status in TAKEN_BACK:
        reasons.append(_of(A_NO[use], no.reason))
    ways = (BY_NAME if DataClass.NAME in told else WITHOUT_NAME)[use]
    best = min((_along(book, person, way, told, on) for way in ways), key=_narrowness)
    return best._replace(reasons=list(dict.fromkeys([*reasons, *best.reasons])))


def _along(
    book: Ledger, person: Person, way: Way, told: Collection[DataClass], on: date
) -> Verdict:
    found = [(scope, standing(book, person, scope, on)) for scope in way]
    reasons = [_of(scope, one.reason) for scope, one in found if not one.allowed]
    entries = [one.entry for _scope, one in found if one.allowed and one.entry]
    for entry in entries:
        if back := [kind for kind in DataClass if kind in entry.withheld and kind in told]:
            reasons.append(kept_back(back))
    asks = [entry for entry in entries if has_conditions(entry)]
    return Verdict(reasons, entries, asks)


def _narrowness(verdict: Verdict) -> tuple[int, int]:
    return len(verdict.reasons), len(verdict.asks)


def _of(scope: ConsentScope, reason: str) -> str:
    return _("%(use)s: %(answer)s") % {"use": scope.label, "answer": reason}


def kept_back(kinds: Iterable[str]) -> str:
    return _("Kept back: %(what)s.") % {"what": listed(str(DataClass(k).label) for k in kinds)}


def has_conditions(entry: Consent) -> bool:
    """Words to keep to, or a place or an organisation that no text may tell."""
    may_slip = {DataClass.PLACE, DataClass.ORGANISATION} & set(entry.withheld)
    return bool(entry.status == ConsentStatus.CONDITIONS or entry.conditions or may_slip)


def for_state(book: Ledger, person: Person, treatment: str, on: date) -> Verdict:
    """Whether a letter to the State may speak of this person under this treatment.

    By name: only the use "to the State, with name" opens it, and only where the name is not kept
    back. Without: either use does, unless the narrower one was refused or withdrawn.
    """
    return weigh(book, person, Use.STATE, FACTS_AND_NAME if treatment in NAMING else FACTS, on)


def kept(book: Ledger, person: Person, on: date) -> bool:
    """Whether the case may hold this person at all: somebody was asked, and did not refuse."""
    found = standing(book, person, S.STO, on)
    return found.allowed or found.status == ConsentStatus.NOTASKED


# Taking back --------------------------------------------------------------------------------------


def lost(before: Ledger, entry: Consent, on: date) -> frozenset[Told]:
    """What this new answer takes away: uses that were open, of each class, and are so no more.

    A new or changed condition takes away too: what was cleared was cleared without it. A plain
    "no" takes back what was ever given, also where that had ended by itself: what left, left.
    """
    person = entry.person
    after = _followed_by(before, entry)
    if entry.status in TAKEN_BACK:
        before = {**before, **_as_if_granted(person, S.STO, entry.scope)}
    return frozenset(
        (use, kind)
        for use in Use
        for kind in DataClass
        if _narrows(weigh(before, person, use, [kind], on), weigh(after, person, use, [kind], on))
    )


def _as_if_granted(person: Person, *scopes: str) -> Ledger:
    yes = ConsentStatus.GRANTED
    return {(person.pk, scope): Consent(person=person, scope=scope, status=yes) for scope in scopes}


def _narrows(before: Verdict, after: Verdict) -> bool:
    if not before.allowed:
        return False
    return not after.allowed or not _conditions(after) <= _conditions(before)


def _conditions(verdict: Verdict) -> set[tuple[str, frozenset[str]]]:
    return {(entry.conditions, frozenset(entry.withheld)) for entry in verdict.asks}
