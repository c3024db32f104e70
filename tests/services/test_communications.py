"""Drafting, editing, endorsing and clearing a letter: one exact text, seen by a second person."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import OfficeKind, Role
from cases.gates import GateState
from cases.lifecycles import LetterStatus
from cases.models import Deadline, Mechanism, Notice, Signatory
from cases.models.communication import SignatoryAnswer
from cases.models.deadline import DeadlineKind
from cases.refusals import GateShut, MoveRefused, Refused, Stale
from cases.services import assignments, communications, elements, identities, people
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def letter(who):
    return journey.drafted(journey.decided(who), who)


def edited(letter, who, **changes):
    letter.refresh_from_db()
    return communications.edit_letter(letter, by=who.mechanism, version=letter.version, **changes)


def text_of(letter, who):
    return communications.composed(communications.whole(letter), by=who.mechanism)


def gates_of(letter, who):
    _made, found = communications.readiness(communications.whole(letter), by=who.mechanism)
    return {gate.title: gate for gate in found}


# Drafting ----------------------------------------------------------------------------------------


def test_a_draft_begins_from_the_template_with_people_by_their_codes(who, letter):
    assert "[V-1]" in letter.body and journey.NAME not in letter.body
    assert "{" not in letter.subject + letter.body + letter.closing
    assert letter.questions.count() > 3
    assert not any("{" in question.text for question in letter.questions.all())
    assert letter.case.summary in letter.body
    assert journey.NARRATIVE not in letter.body
    assert [s.mechanism_id for s in letter.signatories.all()] == ["SP-HRD"]
    assert list(letter.elements.all()) == list(letter.case.elements.all())


def test_what_the_author_gives_goes_before_the_template(letter):
    assert letter.subject == "Alleged detention of a lawyer"


# Editing -----------------------------------------------------------------------------------------


def test_any_edit_ends_the_clearance_and_its_clock(who, letter):
    journey.cleared(letter, who)
    letter = edited(letter, who, closing="With respect.")
    assert letter.status == LetterStatus.DRAFT
    assert (letter.cleared_by, letter.cleared_at, letter.cleared_digest) == (None, None, "")
    assert not Deadline.objects.filter(kind=DeadlineKind.CLEARANCE).open().exists()


def test_an_endorsement_lapses_with_the_text_and_comes_back_with_it(who, letter):
    closing = letter.closing
    journey.cleared(letter, who)
    title = next(title for title in gates_of(letter, who) if title.startswith("Endorsement"))

    edited(letter, who, closing="Other words.")
    assert gates_of(letter, who)[title].state == GateState.WAIT
    assert "Lapsed" in gates_of(letter, who)[title].reason

    edited(letter, who, closing=closing)
    assert gates_of(letter, who)[title].state == GateState.OPEN


def test_the_second_of_two_drafters_overwrites_nothing(who, letter):
    edited(letter, who, subject="First")
    with pytest.raises(Stale):
        communications.edit_letter(letter, by=who.mechanism, version=1, subject="Second")


def test_a_letter_that_left_is_never_edited(who):
    letter = journey.transmitted(who).communication
    with pytest.raises(MoveRefused):
        edited(letter, who, subject="Too late")


def test_empty_questions_are_left_out_and_the_rest_counted_from_one(who, letter):
    letter = edited(letter, who, questions=["  ", "Where?", "", "Since when?"])
    assert [(q.number, q.text) for q in letter.questions.all()] == [
        (1, "Where?"),
        (2, "Since when?"),
    ]


def test_the_lead_always_signs_and_who_stays_keeps_the_answer(who, letter):
    second = Mechanism.objects.get(pk="SP-FOE")
    edited(letter, who, signatories=[second])
    mandate = letter.signatories.get(mechanism="SP-HRD")
    digest = text_of(letter, who).digest
    communications.answer_for_mandate(mandate, by=who.mandate, endorse=True, digest=digest)

    letter = edited(letter, who, signatories=[])

    [left] = letter.signatories.all()
    assert (left.mechanism_id, left.answer) == ("SP-HRD", SignatoryAnswer.ENDORSED)


def test_what_belongs_to_another_case_cannot_be_linked(who, letter):
    other = journey.recorded(who)
    for changes in (
        {"elements": list(other.elements.all())},
        {"in_full": list(other.persons.all())},
    ):
        with pytest.raises(Refused, match="another case"):
            edited(letter, who, **changes)


# Endorsing ---------------------------------------------------------------------------------------


def test_only_a_holder_of_the_mandate_answers_for_it(who, letter):
    office = OfficeFactory(kind=OfficeKind.SECRETARIAT)
    office.mechanisms.add(Mechanism.objects.get(pk="SP-FOE"))
    stranger = member(office, Role.MANDATE_HOLDER)
    assignments.assign_case(letter.case, by=who.focal, office=office, duty="letter")
    signatory, digest = letter.signatories.get(), text_of(letter, who).digest

    with pytest.raises(PermissionDenied, match="holder of this mandate"):
        communications.answer_for_mandate(signatory, by=stranger, endorse=True, digest=digest)
    with pytest.raises(PermissionDenied):
        communications.answer_for_mandate(signatory, by=who.mechanism, endorse=True, digest=digest)


def test_an_endorsement_is_of_the_text_that_was_seen(who, letter):
    seen = text_of(letter, who).digest
    edited(letter, who, closing="Changed meanwhile.")
    with pytest.raises(Refused, match="text changed"):
        communications.answer_for_mandate(
            letter.signatories.get(), by=who.mandate, endorse=True, digest=seen
        )


def test_a_mandate_that_declines_shuts_the_gate_until_it_is_taken_off(who, letter):
    signatory = communications.answer_for_mandate(
        letter.signatories.get(), by=who.mandate, endorse=False
    )
    assert (signatory.answer, signatory.endorsed_digest) == (SignatoryAnswer.DECLINED, "")
    shut = [g for t, g in gates_of(letter, who).items() if t.startswith("Endorsement")]
    assert [gate.state for gate in shut] == [GateState.SHUT]


def test_nobody_endorses_what_left_or_was_discarded(who, letter):
    communications.discard_letter(letter, by=who.mechanism)
    with pytest.raises(MoveRefused):
        communications.answer_for_mandate(
            Signatory.objects.get(), by=who.mandate, endorse=True, digest="0" * 64
        )


# Clearing ----------------------------------------------------------------------------------------


def test_clearance_is_asked_of_the_reviewers_with_a_clock(who, letter):
    communications.ask_clearance(letter, by=who.mechanism)
    assert Deadline.objects.open().filter(kind=DeadlineKind.CLEARANCE, communication=letter)
    told = Notice.objects.filter(key__startswith=f"clearance:{letter.pk}")
    assert [notice.recipient for notice in told] == [who.reviewer]


def test_who_sent_a_letter_back_is_told_when_the_same_text_comes_again(who, letter):
    for _time in range(2):
        communications.ask_clearance(letter, by=who.mechanism)
        communications.send_back(letter, by=who.reviewer)
    for what, person in (("clearance", who.reviewer), ("sent_back", who.mechanism)):
        told = Notice.objects.filter(key__startswith=f"{what}:{letter.pk}", recipient=person)
        assert told.count() == 2


def test_whoever_wrote_in_the_letter_never_clears_it(who, letter):
    second = member(letter.case.office, Role.REVIEWER)
    letter.edited_by.add(second)
    communications.ask_clearance(letter, by=who.mechanism)
    with pytest.raises(GateShut, match="another person must clear it"):
        communications.clear_letter(letter, by=second, digest=text_of(letter, who).digest)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.IN_CLEARANCE


def test_clearance_is_of_the_text_that_was_seen_and_was_asked_for(who, letter):
    digest = text_of(letter, who).digest
    with pytest.raises(MoveRefused):
        communications.clear_letter(letter, by=who.reviewer, digest=digest)
    communications.ask_clearance(letter, by=who.mechanism)
    with pytest.raises(Refused, match="text changed"):
        communications.clear_letter(letter, by=who.reviewer, digest="0" * 64)

    letter = communications.clear_letter(letter, by=who.reviewer, digest=digest)

    assert (letter.cleared_by, letter.cleared_digest) == (who.reviewer, digest)
    assert Deadline.objects.get(kind=DeadlineKind.CLEARANCE).met_at
    assert Notice.objects.filter(key__startswith="cleared:", recipient=who.mechanism).exists()


def test_what_happens_in_the_case_after_clearance_shuts_the_gate(who, letter):
    journey.cleared(letter, who)
    element = letter.case.elements.get()
    elements.edit_element(element, by=who.focal, version=1, statement="[V-1] was hurt.")
    gate = gates_of(letter, who)["Clearance by a second person"]
    assert (gate.state, gate.reason) == (GateState.SHUT, "The text changed after clearance.")


@pytest.mark.parametrize("verb", ["send_back", "discard_letter"])
def test_sent_back_or_discarded_ends_clearance_and_clock(who, letter, verb):
    journey.cleared(letter, who)
    by = who.reviewer if verb == "send_back" else who.mechanism
    letter = getattr(communications, verb)(letter, by=by)
    assert (letter.cleared_by, letter.cleared_digest) == (None, "")
    assert not Deadline.objects.filter(kind=DeadlineKind.CLEARANCE).open().exists()


# Gates of the text -------------------------------------------------------------------------------


def test_somebody_who_is_nobody_shuts_the_gate(who, letter):
    edited(letter, who, body="[V-1] and [V-9] were detained.")
    gate = gates_of(letter, who)["Everybody in the text is in the case"]
    assert (gate.state, gate.reason) == (GateState.SHUT, "Nobody in the case is V-9.")


@pytest.mark.parametrize(
    "words", ["Marrowby was detained.", "Call +000 555 010022.", "S-1 told us."]
)
def test_what_identifies_somebody_shuts_the_gate_and_is_not_repeated(who, letter, words):
    edited(letter, who, body=f"[V-1] was detained.\n\n{words}")
    gate = gates_of(letter, who)["Leak check"]
    assert gate.state == GateState.SHUT
    assert "paragraph 2" in gate.reason
    assert "Marrowby" not in gate.reason and "555" not in gate.reason


def test_a_name_of_a_second_person_is_found_also_where_the_first_may_be_named(who, letter):
    second = people.record_person(letter.case, by=who.focal, kind="individual")
    identities.keep_identity(second, by=who.focal, content={"name": "Tamsin Overbeck"})
    edited(letter, who, body="[V-1] was seen with Tamsin Overbeck.")
    assert gates_of(letter, who)["Leak check"].state == GateState.SHUT


def test_a_letter_without_questions_does_not_leave(who, letter):
    edited(letter, who, questions=[])
    assert gates_of(letter, who)["Subject, text and questions"].state == GateState.SHUT


def test_a_mandate_taken_off_meanwhile_does_not_come_back_by_its_answer(who, letter):
    signatory = letter.signatories.get()
    letter.signatories.all().delete()

    with pytest.raises(Refused, match="does not sign"):
        communications.answer_for_mandate(signatory, by=who.mandate, endorse=False)

    assert not letter.signatories.exists()
