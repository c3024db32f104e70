"""What may leave follows from what the person said last, and from nothing else."""

import datetime as dt
from itertools import product
from uuid import UUID

import pytest

from cases import consent
from cases.consent import for_state, kept, ledger
from cases.models import Consent, Person
from cases.vocabulary import ConsentScope, ConsentStatus, DataClass, IdentityTreatment, Use

TODAY = dt.date(2026, 11, 24)
ANNE = Person(id=UUID(int=1), kind="individual", number=1)


def said(scope, status, *, minutes=0, expires_on=None, withheld=()):
    return Consent(
        person=ANNE,
        scope=scope,
        status=status,
        expires_on=expires_on,
        withheld=list(withheld),
        recorded_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes),
    )


KEPT = said(ConsentScope.STO, ConsentStatus.GRANTED)
YES = {ConsentStatus.GRANTED, ConsentStatus.CONDITIONS, ConsentStatus.BEHALF}


@pytest.mark.parametrize("status", ConsentStatus)
def test_only_a_yes_opens_the_way_to_the_state_by_name(status):
    book = ledger([KEPT, said(ConsentScope.STW, status)])
    assert for_state(book, ANNE, IdentityTreatment.FULL, TODAY).allowed is (status in YES)


@pytest.mark.parametrize("scope", [s for s in ConsentScope if s != ConsentScope.STW])
def test_no_other_use_ever_opens_the_name(scope):
    book = ledger([KEPT, said(scope, ConsentStatus.GRANTED)])
    assert not for_state(book, ANNE, IdentityTreatment.FULL, TODAY).allowed


@pytest.mark.parametrize(
    ("unnamed", "named"), list(product([None, *ConsentStatus], repeat=2)), ids=str
)
def test_without_name_over_the_whole_lattice(unnamed, named):
    """Either use opens it, unless speaking of the person at all was refused or taken back."""
    entries = [KEPT] + ([said(ConsentScope.STN, unnamed)] if unnamed else [])
    entries += [said(ConsentScope.STW, named)] if named else []
    refused = unnamed in {ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN}

    allowed = for_state(ledger(entries), ANNE, IdentityTreatment.PSE, TODAY).allowed

    assert allowed is (not refused and (unnamed in YES or named in YES))


def test_never_asked_opens_nothing():
    assert not for_state({}, ANNE, IdentityTreatment.PSE, TODAY).allowed
    assert not kept({}, ANNE, TODAY)


def test_the_latest_word_counts_whatever_the_order_of_reading():
    first = said(ConsentScope.STN, ConsentStatus.GRANTED)
    then = said(ConsentScope.STN, ConsentStatus.WITHDRAWN, minutes=1)
    for entries in ([KEPT, first, then], [then, first, KEPT]):
        assert not for_state(ledger(entries), ANNE, IdentityTreatment.PSE, TODAY).allowed


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_a_yes_ends_after_its_last_day(days, allowed):
    book = ledger(
        [KEPT, said(ConsentScope.STN, ConsentStatus.GRANTED, expires_on=TODAY + dt.timedelta(days))]
    )
    held = for_state(book, ANNE, IdentityTreatment.PSE, TODAY)
    assert held.allowed is allowed
    assert ("it has ended" in held.reason) is not allowed


def test_a_name_kept_back_stays_back_even_where_naming_is_granted():
    book = ledger([KEPT, said(ConsentScope.STW, ConsentStatus.GRANTED, withheld=[DataClass.NAME])])
    assert not for_state(book, ANNE, IdentityTreatment.FULL, TODAY).allowed


def test_consent_of_one_says_nothing_of_another():
    other = Person(id=UUID(int=2), kind="individual", number=2)
    book = ledger([KEPT, said(ConsentScope.STW, ConsentStatus.GRANTED)])
    assert not for_state(book, other, IdentityTreatment.FULL, TODAY).allowed


@pytest.mark.parametrize("status", ConsentStatus)
def test_kept_needs_a_yes_or_the_urgent_exception(status):
    book = ledger([said(ConsentScope.STO, status)])
    assert kept(book, ANNE, TODAY) is (status in YES | {ConsentStatus.NOTASKED})


def test_conditions_are_said():
    book = ledger([KEPT, said(ConsentScope.STN, ConsentStatus.CONDITIONS)])
    held = consent.standing(book, ANNE, ConsentScope.STN, TODAY)
    assert (held.allowed, held.status) == (True, ConsentStatus.CONDITIONS)


@pytest.mark.parametrize("silence", sorted(consent.SILENCE))
def test_silence_undoes_no_refusal(silence):
    no = said(ConsentScope.STN, ConsentStatus.REFUSED)
    then = said(ConsentScope.STN, silence, minutes=1)
    named = said(ConsentScope.STW, ConsentStatus.GRANTED, minutes=2)
    book = ledger([KEPT, no, then, named])
    assert not for_state(book, ANNE, IdentityTreatment.FULL, TODAY).allowed
    assert not for_state(book, ANNE, IdentityTreatment.PSE, TODAY).allowed


def test_every_reason_is_given_not_the_first():
    book = ledger(
        [
            said(ConsentScope.STO, ConsentStatus.WITHDRAWN),
            said(ConsentScope.STN, ConsentStatus.REFUSED),
            said(ConsentScope.STW, ConsentStatus.UNREACHABLE),
        ]
    )
    reasons = for_state(book, ANNE, IdentityTreatment.FULL, TODAY).reasons
    assert list(reasons) == [
        "Store only: Withdrawn",
        "To the State, without name: Refused",
        "To the State, with name: Unreachable",
    ]


def test_what_is_kept_back_is_not_told_and_what_may_slip_is_asked_about():
    book = ledger([KEPT, said(ConsentScope.UNI, ConsentStatus.GRANTED, withheld=["place"])])
    whole = consent.weigh(book, ANNE, Use.SHARE, consent.ALL_BUT_NAME, TODAY)
    assert list(whole.reasons) == ["Kept back: Place."]
    facts = consent.weigh(book, ANNE, Use.SHARE, consent.FACTS, TODAY)
    assert facts.allowed and len(facts.asks) == 1
