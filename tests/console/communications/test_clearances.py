"""Endorsing, asking for clearance, clearing, sending back, discarding: each by whose act it is."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import OfficeKind, Role
from cases.lifecycles import LetterStatus
from cases.models import Mechanism
from cases.models.communication import SignatoryAnswer
from cases.services import communications
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def letter(who):
    return journey.drafted(journey.decided(who), who)


@pytest.fixture
def post(client):
    def sent(name, pk, user, data=None):
        client.force_login(user)
        return client.post(reverse(name, args=[pk]), data or {})

    return sent


@pytest.fixture
def page(client):
    def get(letter, user):
        client.force_login(user)
        return client.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    return get


def digest_of(letter, who):
    return communications.composed(communications.whole(letter), by=who.mandate).digest


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def endorsed(post, letter, who, digest=None):
    data = {"answer": "endorse", "digest": digest or digest_of(letter, who)}
    return post("signatory-answer", letter.signatories.get().pk, who.mandate, data)


# Endorsing ----------------------------------------------------------------------------------------


def test_a_mandate_endorses_the_text_that_its_page_showed(post, page, who, letter):
    shown = page(letter, who.mandate)
    assert "Endorse this text" in shown and digest_of(letter, who) in shown

    answer = endorsed(post, letter, who)

    assert answer.url == reverse("letter-detail", args=[letter.pk])
    signatory = letter.signatories.get()
    assert (signatory.answer, signatory.answered_by) == (SignatoryAnswer.ENDORSED, who.mandate)
    assert "Endorsed this text" in page(letter, who.mandate)


def test_a_text_that_changed_meanwhile_is_not_endorsed(post, who, letter):
    seen = digest_of(letter, who)
    communications.edit_letter(letter, by=who.mechanism, version=1, body="Another text.")

    answer = endorsed(post, letter, who, seen)

    assert said(answer) == ["The text changed while you were reading. Look at it again."]
    assert letter.signatories.get().answer == SignatoryAnswer.ASKED


def test_an_edit_ends_the_endorsement_and_the_page_says_so(post, page, who, letter):
    endorsed(post, letter, who)
    communications.edit_letter(letter, by=who.mechanism, version=1, body="Another text.")

    shown = page(letter, who.mandate)

    assert "Lapsed: endorsed an earlier text" in shown
    assert "Lapsed: the text changed after the endorsement." in shown
    assert "Endorse this text" in shown


def test_a_mandate_declines_and_the_gate_says_what_to_do(post, page, who, letter):
    post("signatory-answer", letter.signatories.get().pk, who.mandate, {"answer": "decline"})

    assert "Declined: take the mandate off." in page(letter, who.mechanism)


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_an_answer_that_there_is_not_changes_nothing(post, who, letter, answer):
    signatory = letter.signatories.get()

    told = post("signatory-answer", signatory.pk, who.mandate, {"answer": answer})

    assert said(told) == ["Choose whether the mandate signs."]
    signatory.refresh_from_db()
    assert signatory.answer == SignatoryAnswer.ASKED


def test_nobody_answers_for_the_mandate_of_another(post, page, who, letter):
    other = OfficeFactory(kind=OfficeKind.SECRETARIAT)
    other.mechanisms.add(Mechanism.objects.get(pk="SP-WGAD"))
    communications.edit_letter(
        letter, by=who.mechanism, version=1, signatories=[Mechanism.objects.get(pk="SP-WGAD")]
    )
    second = letter.signatories.get(mechanism="SP-WGAD")
    data = {"answer": "endorse", "digest": digest_of(letter, who)}

    assert post("signatory-answer", second.pk, who.mandate, data).status_code == 403
    assert post("signatory-answer", second.pk, who.mechanism, data).status_code == 403
    stranger = member(other, Role.MANDATE_HOLDER)
    assert post("signatory-answer", second.pk, stranger, data).status_code == 404


# Clearing -----------------------------------------------------------------------------------------


def test_a_reviewer_clears_the_text_that_they_saw(post, page, who, letter):
    endorsed(post, letter, who)
    post("letter-ask-clearance", letter.pk, who.mechanism)
    assert "Clear this text" in page(letter, who.reviewer)

    post("letter-clear", letter.pk, who.reviewer, {"digest": digest_of(letter, who)})

    letter.refresh_from_db()
    assert (letter.status, letter.cleared_by) == (LetterStatus.CLEARED, who.reviewer)


def test_who_wrote_is_told_that_another_must_clear(post, page, who, letter):
    letter.edited_by.add(who.reviewer)
    communications.ask_clearance(letter, by=who.mechanism)

    shown = page(letter, who.reviewer)
    answer = post("letter-clear", letter.pk, who.reviewer, {"digest": digest_of(letter, who)})

    words = "You wrote in this letter, so another person must clear it."
    assert words in shown and said(answer) == [words]
    letter.refresh_from_db()
    assert letter.status == LetterStatus.IN_CLEARANCE


@pytest.mark.parametrize("digest", ["", "0" * 64, "<b>"])
def test_another_text_than_the_one_that_stands_is_not_cleared(post, who, letter, digest):
    communications.ask_clearance(letter, by=who.mechanism)

    answer = post("letter-clear", letter.pk, who.reviewer, {"digest": digest})

    assert said(answer) == ["The text changed while you were reading. Look at it again."]


def test_who_may_not_clear_is_refused_and_shown_no_button(post, page, who, letter):
    communications.ask_clearance(letter, by=who.mechanism)

    assert "Clear this text" not in page(letter, who.mechanism)
    data = {"digest": digest_of(letter, who)}
    assert post("letter-clear", letter.pk, who.mechanism, data).status_code == 403
    assert post("letter-ask-clearance", letter.pk, who.reviewer).status_code == 403
    assert post("letter-send-back", letter.pk, who.focal).status_code == 403
    assert post("letter-discard", letter.pk, who.mandate).status_code == 403


def test_a_second_press_is_told_where_the_letter_stands(post, who, letter):
    post("letter-ask-clearance", letter.pk, who.mechanism)

    [words] = said(post("letter-ask-clearance", letter.pk, who.mechanism))[-1:]

    assert "is not possible any more" in words


def test_a_cleared_letter_is_sent_back(post, who, letter):
    journey.cleared(letter, who)

    post("letter-send-back", letter.pk, who.reviewer)

    letter.refresh_from_db()
    assert (letter.status, letter.cleared_digest) == (LetterStatus.DRAFT, "")


def test_to_discard_is_asked_once_more_and_the_text_stays_readable(client, post, page, who, letter):
    client.force_login(who.mechanism)
    url = reverse("letter-discard", args=[letter.pk])
    assert "This cannot be undone" in client.get(url).content.decode()

    post("letter-discard", letter.pk, who.mechanism)

    letter.refresh_from_db()
    assert letter.status == LetterStatus.DISCARDED
    shown = page(letter, who.mechanism)
    assert "Person A" in shown and "Change the text" not in shown
    assert client.get(url).url == reverse("letter-detail", args=[letter.pk])


@pytest.mark.parametrize("name", ["letter-ask-clearance", "letter-clear", "letter-send-back"])
def test_who_comes_by_get_is_led_to_the_letter(client, who, letter, name):
    client.force_login(who.reviewer)

    assert client.get(reverse(name, args=[letter.pk])).url == reverse(
        "letter-detail", args=[letter.pk]
    )
    assert client.put(reverse(name, args=[letter.pk])).status_code == 405
