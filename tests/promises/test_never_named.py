"""Nobody is ever named without a consent of their own that is in force.

Over the whole lattice of what was said, for what, when, until when, and what the letter asks.
"""

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import consent
from cases.letters import compose, leaks
from cases.models import Consent, Person
from cases.vocabulary import ConsentScope, ConsentStatus, DataClass, IdentityTreatment, Use
from tests.promises.oracle import oracle

TODAY = dt.date(2026, 11, 24)
PEOPLE = [Person(id=UUID(int=n), kind="individual", number=n) for n in (1, 2, 3)]
WORDS = ("Quillon Marrowby", "Tamsin Overbeck", "Wren Aldersey")
NAMES = {person.pk: name for person, name in zip(PEOPLE, WORDS, strict=True)}
SAYS_YES = {ConsentStatus.GRANTED, ConsentStatus.CONDITIONS, ConsentStatus.BEHALF}

entries = st.builds(
    lambda person, scope, status, minute, days, withheld: Consent(
        person=person,
        scope=scope,
        status=status,
        recorded_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute),
        expires_on=None if days is None else TODAY + dt.timedelta(days=days),
        withheld=withheld,
    ),
    st.sampled_from(PEOPLE),
    st.sampled_from(ConsentScope),
    st.sampled_from(ConsentStatus),
    st.integers(0, 5),
    st.none() | st.integers(-2, 2),
    st.lists(st.sampled_from([kind.value for kind in DataClass]), max_size=2),
)
ledgers = st.lists(entries, max_size=12)


def last_word(said, person, scope) -> Consent | None:
    """Written apart from the code: the entry recorded last for this person and this use."""
    mine = [row for row in said if row.person_id == person.pk and row.scope == scope]
    return max(mine, key=lambda row: (row.recorded_at, row.pk), default=None)


def says_yes_to_the_name(said, person) -> bool:
    word = last_word(said, person, ConsentScope.STW)
    return bool(
        word
        and word.status in SAYS_YES
        and (word.expires_on is None or word.expires_on >= TODAY)
        and DataClass.NAME not in word.withheld
    )


@settings(deadline=None)
@given(said=ledgers, treatment=st.sampled_from(IdentityTreatment))
def test_a_naming_treatment_takes_the_persons_own_yes_to_the_name(said, treatment):
    book = consent.ledger(said)
    for person in PEOPLE:
        allowed = consent.for_state(book, person, treatment, TODAY).allowed
        if treatment in consent.NAMING:
            assert not allowed or says_yes_to_the_name(said, person)
            assert allowed is oracle(said, person, Use.STATE, [DataClass.FACTS, DataClass.NAME])


@settings(deadline=None)
@given(said=ledgers, treatment=st.sampled_from(IdentityTreatment))
def test_speaking_of_somebody_at_all_takes_a_yes_to_the_state(said, treatment):
    book = consent.ledger(said)
    for person in PEOPLE:
        if consent.for_state(book, person, treatment, TODAY).allowed:
            words = [last_word(said, person, s) for s in (ConsentScope.STN, ConsentScope.STW)]
            assert any(word and word.status in SAYS_YES for word in words)


@settings(deadline=None)
@given(said=ledgers, others=ledgers, treatment=st.sampled_from(IdentityTreatment))
def test_what_others_say_changes_nothing(said, others, treatment):
    person = PEOPLE[0]
    elsewhere = [row for row in others if row.person_id != person.pk]
    before = consent.for_state(consent.ledger(said), person, treatment, TODAY)
    after = consent.for_state(consent.ledger([*said, *elsewhere]), person, treatment, TODAY)
    assert (before.reasons, before.asks) == (after.reasons, after.asks)


@settings(deadline=None)
@given(said=ledgers, treatment=st.sampled_from(IdentityTreatment))
def test_a_later_no_shuts_whatever_was_open(said, treatment):
    person = PEOPLE[0]
    late = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    scopes = [ConsentScope.STW] if treatment in consent.NAMING else [ConsentScope.STN]
    for status in (ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN):
        noes = [
            Consent(person=person, scope=scope, status=status, recorded_at=late) for scope in scopes
        ]
        book = consent.ledger([*said, *noes])
        assert not consent.for_state(book, person, treatment, TODAY).allowed


@settings(deadline=None)
@given(said=ledgers, day=st.integers(0, 400))
def test_time_alone_never_opens_anything(said, day):
    book = consent.ledger(said)
    for person in PEOPLE:
        for treatment in IdentityTreatment:
            now = consent.for_state(book, person, treatment, TODAY).allowed
            later = consent.for_state(book, person, treatment, TODAY + dt.timedelta(days=day))
            assert now or not later.allowed


# The composed letter ------------------------------------------------------------------------------


class Rows(list):
    """A relation that was read already, as composing takes it."""

    def all(self):
        return self


class Fake:
    """The letter as `whole` reads it, without a database."""

    def __init__(self, **fields):
        self.__dict__.update(fields)


def letter(treatments) -> Fake:
    people = Rows(PEOPLE)
    case = Fake(
        persons=people,
        aliases=Rows(Fake(person_id=p.pk, word=f"Person {'ABC'[p.number - 1]}") for p in people),
        state_id="XAA",
        state=Fake(name="Ardania"),
    )
    text = " and ".join(f"[V-{person.number}]" for person in people)
    return Fake(
        case=case,
        namings=Rows(Fake(person_id=pk, treatment=t) for pk, t in treatments.items()),
        type="AL",
        language="en",
        lead_id="SP-HRD",
        subject=text,
        body=text,
        closing=text,
        elements=Rows([Fake(statement=text)]),
        questions=Rows([Fake(text=text)]),
        annexes=Rows(),
        signatories=Rows(),
    )


treatments = st.fixed_dictionaries(
    {person.pk: st.sampled_from(list(IdentityTreatment)) for person in PEOPLE}
)


@pytest.mark.django_db
@settings(deadline=None)
@given(said=ledgers, asked=treatments)
def test_no_letter_holds_a_name_without_its_owners_yes(said, asked):
    """As `names_for` does: only who consents, and is asked for in full, is in `names`."""
    book = consent.ledger(said)
    names = {
        person.pk: NAMES[person.pk]
        for person in PEOPLE
        if asked[person.pk] == IdentityTreatment.FULL
        and consent.for_state(book, person, IdentityTreatment.FULL, TODAY).allowed
    }
    made = compose(letter(asked), names)
    for person in PEOPLE:
        named = NAMES[person.pk] in str(made.content)
        assert named is (person.pk in names)
        assert not named or says_yes_to_the_name(said, person)
        found = leaks(made.content, {person.code: [NAMES[person.pk]]})
        assert bool(found) is named
