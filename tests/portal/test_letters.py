"""The inbox, everything so far, one letter: read, acknowledged, more time asked for it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import clocks
from cases.models import Extension, Receipt
from cases.services import communications, packages, replies, transmission
from tests.factories import journey, mission_of
from tests.portal.conftest import signed_in
from tests.portal.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter_url(package):
    return reverse("package-detail", args=[package.pk])


def later(package, days=30) -> str:
    return (clocks.geneva(package.due_at).date() + dt.timedelta(days=days)).isoformat()


def asked(browser, package, **fields):
    data = {"until": later(package), "reason": "Records of two ministries are needed.", **fields}
    return browser.post(reverse("extension-ask", args=[package.pk]), data)


# Lists ------------------------------------------------------------------------------------------


def test_inbox_is_empty_in_plain_words(browser):
    page = words(browser.get("/"))
    assert "Nothing waits for a reply" in page
    assert "Earlier correspondence" not in page


def test_inbox_shows_what_waits_and_the_next_step(browser, package, who):
    page = words(browser.get("/"))
    assert package.content["subject"] in page
    assert package.code in page
    assert "Not yet read" in page
    assert "Read the letter" in page

    browser.get(reverse("package-detail", args=[package.pk]))
    assert "Prepare the reply" in words(browser.get("/"))

    replies.start_reply(package, by=who.mission)
    page = words(browser.get("/"))
    assert "Draft saved" in page
    assert "Continue the draft" in page


def test_answered_letter_moves_to_earlier_correspondence(browser, submitted):
    page = words(browser.get("/"))
    assert "Nothing waits for a reply" in page
    assert "Earlier correspondence" in page
    assert "Answered in time" in page


def test_lists_hold_nothing_of_another_state(stranger, package, submitted):
    for route in ("inbox", "history"):
        page = words(stranger.get(reverse(route)))
        assert package.code not in page
        assert package.content["subject"] not in page


def test_history_has_pages(browser, package, submitted, monkeypatch):
    monkeypatch.setattr("cases.portal.packages.PAGE", 1)
    journey.transmitted(journey.cast())

    first = browser.get(reverse("history"))
    second = browser.get(reverse("history") + "?page=2")

    assert (first.context["previous"], first.context["following"]) == ("", "?page=2")
    assert (second.context["previous"], second.context["following"]) == ("?page=1", "")
    shown = {page.context["items"][0].package.pk for page in (first, second)}
    assert len(shown) == 2
    assert browser.get(reverse("history") + "?page=none").status_code == 200


@pytest.mark.parametrize("route", ["inbox", "history"])
def test_queries_do_not_grow_with_letters(
    browser, who, submitted, route, django_assert_max_num_queries
):
    asked(browser, journey.transmitted(who))
    browser.get(reverse(route))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse(route))
        most = len(few)
    assert most < 20

    for _more in range(2):
        journey.replied(journey.transmitted(who), who)
        asked(browser, journey.transmitted(who))
    browser.get(reverse(route))  # shows the messages of what was asked

    with django_assert_max_num_queries(most):
        browser.get(reverse(route))


# One letter -------------------------------------------------------------------------------------


def test_letter_is_shown_as_it_was_transmitted(browser, package, letter_url):
    page = words(browser.get(letter_url))
    content = package.content
    texts = [content["subject"], *content["paragraphs"], *content["signatories"]]
    texts += content["closing"]
    texts += [row["text"] for row in (*content["elements"], *content["questions"])]
    for text in texts:
        assert " ".join(text.split()) in page
    assert package.digest in page
    assert package.attachments.get().sha256 in page


def test_opening_leaves_one_receipt_and_a_look_at_the_head_none(browser, package, letter_url):
    browser.head(letter_url)
    assert not Receipt.objects.exists()

    browser.get(letter_url)
    browser.get(letter_url)
    assert [row.kind for row in package.receipts.all()] == ["read"]


def test_receipt_is_acknowledged_once(browser, package, letter_url):
    url = reverse("package-acknowledge", args=[package.pk])
    assert "Acknowledge receipt" in words(browser.get(letter_url))

    for _twice in range(2):
        assert browser.post(url).url == letter_url

    assert package.receipts.filter(kind="acknowledged").count() == 1
    page = words(browser.get(letter_url))
    assert "Receipt acknowledged" in page
    assert "Acknowledge receipt" not in page


def test_letter_keeps_its_language_and_direction(browser, package, letter_url):
    browser.post(reverse("set_language"), {"language": "ar", "next": "/"})
    page = browser.get(letter_url).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert '<article class="r-paper" lang="en" dir="ltr"' in page


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("zh", "ltr"), ("ru", "ltr")])
def test_letter_in_another_language_is_marked_so(who, browser, language, direction):
    letter = journey.drafted(journey.decided(who), who)
    letter = communications.edit_letter(
        letter, by=who.mechanism, version=letter.version, language=language
    )
    digest = journey.cleared(letter, who)
    package = transmission.transmit(letter, by=who.mechanism, digest=digest)
    reply = replies.start_reply(package, by=who.mission)

    for route, row in (("package-detail", package), ("reply-edit", reply)):
        page = browser.get(reverse(route, args=[row.pk])).content.decode()
        assert f'<article class="r-paper" lang="{language}" dir="{direction}"' in page


# More time --------------------------------------------------------------------------------------


def test_time_is_asked_for_and_the_date_stays(browser, package, letter_url):
    due_at = package.due_at

    assert asked(browser, package).url == letter_url

    package.refresh_from_db()
    assert package.due_at == due_at
    page = words(browser.get(letter_url))
    assert "More time asked" in page
    assert "Your request has not been answered yet." in page
    assert "Ask for more time" not in page
    assert "More time asked" in words(browser.get("/"))


def test_second_request_is_refused_while_the_first_waits(browser, package):
    asked(browser, package)

    answer = asked(browser, package, reason="Once more.")

    assert answer.status_code == 200
    assert "Your earlier request for time has not been answered yet." in words(answer)
    assert Extension.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reason": ""}, "Fill this in."),
        ({"until": ""}, "Give a date."),
        ({"until": "tomorrow"}, "Write the day like 3 Nov 2026."),
        ({"until": "2026-01-01"}, "Ask for a day after the present due date."),
        ({"reason": "x" * 4001}, "Too long by 1 character; at most 4,000 fit."),
    ],
)
def test_request_that_cannot_be_sent_keeps_what_was_typed(browser, package, fields, says):
    answer = asked(browser, package, **fields)

    assert answer.status_code == 200
    assert says.replace(",", "") in words(answer).replace(",", "")
    form = answer.context["form"]
    assert form["reason"].value() == fields.get("reason", "Records of two ministries are needed.")
    assert not Extension.objects.exists()


def test_answered_letter_takes_no_request(browser, submitted):
    answer = asked(browser, submitted.package)
    assert "A reply was submitted; there is nothing to extend." in words(answer)
    assert not Extension.objects.exists()


@pytest.mark.parametrize("grant", [True, False])
def test_answer_to_the_request_is_told_without_who_gave_it(
    browser, package, letter_url, who, grant
):
    asked(browser, package)
    extension = package.extensions.get()
    packages.decide_extension(
        extension, by=who.mechanism, grant=grant, answer="The matter is urgent."
    )

    page = words(browser.get(letter_url))

    assert ("More time granted" if grant else "More time refused") in page
    assert "The matter is urgent." in page
    assert who.mechanism.name not in page
    if grant:
        package.refresh_from_db()
        assert clocks.geneva(package.due_at).date().isoformat() == later(package, days=0)


# Words ------------------------------------------------------------------------------------------


def test_no_word_of_the_house_stands_on_any_page(browser, submitted, who):
    package = submitted.package
    case = package.communication.case
    draft = replies.start_reply(package, by=who.mission)
    urls = [reverse("inbox"), reverse("history"), reverse("package-detail", args=[package.pk])]
    urls += [reverse(name, args=[draft.pk]) for name in ("reply-edit", "reply-submit")]
    urls += [reverse("reply-detail", args=[submitted.pk])]
    staff = [user for user in who if user != who.mission]
    secret = [case.reference, str(case.pk), "V-1", "S-1", journey.NAME, journey.NARRATIVE]
    secret += [word for user in staff for word in (user.name, user.email)]
    for url in urls:
        answer = browser.get(url)
        page = words(answer)
        for word in (*secret, "severity", "gate", "Severity", "Gate", " case ", "Case "):
            assert word not in page, (url, word)
        for word in (*secret, "data-gate", "r-severity"):
            assert word not in answer.content.decode(), (url, word)


def test_pages_speak_to_their_mission(package, who, head):
    assert mission_of("XAA").name in words(signed_in(head).get("/"))
