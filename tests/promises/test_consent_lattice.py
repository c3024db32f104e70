"""Whatever people said, in whatever order, the gate gives the answer that the domain's words give.

The oracle beside this file walks the whole history for each question. Hypothesis makes the
histories.
"""

import datetime as dt
import inspect
from types import SimpleNamespace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from cases import consent, gates, publicity
from cases.models import Consent, Person
from cases.policy import May
from cases.publicity import IN_UN_PAPERS, TO_THE_PRESS
from cases.services import actions, consents, transmission
from cases.vocabulary import ConsentScope, ConsentStatus, DataClass, Use
from tests.promises.oracle import TODAY, last_word, oracle, says_yes

ANNE, OTHER = (Person(id=UUID(int=n), kind="individual", number=n) for n in (1, 2))
FACTS, PLACE, ORGANISATION, NAME = DataClass

answers = st.builds(
    lambda person, scope, status, minute, days, back, words: Consent(
        person=person,
        scope=scope,
        status=status,
        recorded_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute),
        expires_on=None if days is None else TODAY + dt.timedelta(days=days),
        withheld=back,
        conditions=words,
    ),
    st.sampled_from([ANNE, ANNE, ANNE, OTHER]),
    st.sampled_from(ConsentScope),
    st.sampled_from(ConsentStatus),
    st.integers(0, 9),
    st.none() | st.integers(-2, 2),
    st.lists(st.sampled_from([kind.value for kind in DataClass]), max_size=2, unique=True),
    st.sampled_from(["", "", "After the release."]),
)
histories = st.lists(answers, max_size=14)
# Most histories of chance open nothing: these begin with somebody who allowed everything.
allowing = st.builds(
    lambda rest: (
        [
            Consent(
                person=ANNE,
                scope=scope,
                status="GRANTED",
                recorded_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
            )
            for scope in ConsentScope
        ]
        + rest
    ),
    st.lists(answers, max_size=6),
)
told = st.sets(st.sampled_from(DataClass), max_size=4)
uses = st.sampled_from(Use)


# The promises -------------------------------------------------------------------------------------


def weighed(history, use, tells, person=ANNE, on=TODAY):
    return consent.weigh(consent.ledger(history), person, use, tells, on)


@settings(deadline=None, max_examples=400)
@given(history=histories | allowing, use=uses, tells=told)
def test_the_gate_answers_as_the_words_of_the_domain_do(history, use, tells):
    for person in (ANNE, OTHER):
        verdict = weighed(history, use, tells, person)
        assert verdict.allowed is oracle(history, person, use, tells)
        assert verdict.allowed or all(verdict.reasons)


@settings(deadline=None, max_examples=400)
@given(history=allowing, use=uses, tells=told, scope=st.sampled_from(ConsentScope))
def test_taking_consent_away_never_opens_a_gate(history, use, tells, scope):
    before = weighed(history, use, tells)
    # "Not asked" is left out: by itself it opens keeping, for urgent protection.
    for status in set(ConsentStatus) - {"GRANTED", "CONDITIONS", "BEHALF", "NOTASKED"}:
        late = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
        less = Consent(person=ANNE, scope=scope, status=status, recorded_at=late)
        after = weighed([*history, less], use, tells)
        assert before.allowed or not after.allowed


@settings(deadline=None, max_examples=300)
@given(history=allowing, use=uses, tells=told, more=told)
def test_telling_more_or_waiting_longer_never_opens_a_gate(history, use, tells, more):
    less = weighed(history, use, tells)
    assert less.allowed or not weighed(history, use, tells | more).allowed
    assert less.allowed or not weighed(history, use, tells, on=TODAY + dt.timedelta(3)).allowed


@settings(deadline=None, max_examples=300)
@given(history=allowing, use=uses, tells=told, back=st.sampled_from(DataClass), words=st.text())
def test_keeping_more_back_or_asking_for_more_never_opens_a_gate(history, use, tells, back, words):
    before = weighed(history, use, tells)
    for row in list(history):
        row.withheld, row.conditions = sorted({*row.withheld, back}), row.conditions or words
    after = weighed(history, use, tells)
    assert before.allowed or not after.allowed
    assert len(before.asks) <= len(after.asks) or not after.allowed


