"""Home: for each role the next thing to do, with its exact place, and nothing of strangers."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import intake
from cases.console.lists import duties
from cases.lifecycles import CaseMove
from cases.models import AuditEvent, Case, Deadline
from cases.models.assignment import Duty
from cases.services import assignments, cases, communications, outcomes, packages
from cases.vocabulary import Verification
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db

OFFICE = "?whose=office"
SECTION = re.compile(r'<section class="r-card" id="(\w+)".*?</section>', re.DOTALL)
BUTTON = re.compile(r'<a class="btn btn-(\w+)" href="([^"]*)">([^<]*)<')
MOST_QUERIES = 26


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def html(client):
    def of(user, query=""):
        client.force_login(user)
        response = client.get("/" + query)
        assert response.status_code == 200
        return response.content.decode()

    return of


@pytest.fixture
def work(html):
    """Of each list its rows: what the button says, where it leads."""

    def of(user, query=""):
        found = {}
        for section in SECTION.finditer(html(user, query)):
            rows = re.findall(r"<li>\s*<div>.*?</li>", section[0], re.DOTALL)
            if 'class="r-work"' in section[0]:
                links = [BUTTON.search(row) for row in rows]
                found[section[1]] = [(unescape(link[3]), link[2]) for link in links]
        return found

    return of


def tallies(html):
    (bar,) = re.findall(r'<ul class="r-tally">.*?</ul>', html, re.DOTALL)
    return {label: number for number, label in re.findall(r"<b>([^<]*)</b>([^<]*)</a>", bar)}


def page_of(case, section=""):
    return reverse("case-detail", args=[case.pk]) + (f"#{section}" if section else "")


def add(case, noun):
    return reverse("part-add", args=[case.pk, noun])


def of_letter(letter):
    return reverse("letter-detail", args=[letter.pk])


def due(case, kind, **when):
    """The open deadline of this kind is due then."""
    moment = timezone.now() + dt.timedelta(**when)
    rows = Deadline.objects.filter(case=case, kind=kind).open()
    assert rows.update(due_at=moment) == 1


def filed(who):
    case = journey.recorded(who)
    return cases.file_case(case, by=who.focal)


# Whose work --------------------------------------------------------------------------------------


def test_a_stranger_is_told_nothing(who, html, work):
    case = journey.decided(who)
    journey.drafted(case, who)
    due(case, "risk_review", days=-2)
    cases.stop_case(case, by=who.focal, reason="A relative was visited.")
    stranger = member(role=Role.FOCAL_POINT)

    for query in ("", OFFICE):
        page = html(stranger, query)
        assert case.reference not in page
        assert set(tallies(page).values()) == {"0"}
        assert "Stop flags" not in page
        assert "Nothing is due." in page
        assert work(stranger, query) == {}
    assert "Nothing waits for you" in html(stranger)


def test_a_colleague_sees_the_work_of_the_office_when_asked(who, work):
    case = filed(who)
    colleague = member(journey.office_of(who.focal), Role.FOCAL_POINT)

    assert work(colleague) == {}
    assert work(colleague, OFFICE) == {"intake": [("Triage", page_of(case))]}


def test_a_case_of_nobody_is_work_of_every_officer(who, work):
    case = filed(who)
    Case.objects.filter(pk=case.pk).update(owner=None)
    colleague = member(journey.office_of(who.focal), Role.FOCAL_POINT)

    assert work(colleague) == {"intake": [("Triage", page_of(case))]}


def test_whoever_is_assigned_by_name_answers_for_it_too(who, work):
    case = filed(who)
    guest = member(OfficeFactory(), Role.FOCAL_POINT)
    given = assignments.assign_case(case, user=guest, duty=Duty.SUPPORT, by=who.reviewer)
    assert work(guest) == {"intake": [("Triage", page_of(case))]}

    assignments.end_assignment(given, by=who.reviewer)
    assert work(guest) == work(guest, OFFICE) == {}


# The life of a case, at each step on the right page ---------------------------------------------


def test_from_recording_to_the_decision(who, work):
    case = journey.recorded(who)
    finish = reverse("record-step", args=[case.pk, "file"])
    assert work(who.focal) == {"intake": [("Finish recording", finish)]}

    cases.file_case(case, by=who.focal)
    assert work(who.focal) == {"intake": [("Triage", page_of(case))]}

    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    assert work(who.focal) == {"waiting": [("Go on with triage", page_of(case, "cooperation"))]}

    cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)
    assert work(who.focal) == {"waiting": [("Settle consent", page_of(case, "consent"))]}

    journey.consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    assert work(who.focal) == {"waiting": [("Assess the risk", page_of(case, "risk"))]}
    assert work(who.reviewer) == {}

    journey.assessed_risk(case, who)
    cases.move_case(case, CaseMove.VERIFY, by=who.focal)
    sources = page_of(case, "corroboration")
    assert work(who.focal) == {"waiting": [("Look at the sources", sources)]}
    conclude = reverse("case-conclude", args=[case.pk])
    assert work(who.reviewer) == {"waiting": [("Conclude", conclude)]}

    cases.conclude(case, Verification.RGB, by=who.reviewer)
    assert work(who.focal) == {"waiting": [("Put to decision", page_of(case))]}
    assert work(who.reviewer) == {}

    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    assert work(who.focal) == {}
    assert work(who.reviewer) == {"waiting": [("Decide", page_of(case))]}


def test_a_second_pair_of_eyes_concludes_and_nobody_else(who, work):
    case = journey.decided(who)
    cases.move_case(case, CaseMove.CHECK_AGAIN, by=who.focal)
    sources = [("Look at the sources", page_of(case, "corroboration"))]

    assert work(member(journey.office_of(who.focal), Role.FOCAL_POINT)) == {}
    assert work(who.mechanism) == work(who.mandate) == {}
    Case.objects.filter(pk=case.pk).update(owner=who.reviewer)
    assert work(who.reviewer) == {"waiting": sources}


def test_without_two_sources_nobody_is_asked_to_conclude(who, work):
    case = journey.recorded(who)
    cases.file_case(case, by=who.focal)
    for move in (CaseMove.TRIAGE, CaseMove.ASK_CONSENT):
        cases.move_case(case, move, by=who.focal)
    journey.consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    journey.assessed_risk(case, who)
    cases.move_case(case, CaseMove.VERIFY, by=who.focal)
    case.corroborations.first().delete()

    assert work(who.focal) == {"waiting": [("Corroborate", page_of(case, "corroboration"))]}
    assert work(who.reviewer) == {}


def test_from_the_decision_to_the_letter_that_left(who, work):
    case = journey.decided(who)
    draft = [("Draft the letter", reverse("letter-draft", args=[case.pk]))]
    assert work(who.focal) == work(who.mechanism) == {"waiting": draft}
    assert work(who.reviewer) == work(who.mandate) == {}

    letter = journey.drafted(case, who)
    blocks = {"waiting": [("See what blocks it", of_letter(letter))]}
    assert work(who.focal) == work(who.mechanism) == blocks
    assert work(who.mandate) == {"waiting": [("Answer for the mandate", of_letter(letter))]}

    digest = communications.composed(communications.whole(letter), by=who.mandate).digest
    communications.answer_for_mandate(
        letter.signatories.get(), by=who.mandate, endorse=True, digest=digest
    )
    communications.ask_clearance(letter, by=who.mechanism)
    assert work(who.mandate) == work(who.mechanism) == {}
    clear = [("Clear the letter", of_letter(letter))]
    assert list(work(who.reviewer).values()) == [clear]

    communications.clear_letter(letter, by=who.reviewer, digest=digest)
    assert work(who.mechanism) == {"waiting": [("Transmit", of_letter(letter))]}
    assert work(who.reviewer) == work(who.focal) == {}


def test_a_mandate_that_endorsed_an_earlier_text_is_asked_again(who, work, html):
    letter = journey.drafted(journey.decided(who), who)
    journey.cleared(letter, who)
    assert work(who.mandate) == {}

    letter.refresh_from_db()
    communications.edit_letter(
        letter, by=who.mechanism, version=letter.version, subject="Alleged detention, again"
    )

    assert work(who.mandate) == {"waiting": [("Read the changes", of_letter(letter))]}
    assert "0 of 1 mandate has endorsed it" in html(who.mechanism)
    assert "changed after your mandate endorsed it" in html(who.mandate)


def test_a_reviewer_who_wrote_in_the_letter_is_not_asked_to_clear_it(who, work):
    letter = journey.drafted(journey.decided(who), who)
    communications.ask_clearance(letter, by=who.mechanism)
    letter.edited_by.add(who.reviewer)
    other = member(journey.office_of(who.reviewer), Role.REVIEWER)

    assert work(who.reviewer) == {}
    assert list(work(other).values()) == [[("Clear the letter", of_letter(letter))]]


def test_from_the_letter_to_the_reply(who, work):
    package = journey.transmitted(who)
    letter = package.communication
    assert work(who.focal) == work(who.mechanism) == work(who.reviewer) == {}
    until = timezone.localdate() + dt.timedelta(days=90)
    packages.ask_extension(package, by=who.mission, until=until, reason="Inquiry under way.")
    intake.take_in(package.pk)
    more = ("Decide on more time", of_letter(letter))
    for user in (who.reviewer, who.mechanism):
        assert list(work(user).values()) == [[more]]
    assert work(who.focal) == {}

    packages.decide_extension(package.extensions.get(), by=who.mechanism, grant=True, answer="Yes.")
    reply = journey.replied(package, who)
    assess = {"waiting": [("Assess reply", reverse("reply-read", args=[reply.pk]))]}
    assert work(who.focal) == work(who.mechanism) == assess
    assert work(who.reviewer) == {}


def test_what_is_owed_after_the_reply(who, work, client):
    reply = journey.replied(journey.transmitted(who), who)
    case = reply.package.communication.case
    journey.assessed(reply, who)
    told = reverse("source-told", args=[case.pk])
    assert work(who.focal) == {"owed": [("Inform source", told)]}
    assert work(who.mechanism) == {}
    due(case, "outcome", days=3)
    assert ("Update outcome", add(case, "outcome")) in work(who.focal)["owed"]

    outcomes.record_outcome(case, by=who.focal, person=case.persons.get(), kind="REL")
    assert work(who.focal) == {"owed": [("Inform source", told)]}

    client.force_login(who.focal)
    assert "Was the source told?" in client.get(told).content.decode()
    client.post(told)
    assert work(who.focal) == {}


def test_a_state_that_does_not_answer_is_work_once_it_is_late(who, work):
    package = journey.transmitted(who)
    case, letter = package.communication.case, package.communication
    due(case, "response", hours=1)
    assert work(who.focal) == work(who.reviewer) == {}

    due(case, "response", hours=-1)
    assert work(who.reviewer) == {"overdue": [("Decide how to go on", page_of(case))]}
    assert work(who.focal) == {"overdue": [("See the letter", of_letter(letter))]}
    assert work(who.mechanism) == {}


@pytest.mark.parametrize("when, name", [({"days": -2}, "overdue"), ({"hours": 2}, "soon")])
def test_what_ends_is_renewed(when, name, who, work):
    case = journey.decided(who)
    journey.drafted(case, who)
    due(case, "risk_review", **when)

    assert work(who.focal)[name] == [("Renew risk assessment", add(case, "risk"))]


def test_a_risk_assessment_that_lasts_is_no_work(who, work):
    case = journey.decided(who)

    due(case, "risk_review", days=20)

    assert "soon" not in work(who.focal)


def test_a_consent_that_ends_is_renewed(who, work):
    case = journey.decided(who)
    now = timezone.now()
    Deadline.objects.create(case=case, kind="consent_renewal", due_at=now - dt.timedelta(days=1))

    assert work(who.focal)["overdue"] == [("Renew consent", add(case, "consent"))]


def test_who_may_not_do_it_is_not_told_to(who, work):
    """The secretariat sees the cases assigned to it; a mandate holder only looks."""
    case = journey.decided(who)
    due(case, "risk_review", days=-1)

    assert work(who.mandate) == {}
    assert work(who.mandate, OFFICE) == {
        "overdue": [("See the case", page_of(case))],
        "waiting": [("See the case", page_of(case))],
    }


# The page around the lists -----------------------------------------------------------------------


def test_the_tallies_count_what_the_lists_hold(who, html, work):
    late, soon = journey.decided(who), journey.decided(who)
    due(late, "risk_review", days=-1)
    due(soon, "risk_review", hours=3)
    filed(who)
    journey.recorded(who)

    page = html(who.focal)

    assert tallies(page) == {
        "Overdue": "1",
        "Due soon": "1",
        "Waiting for me": "2",
        "New in intake": "2",
        "Follow-up owed": "0",
    }
    assert {name: len(rows) for name, rows in work(who.focal).items()} == {
        "overdue": 1,
        "soon": 1,
        "waiting": 2,
        "intake": 2,
    }
    assert page.count("btn-primary") == 1


def test_long_lists_say_how_long_they_are_and_where_the_rest_is(who, html, work, monkeypatch):
    monkeypatch.setattr(duties, "MOST", 9)
    monkeypatch.setattr("cases.console.lists.home.MOST", 9)
    for _ in range(9):
        filed(who)
    assert tallies(html(who.focal))["New in intake"] == "9"
    assert len(work(who.focal)["intake"]) == 8

    nearest = filed(who)
    due(nearest, "triage", hours=1)

    page = html(who.focal)
    assert tallies(page)["New in intake"] == "9+"
    assert 'href="/cases/?stage=INTAKE"' in page
    assert nearest.reference in page


def test_of_more_than_is_read_the_nearest_is_read(who, html, monkeypatch):
    monkeypatch.setattr(duties, "MOST", 1)
    for _ in range(4):
        filed(who)
    last = Deadline.objects.order_by("pk").last()
    due(last.case, "triage", hours=1)

    assert last.case.reference in html(who.focal)


def test_the_nearest_comes_first(who, html):
    made = [filed(who) for _ in range(3)]
    for case, days in zip(made, (5, 3, 4), strict=True):
        due(case, "triage", days=days)

    page = html(who.focal)

    order = sorted(made, key=lambda case: page.index(case.reference))
    assert order == [made[1], made[2], made[0]]


def test_stop_flags_in_force(who, html):
    case = journey.decided(who)
    cases.stop_case(case, by=who.mechanism, reason="Her brother was visited at night.")

    page = html(who.focal)
    assert "Stop flags in force" in page
    assert page_of(case) in page
    assert "brother" not in page
    assert "Stop flags" not in html(who.reviewer)
    assert "Stop flags" in html(who.reviewer, OFFICE)

    cases.lift_stop(case, by=who.reviewer)
    assert "Stop flags" not in html(who.focal)


def test_the_next_two_weeks_by_day(who, html):
    first, second = filed(who), filed(who)
    day = timezone.localtime() + dt.timedelta(days=4)
    noon = day.replace(hour=12, minute=0)
    Deadline.objects.filter(case__in=[first, second]).update(due_at=noon)
    Deadline.objects.create(case=first, kind="response", due_at=noon)
    Deadline.objects.create(case=first, kind="decide", due_at=noon + dt.timedelta(days=20))

    page = html(who.focal)

    (weeks,) = re.findall(r'id="weeks".*?</section>', page, re.DOTALL)
    assert re.findall(r"<td>([^<]*)</td>", weeks) == ["Reply of the State, Triage (2)"]
    assert f"{noon:%a} {noon.day} {noon:%b}" in weeks


def test_the_office_in_numbers(who, html):
    first, second = filed(who), filed(who)
    Case.objects.filter(pk=first.pk).update(owner=None)
    filed(journey.cast())
    second.refresh_from_db()
    cases.move_case(second, CaseMove.CLOSE, by=who.reviewer)

    (office,) = re.findall(r'id="office".*?</section>', html(who.focal), re.DOTALL)

    assert re.findall(r"<a[^>]*>(\d+)</a>", office) == ["1", "1"]


def test_the_secretariat_counts_the_cases_assigned_to_it(who, html):
    journey.decided(who)

    (office,) = re.findall(r'id="office".*?</section>', html(who.mechanism), re.DOTALL)

    assert re.findall(r"<a[^>]*>(\d+)</a>", office) == ["1", "0"]


@pytest.mark.parametrize(
    "role, words",
    [
        (Role.ANALYST, "Work with counts"),
        (Role.EDITOR, "Prepare the report"),
        (Role.AUDITOR, "Check what was done"),
        (Role.CUSTODIAN, "Guard identities"),
        (Role.ADMINISTRATOR, "Look after people and offices"),
    ],
)
def test_who_sees_no_case_is_told_what_the_account_can_do(role, words, who, html):
    case = journey.decided(who)
    user = member(journey.office_of(who.focal), role)

    page = html(user)

    assert words in page
    assert "No case is open to you" in page
    assert case.reference not in page
    assert ("/offices/" in page) == (role == Role.ADMINISTRATOR)


def test_a_guest_sees_the_case_shown_to_them(who, html):
    case = journey.decided(who)
    guest = member(OfficeFactory(), Role.MANDATE_HOLDER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice on the law.")
    cases.stop_case(case, by=who.focal, reason="Look first.")

    assert case.reference in html(guest, OFFICE)
    assert "btn-primary" in html(guest, OFFICE)
    assert "See the case" in html(guest, OFFICE)


def test_junk_in_the_address_is_my_own_work(who, html):
    for query in ("?whose=x", "?whose=%00", "?whose=office&whose=mine"):
        assert html(who.focal, query).count('aria-current="true"') == 1


def test_queries_do_not_grow_with_work(who, client):
    client.force_login(who.focal)
    client.get("/")
    counts = {}
    for number in (1, 6):
        for _ in range(number):
            journey.drafted(journey.decided(who), who)
            due(filed(who), "triage", days=-1)
            journey.recorded(who)
        for query in ("", OFFICE):
            with CaptureQueriesContext(connection) as queries:
                client.get("/" + query)
            counts.setdefault(query, []).append(len(queries))
            assert not [q for q in queries if '"cases_case"."narrative"' in q["sql"]]

    assert all(few == many <= MOST_QUERIES for few, many in counts.values()), counts


def test_looking_at_home_is_written_down(who, html):
    case = filed(who)

    html(who.focal)

    event = AuditEvent.objects.get(verb="listed")
    assert event.detail == {"case": [str(case.pk)]}
