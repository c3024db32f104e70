"""The list of letters: those of cases one sees, where they stand, and what to do next."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import intake
from cases.lifecycles import LetterStatus
from cases.models import AuditEvent, Communication, Mechanism
from cases.services import communications, packages
from tests.factories import journey, member

pytestmark = pytest.mark.django_db

URL = "/letters/"
ROW = re.compile(r"<tr>\s*<td>.*?</tr>", re.DOTALL)
MOST_QUERIES = 24


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def letter(who):
    return journey.drafted(journey.decided(who), who)


@pytest.fixture
def page(client):
    def of(user, query=""):
        client.force_login(user)
        response = client.get(URL + query)
        assert response.status_code == 200
        return response.content.decode()

    return of


def rows(html):
    return ROW.findall(html)


def verbs(html):
    return [
        re.search(r'btn-small" href="([^"]*)">([^<]*)<', row).groups()[::-1] for row in rows(html)
    ]


def tabs(html):
    (bar,) = re.findall(r'<nav class="r-tabs".*?</nav>', html, re.DOTALL)
    return dict(
        re.findall(
            r'<a href="[^"]*"[^>]*>([^<]*?) ?(?:<span class="r-count">(\d+)</span>)?</a>', bar
        )
    )


def to(letter):
    return reverse("letter-detail", args=[letter.pk])


def test_letters_of_strangers_are_neither_listed_nor_counted(who, letter, page):
    for stranger in (member(), member(role=Role.ANALYST), member(role=Role.ADMINISTRATOR)):
        html = page(stranger)
        assert rows(html) == []
        assert "0 in all" in html
        assert set(tabs(html).values()) <= {"", "0"}


def test_a_draft_says_what_each_may_do(who, letter, page):
    assert verbs(page(who.mechanism)) == [("See what blocks it", to(letter))]
    assert verbs(page(who.focal)) == [("See what blocks it", to(letter))]
    assert verbs(page(who.mandate)) == [("Answer for the mandate", to(letter))]
    assert verbs(page(who.reviewer)) == [("Read", to(letter))]


def test_the_tab_of_a_mandate_holder(who, letter, page):
    other = member(journey.office_of(who.mandate), Role.FOCAL_POINT)
    html = page(who.mandate, "?status=endorse")
    assert len(rows(html)) == 1
    assert tabs(html)["To endorse"] == "1"
    assert "To endorse" not in tabs(page(other))

    journey.cleared(letter, who)

    html = page(who.mandate, "?status=endorse")
    assert rows(html) == []
    assert tabs(html)["To endorse"] == "0"


def test_a_change_brings_an_endorsed_letter_back(who, letter, page):
    journey.cleared(letter, who)
    letter.refresh_from_db()
    communications.edit_letter(letter, by=who.mechanism, version=letter.version, closing="Yours.")

    assert verbs(page(who.mandate, "?status=endorse")) == [("Read the changes", to(letter))]


def test_who_holds_another_mandate_is_not_asked(who, letter, page):
    office = journey.office_of(who.mandate)
    office.mechanisms.set([Mechanism.objects.get(pk="SP-IJL")])

    assert rows(page(who.mandate, "?status=endorse")) == []
    assert verbs(page(who.mandate)) == [("Read", to(letter))]


def test_each_tab_holds_the_letters_that_stand_there(who, page):
    made = [journey.drafted(journey.decided(who), who) for _ in LetterStatus]
    states = dict(zip(LetterStatus, made, strict=True))
    now = timezone.now()
    for status, letter in states.items():
        fields = {"status": status}
        if status in ("transmitted", "answered", "assessed", "cleared"):
            fields |= {"cleared_by": who.reviewer, "cleared_at": now, "cleared_digest": "0" * 64}
        if status in ("transmitted", "answered", "assessed"):
            fields |= {"transmitted_at": now, "transmitted_by": who.mechanism}
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            Communication.objects.filter(pk=letter.pk).update(**fields)
            cursor.execute("set session_replication_role = default")

    names = ["draft", "clearance", "cleared", "awaiting", "answered", "assessed", "discarded"]
    for tab, status in zip(names, LetterStatus, strict=True):
        html = page(who.focal, f"?status={tab}")
        assert len(rows(html)) == 1, tab
        assert to(states[status]) in html
    html = page(who.focal)
    assert len(rows(html)) == len(LetterStatus)
    counted = {label: number for label, number in tabs(html).items() if number}
    assert counted == {"Drafts": "1", "In clearance": "1", "Cleared": "1", "Answered": "1"}


def test_the_way_of_a_letter_through_the_house(who, page):
    letter = journey.drafted(journey.decided(who), who)
    digest = communications.composed(communications.whole(letter), by=who.mandate).digest
    communications.answer_for_mandate(
        letter.signatories.get(), by=who.mandate, endorse=True, digest=digest
    )
    communications.ask_clearance(letter, by=who.mechanism)
    assert verbs(page(who.reviewer, "?status=clearance")) == [("Clear the letter", to(letter))]
    assert verbs(page(who.mechanism)) == [("Read", to(letter))]
    assert "In 2 working days" in page(who.reviewer)

    communications.clear_letter(letter, by=who.reviewer, digest=digest)
    assert verbs(page(who.mechanism, "?status=cleared")) == [("Transmit", to(letter))]
    assert verbs(page(who.reviewer)) == [("Read", to(letter))]


def test_a_request_for_time_and_a_reply_are_answered(who, page):
    package = journey.transmitted(who)
    letter = package.communication
    assert package.code in page(who.mechanism)
    until = timezone.localdate() + dt.timedelta(days=90)
    packages.ask_extension(package, by=who.mission, until=until, reason="Inquiry under way.")
    intake.take_in(package.pk)
    assert verbs(page(who.reviewer)) == [("Decide on more time", to(letter))]
    assert verbs(page(who.focal)) == [("Read", to(letter))]

    packages.decide_extension(
        package.extensions.get(), by=who.mechanism, grant=True, answer="Granted."
    )
    reply = journey.replied(package, who)
    read = reverse("reply-read", args=[reply.pk])
    assert verbs(page(who.mechanism, "?status=answered")) == [("Assess reply", read)]
    assert verbs(page(who.mandate)) == [("Read the reply", read)]

    journey.assessed(reply, who)
    assert verbs(page(who.mechanism, "?status=assessed")) == [("Read", to(letter))]


def test_a_tab_that_is_none_is_said(who, letter, page):
    for junk in ("x", "%00", "<b>", "endorse"):
        html = page(who.focal, f"?status={junk}")
        assert "There is no such part of the list" in html
        assert len(rows(html)) == 1
        assert "<b>" not in html


def test_pages_lead_through_all_letters(who, letter, page):
    case = letter.case
    for _ in range(25):
        journey.drafted(case, who)

    first = page(who.focal, "?status=draft")
    (following,) = re.findall(r'href="/letters/([^"]*)" rel="next"', first)
    second = page(who.focal, following.replace("&amp;", "&"))

    assert (len(rows(first)), len(rows(second))) == (25, 1)
    assert rows(second)[0] not in rows(first)
    assert "This is the beginning of the list." in page(who.focal, "?after=x")


def test_queries_do_not_grow_with_letters_and_no_text_is_opened(who, letter, client):
    client.force_login(who.mandate)
    client.get(URL)
    counts = []
    for number in (2, 10):
        for _ in range(number):
            journey.drafted(letter.case, who)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= MOST_QUERIES
    assert not [q for q in queries if '"cases_communication"."body"' in q["sql"]]
    assert not [q for q in queries if '"cases_case"."narrative"' in q["sql"]]


def test_looking_at_the_letters_is_written_down(who, letter, page):
    page(who.focal)

    event = AuditEvent.objects.get(verb="listed")
    assert event.detail == {"communication": [str(letter.pk)]}
