"""A letter leaves the house: who sends it, what stops it, what its page shows afterwards."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases.lifecycles import CaseMove, LetterStatus
from cases.models import Extension, Package, PackageAttachment
from cases.models.package import ExtensionDecision
from cases.services import cases, communications, evidence, packages
from cases.vocabulary import ConsentScope, Stage
from tests.factories import OfficeFactory, journey, member
from tests.samples import picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def letter(who):
    return journey.drafted(journey.decided(who), who)


@pytest.fixture
def page(client):
    def get(name, pk, user):
        client.force_login(user)
        return client.get(reverse(name, args=[pk]))

    return get


@pytest.fixture
def post(client):
    def sent(name, pk, user, data=None):
        client.force_login(user)
        return client.post(reverse(name, args=[pk]), data or {})

    return sent


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def digest_on(answer):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', answer.content.decode())[1]


def test_the_whole_life_of_a_letter_through_its_pages(client, post, page, who, settings):
    case = journey.decided(who)
    data = {"row": str(uuid4()), "type": "AL", "language": "en", "subject": "Alleged detention"}
    drafted = post("letter-draft", case.pk, who.mechanism, data)
    letter = case.communications.get()
    assert drafted.url == reverse("letter-edit", args=[letter.pk])

    shown = page("letter-detail", letter.pk, who.mandate)
    signed = {"answer": "endorse", "digest": digest_on(shown)}
    post("signatory-answer", letter.signatories.get().pk, who.mandate, signed)
    post("letter-ask-clearance", letter.pk, who.mechanism)
    seen = digest_on(page("letter-detail", letter.pk, who.reviewer))
    post("letter-clear", letter.pk, who.reviewer, {"digest": seen})

    asks = page("letter-transmit", letter.pk, who.mechanism)
    answer = post("letter-transmit", letter.pk, who.mechanism, {"digest": digest_on(asks)})

    package = Package.objects.get()
    assert answer.url == reverse("letter-detail", args=[letter.pk])
    assert package.code in said(answer)[-1]
    assert (package.digest, package.state_id) == (seen, case.state_id)
    case.refresh_from_db()
    assert case.stage == Stage.AWAIT


def test_the_page_that_asks_says_what_to_whom_and_that_it_cannot_be_undone(page, who, letter):
    digest = journey.cleared(letter, who)

    asks = page("letter-transmit", letter.pk, who.mechanism).content.decode()

    due = timezone.localdate() + timedelta(days=60)
    assert "This cannot be undone." in asks and digest in asks
    assert f"{due.day} {due:%b %Y}" in asks
    assert f"Permanent Mission of {letter.case.state.label}" in asks
    assert "V-1 as Person A" in asks
    assert journey.NAME not in asks
    assert not Package.objects.exists()


def test_a_second_press_sends_nothing_and_is_told(post, who, letter):
    digest = journey.cleared(letter, who)

    first, second = (
        post("letter-transmit", letter.pk, who.mechanism, {"digest": digest}) for _ in range(2)
    )

    assert Package.objects.count() == 1
    assert first.url == second.url
    assert said(second)[-1] == "This letter was transmitted already. Nothing was sent twice."


# What stops it ------------------------------------------------------------------------------------


def refused(post, letter, who, digest):
    answer = post("letter-transmit", letter.pk, who.mechanism, {"digest": digest})
    assert answer.url == reverse("letter-detail", args=[letter.pk])
    assert not Package.objects.exists()
    return " ".join(said(answer))


def test_another_text_than_the_one_seen_does_not_leave(post, who, letter):
    journey.cleared(letter, who)

    assert "The text changed" in refused(post, letter, who, "0" * 64)


def test_what_is_not_cleared_does_not_leave(post, who, letter):
    digest = communications.composed(communications.whole(letter), by=who.mandate).digest

    assert "is not possible any more" in refused(post, letter, who, digest)


def test_a_stop_flag_holds_it_back(post, page, who, letter):
    digest = journey.cleared(letter, who)
    cases.stop_case(letter.case, by=who.mandate, reason="A relative was visited.")

    assert "No stop flag" in refused(post, letter, who, digest)
    shown = page("letter-detail", letter.pk, who.mechanism).content.decode()
    assert "Outward acts are stopped" in shown and "A relative" not in shown


def test_a_consent_taken_back_holds_it_back(post, who, letter):
    digest = journey.cleared(letter, who)
    person = letter.case.persons.get()
    journey.said(letter.case, who, person=person, scope=ConsentScope.STN, status="WITHDRAWN")

    assert "is not possible any more" in refused(post, letter, who, digest)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.DRAFT


def test_a_decision_that_was_taken_back_holds_it_back(post, page, who, letter):
    digest = journey.cleared(letter, who)
    cases.move_case(letter.case, CaseMove.DECIDE_AGAIN, by=who.reviewer)

    shown = page("letter-detail", letter.pk, who.mechanism).content.decode()

    assert "a reviewer decides to write to the State" in shown
    assert "Decision to write to the State" in refused(post, letter, who, digest)


def test_every_reason_is_told_and_not_the_first_alone(post, page, who, letter):
    communications.edit_letter(letter, by=who.mechanism, version=1, body="Of Marrowby.")

    shown = page("letter-transmit", letter.pk, who.mechanism)

    assert shown.url == reverse("letter-detail", args=[letter.pk])
    detail = page("letter-detail", letter.pk, who.mechanism).content.decode()
    for reason in ("Leak check", "Endorsement:", "Clearance by a second person"):
        assert reason in detail


def test_only_officers_of_mechanisms_send(page, post, who, letter):
    digest = journey.cleared(letter, who)

    for user in (who.focal, who.reviewer, who.mandate):
        assert page("letter-transmit", letter.pk, user).status_code == 403
        answer = post("letter-transmit", letter.pk, user, {"digest": digest})
        assert answer.status_code == 403
    stranger = member(OfficeFactory(), Role.FOCAL_POINT)
    assert post("letter-transmit", letter.pk, stranger, {"digest": digest}).status_code == 404
    assert not Package.objects.exists()


# The second factor --------------------------------------------------------------------------------


@pytest.fixture
def secret(who):
    """Of the officer who sends, as switched on."""
    secret = generate_totp_secret()
    TOTP.activate(who.mechanism, secret)
    assert Authenticator.objects.filter(user=who.mechanism).exists()
    return secret


def test_who_has_a_second_factor_is_asked_for_it_again(client, who, letter, secret):
    digest = journey.cleared(letter, who)
    client.force_login(who.mechanism)
    url = reverse("letter-transmit", args=[letter.pk])

    assert client.get(url).url == f"{reverse('account_reauthenticate')}?next={url}"
    asked = client.post(url, {"digest": digest})
    assert b"Is it still you?" in asked.content and digest.encode() in asked.content
    assert not Package.objects.exists()

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(url, {"digest": digest, "proof-code": code})
    assert answer.url == reverse("letter-detail", args=[letter.pk])
    assert Package.objects.count() == 1


# Afterwards ---------------------------------------------------------------------------------------


@pytest.fixture
def package(who):
    return journey.transmitted(who)


def test_the_page_shows_what_the_state_received_and_what_it_did(page, who, package):
    packages.read_package(package, by=who.mission)

    shown = page("letter-detail", package.communication_id, who.mechanism).content.decode()

    assert package.code in shown and package.digest in shown
    assert "What the State received" in shown and "What blocks transmission" not in shown
    assert "Opened" in shown and "No reply has come yet." in shown
    assert who.mission.name not in shown


def test_the_pdf_of_the_letter_comes_as_a_download(page, who, package):
    file = package.attachments.get(kind="letter")

    answer = page("package-attachment", file.pk, who.reviewer)

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'attachment; filename="{package.code}.pdf"'
    assert answer["Cache-Control"] == "no-store, private"
    stranger = member(OfficeFactory(), Role.REVIEWER)
    assert page("package-attachment", file.pk, stranger).status_code == 404


def test_a_file_that_is_gone_is_told_in_words(page, who, package, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "elsewhere"

    answer = page("package-attachment", package.attachments.get().pk, who.mechanism)

    assert answer.url == reverse("letter-detail", args=[package.communication_id])
    assert said(answer) == ["This file cannot be opened now. Try again later."]


def test_a_chosen_file_leaves_under_a_number(client, post, page, who, letter):
    found = evidence.record_evidence(letter.case, by=who.focal, kind="TEST")
    file = evidence.attach(found, upload(picture(), "Marrowby.png"), by=who.focal)
    journey.examined(letter.case)
    edit = page("letter-edit", letter.pk, who.mechanism)
    assert "E-1: Marrowby.png" in edit.content.decode()
    data = {
        "version": 1,
        "language": "en",
        "subject": letter.subject,
        "body": letter.body,
        "question_1": "What happened?",
        "annexes": [str(file.pk)],
    }
    post("letter-edit", letter.pk, who.mechanism, data)
    digest = journey.cleared(letter, who)

    post("letter-transmit", letter.pk, who.mechanism, {"digest": digest})

    annex = PackageAttachment.objects.get(kind="annex")
    assert annex.name == f"{annex.package.code}-annex-1.png"
    shown = page("letter-detail", letter.pk, who.reviewer).content.decode()
    assert f'SHA-256 <bdi class="r-code" dir="ltr">{annex.sha256}</bdi>' in shown
    assert "Marrowby" not in str(annex.package.content)


# More time ----------------------------------------------------------------------------------------


@pytest.fixture
def extension(who, package):
    until = package.due_at.date() + timedelta(days=30)
    return packages.ask_extension(package, by=who.mission, until=until, reason="<b>Elections</b>")


def test_a_request_for_time_is_shown_and_granted(page, post, who, package, extension):
    shown = page("letter-detail", package.communication_id, who.mechanism).content.decode()
    assert "&lt;b&gt;Elections&lt;/b&gt;" in shown and "Answer the mission" in shown

    post("extension-decide", extension.pk, who.mechanism, {"decision": "grant", "answer": "Yes."})

    package.refresh_from_db()
    assert package.due_at.date() == extension.until
    shown = page("letter-detail", package.communication_id, who.mechanism).content.decode()
    assert "More time granted" in shown and "Answer the mission" not in shown


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"decision": "refuse", "answer": ""}, "answer"),
        ({"decision": "refuse", "answer": "Marrowby waits."}, "answer"),
        ({"decision": "perhaps", "answer": "Kept."}, "decision"),
        ({"answer": "Kept."}, "decision"),
    ],
)
def test_an_answer_that_cannot_be_given_is_told_beside_it(post, who, extension, data, field):
    answer = post("extension-decide", extension.pk, who.mechanism, data)

    assert answer.status_code == 200
    assert field in answer.context["decide"].errors
    assert data["answer"] in answer.content.decode()
    extension.refresh_from_db()
    assert extension.decision == ExtensionDecision.ASKED


def test_the_second_to_decide_is_told(post, who, package, extension):
    data = {"decision": "grant", "answer": ""}
    post("extension-decide", extension.pk, who.mechanism, data)

    answer = post("extension-decide", extension.pk, who.reviewer, {**data, "decision": "refuse"})

    assert said(answer) == ["This request was decided already."]
    assert Extension.objects.get().decision == ExtensionDecision.GRANTED


def test_who_may_not_decide_is_refused_and_shown_no_form(page, post, who, package, extension):
    shown = page("letter-detail", package.communication_id, who.focal).content.decode()
    assert "The mission asks for more time" in shown and "Answer the mission" not in shown

    data = {"decision": "grant"}
    assert post("extension-decide", extension.pk, who.focal, data).status_code == 403
    stranger = member(OfficeFactory(), Role.REVIEWER)
    assert post("extension-decide", extension.pk, stranger, data).status_code == 404


def test_a_sent_letter_costs_no_more_queries_with_more_on_it(
    client, who, package, django_assert_max_num_queries
):
    client.force_login(who.mechanism)
    url = reverse("letter-detail", args=[package.communication_id])
    client.get(url)
    with django_assert_max_num_queries(35) as few:
        client.get(url)
    packages.read_package(package, by=who.mission)
    journey.replied(package, who)

    with django_assert_max_num_queries(len(few)):
        client.get(url)