@settings(deadline=None, max_examples=400)
@given(history=histories | allowing, tells=told)
def test_nothing_but_the_own_yes_to_it_names_a_person_to_a_state(history, tells):
    if weighed(history, Use.STATE, tells | {NAME}).allowed:
        assert says_yes(last_word(history, ANNE, "STW"), tells | {NAME})
    without = [row for row in history if (row.person_id, row.scope) != (ANNE.pk, "STW")]
    assert not weighed(without, Use.STATE, tells | {NAME}).allowed


@settings(deadline=None, max_examples=300)
@given(history=allowing, use=uses, tells=told)
def test_a_condition_shuts_until_somebody_says_that_this_act_keeps_it(history, use, tells):
    verdict = weighed(history, use, tells)
    if not verdict.allowed:
        return
    words = [row for row in verdict.rests_on if row.conditions or row.status == "CONDITIONS"]
    slips = [row for row in verdict.rests_on if {PLACE, ORGANISATION} & set(row.withheld)]
    asked = {row.pk for row in (*words, *slips)}
    assert {row.pk for row in verdict.asks} == asked
    found = list(gates.consent_of(ANNE, "Consent", verdict, {}))
    assert bool(gates.shut(found)) is bool(asked)
    assert not gates.shut(gates.consent_of(ANNE, "Consent", verdict, dict.fromkeys(asked, "Kept.")))


codes = st.sampled_from(sorted(IN_UN_PAPERS | TO_THE_PRESS)) | st.sampled_from(["CALL", "NV"])


@settings(deadline=None, max_examples=300)
@given(history=histories | allowing, kind=codes, public=st.booleans(), by_name=st.booleans())
def test_what_is_said_in_public_is_weighed_as_its_own_use(history, kind, public, by_name):
    """Whatever its field says; and by name only with the words for that."""
    made = made_public(kind, public, named=[ANNE.pk] if by_name else [])
    if made is None:
        assert kind in {"CALL", "NV"} and not public
        return
    case = SimpleNamespace(
        consents=SimpleNamespace(all=lambda: history),
        persons=SimpleNamespace(all=lambda: [ANNE, OTHER]),
    )
    found = publicity.weighed(SimpleNamespace(case=case), made, TODAY)
    for person, verdict in found:
        tells = {FACTS, NAME} if person == ANNE and by_name else {FACTS}
        assert verdict.allowed is oracle(history, person, made.use, tells)


def made_public(kind, public, named):
    rows = SimpleNamespace(values_list=lambda *_names, **_more: named)
    action = SimpleNamespace(kind=kind, protection="", public=public, done_on=None, named=rows)
    return publicity.publicity_of(action)


@settings(deadline=None, max_examples=300)
@given(history=allowing, less=answers)
def test_what_is_lost_is_what_was_open_and_is_so_no_more(history, less):
    """And whatever an answer shuts is found, so that what rested on it is looked at again."""
    late = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    less.person, less.recorded_at = ANNE, late
    lost = consent.lost(consent.ledger(history), less, TODAY)
    for use in Use:
        for kind in DataClass:
            before = oracle(history, ANNE, use, [kind])
            after = oracle([*history, less], ANNE, use, [kind])
            assert not (before and not after) or (use, kind) in lost
            assert (
                (use, kind) not in lost or not after or weighed([*history, less], use, [kind]).asks
            )


def test_no_power_and_no_field_overrides():
    """Neither a permission nor a parameter of the services speaks of overriding consent."""
    words = ("override", "overrule", "force", "bypass", "ignore")
    said = [*May.values, *inspect.signature(transmission.transmit).parameters]
    said += [*inspect.signature(consents.record_consent).parameters]
    said += [*inspect.signature(actions.record_action).parameters]
    said += [field.name for field in Consent._meta.get_fields()]
    assert not [name for name in said for word in words if word in name]
    assert {"letter", "by", "digest"} == set(inspect.signature(transmission.transmit).parameters)
