"""The page of a case: what stands on it, for whom, and at what price."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases.console.event_words import VERBS
from cases.console.timeline import ECHOES
from cases.lifecycles import CaseMove, LetterMove
from cases.models import AuditEvent
from cases.services import (
    actions,
    acts,
    cases,
    consents,
    cooperations,
    elements,
    evidence,
    measures,
    outcomes,
    people,
    risks,
    sources,
)
from cases.services import assignments as hands
from tests.factories import journey, member
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db

MARKUP = '<script>alert(1)</script> & "quoted"'
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
MOST_QUERIES = 24
SECTIONS = """
texts people acts cooperation sources corroboration consent risk letters follow-up timeline
"""


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def page(client):
    def of(case, user, **query):
        client.force_login(user)
        return client.get(reverse("case-detail", args=[case.pk]), query)

    return of


def text_of(response) -> str:
    return response.content.decode()


def fill(case, who, times):
    """Rows of every noun, `times` over."""
    until = timezone.localdate() + dt.timedelta(days=40)
    by = who.focal
    for _ in range(times):
        person = people.record_person(case, by=by, kind="individual", sex="M", roles=["HRD"])
        act = acts.record_act(
            case, by=by, kind="THR-DEA", persons=[person], perpetrators=["S-POL", "S-INT"]
        )
        cooperations.record_cooperation(
            case,
            by=by,
            kind="SIDE",
            actor="HRC",
            tense="PAST",
            persons=[person],
            nexus="N2",
            basis="Said so.",
        )
        source = sources.record_source(case, by=by, kind="FAM", connection="DIRECT")
        element = elements.record_element(case, by=by, kind="act", act=act, statement="Alleged.")
        elements.corroborate(element, source, by=by, stance="contradicts", credibility="4")
        evidence.record_evidence(case, by=by, kind="OFFI", source=source, upload=upload(pdf()))
        consents.record_consent(case, by=by, person=person, scope="STO", status="GRANTED")
        risks.assess_risk(case, by=by, person=person, level="2", valid_until=until)
        outcomes.record_outcome(case, by=by, person=person, kind="DET", source=source)
        measures.record_measure(case, by=by, kind="INV-O")
        actions.record_action(case, by=by, kind="CALL", done_on=timezone.localdate())
        hands.assign_case(case, by=by, duty="support", user=member())


# What stands on it ------------------------------------------------------------------------------


def test_page_shows_texts_people_acts_and_their_words(page, case, who):
    shown = text_of(page(case, who.focal))

    assert journey.NARRATIVE in shown
    assert "Never leaves" in shown
    for words in ("V-1", "S-2", "Woman", "Police", "Side event", "Explicitly stated"):
        assert words in shown
    for section in SECTIONS.split():
        assert f'id="{section}"' in shown
    assert journey.NAME not in shown


def test_page_names_nobody_in_its_title(page, case, who):
    title = text_of(page(case, who.focal)).partition("<title>")[2].partition("</title>")[0]

    assert "XAA" in title
    assert journey.NAME not in title


def test_markup_in_what_people_wrote_stays_characters(page, case, who):
    fields = {"narrative": MARKUP, "summary": MARKUP, "entry": MARKUP}
    case.refresh_from_db()
    cases.edit_case(case, by=who.focal, version=case.version, **fields)
    cases.stop_case(case, by=who.focal, reason=MARKUP)
    person = people.record_person(
        case, by=who.focal, kind="group", size=40, roles=["HRD"], description=MARKUP
    )
    acts.record_act(case, by=who.focal, kind="THR-DEA", place=MARKUP, description=MARKUP)
    source = sources.record_source(
        case, by=who.focal, kind="FAM", connection="DIRECT", description=MARKUP
    )
    elements.record_element(case, by=who.focal, kind="act", statement=MARKUP)
    evidence.record_evidence(case, by=who.focal, kind="OFFI", source=source, description=MARKUP)
    measures.record_measure(case, by=who.focal, kind="INV-O", body=MARKUP, description=MARKUP)
    actions.record_action(case, by=who.focal, kind="CALL", description=MARKUP, outcome=MARKUP)
    outcomes.record_outcome(case, by=who.focal, person=person, kind="DET", note=MARKUP)
    risks.assess_risk(
        case,
        by=who.focal,
        person=person,
        level="2",
        valid_until=timezone.localdate(),
        if_told=MARKUP,
        threat=MARKUP,
    )
    consents.record_consent(
        case, by=who.focal, person=person, scope="STN", status="CONDITIONS", conditions=MARKUP
    )

    shown = text_of(page(case, who.focal))

    assert "<script>alert" not in shown
    assert shown.count(ESCAPED) >= 16


def test_unfinished_recording_is_said(page, case, who):
    assert "Recording is not finished" in text_of(page(case, who.focal))

    cases.file_case(case, by=who.focal)

    assert "Recording is not finished" not in text_of(page(case, who.focal))


def test_urgent_case_says_so_in_its_head(page, case, who):
    acts.record_act(case, by=who.focal, kind="LIF-KIL", persons=case.persons.all())
    cases.file_case(case, by=who.focal)

    assert "Urgent (24 hours)" in text_of(page(case, who.focal))


def test_risk_that_ended_and_outcome_that_is_old_are_said(page, case, who):
    person = case.persons.get()
    long_ago = timezone.localdate() - dt.timedelta(days=200)
    risks.assess_risk(
        case, by=who.focal, person=person, level="3", assessed_on=long_ago, valid_until=long_ago
    )
    outcomes.record_outcome(case, by=who.focal, person=person, kind="DET", as_of=long_ago)

    shown = text_of(page(case, who.focal))

    assert "Ended" in shown
    assert "No news for three months" in shown


def test_consent_shows_what_is_in_force_and_the_ledger_all_of_it(page, case, who):
    person = case.persons.get()
    for scope, status, kept_back in (("STN", "WITHDRAWN", []), ("PBN", "GRANTED", ["place"])):
        consents.record_consent(
            case, by=who.focal, person=person, scope=scope, status=status, withheld=kept_back
        )

    shown = text_of(page(case, who.focal))

    assert "Withdrawn" in shown
    assert "kept back: Place" in shown
    assert "Full ledger, 2 entries" in shown


def test_conditions_of_a_consent_are_read_on_the_page(page, case, who):
    consents.record_consent(
        case,
        by=who.focal,
        person=case.persons.get(),
        scope="PBN",
        status="CONDITIONS",
        conditions="Only after release",
        expires_on=timezone.localdate() + dt.timedelta(days=30),
    )

    shown = text_of(page(case, who.focal))

    assert "With conditions" in shown
    assert "Only after release" in shown
    assert "until" in shown


def test_letter_and_reply_stand_with_what_the_house_did(page, who):
    reply = journey.replied(journey.transmitted(who), who)
    journey.assessed(reply, who)
    case = reply.package.communication.case

    shown = text_of(page(case, who.focal))

    assert reply.package.code in shown
    assert "Reply 1" in shown
    assert "Not satisfactory (C)" in shown
    assert "Who acted already" in shown


# For whom ---------------------------------------------------------------------------------------


def test_buttons_follow_the_powers(page, case, who):
    desk, reviewer = text_of(page(case, who.focal)), text_of(page(case, who.reviewer))

    assert reverse("case-assign", args=[case.pk]) in desk
    assert reverse("case-show", args=[case.pk]) not in desk
    assert reverse("case-show", args=[case.pk]) in reviewer


def test_guest_sees_the_case_and_nothing_to_press(page, case, who):
    guest = member(role=Role.MANDATE_HOLDER)
    hands.show_case(case, to=guest, by=who.reviewer, reason="To advise")

    shown = text_of(page(case, guest))

    assert journey.NARRATIVE in shown
    for name in ("case-stop", "case-assign", "case-give", "case-show", "case-protect"):
        assert reverse(name, args=[case.pk]) not in shown
    assert "/reveal/" not in shown
    assert "/move/" not in shown
    assert "Who looked at this case" not in shown


def test_mandate_holder_may_stop_but_not_move(page, who):
    case = journey.decided(who)

    shown = text_of(page(case, who.mandate))

    assert reverse("case-stop", args=[case.pk]) in shown
    assert "/move/" not in shown
    assert "/reveal/" not in shown


# At what price ----------------------------------------------------------------------------------


def test_page_asks_as_often_for_many_rows_as_for_one(client, case, who):
    url = reverse("case-detail", args=[case.pk])
    client.force_login(who.reviewer)
    fill(case, who, 1)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)

    fill(case, who, 3)
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES


def test_page_with_letters_stays_as_cheap(client, who):
    package = journey.transmitted(who)
    case = package.communication.case
    url = reverse("case-detail", args=[case.pk])
    client.force_login(who.focal)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)

    journey.replied(package, who)
    journey.drafted(case, who)
    with CaptureQueriesContext(connection) as more:
        client.get(url)

    assert len(more) == len(one)
    assert len(more) <= MOST_QUERIES


# What happened ----------------------------------------------------------------------------------


def test_each_look_at_the_page_is_written_down_once(page, case, who):
    looks = AuditEvent.objects.filter(case=case.pk, verb="read", actor=who.reviewer.pk)

    page(case, who.reviewer)

    event = looks.get()
    assert (event.noun, event.subject, event.read) == ("case", str(case.pk), True)


def test_timeline_says_who_did_what_and_never_a_name_or_a_text(client, who):
    case = journey.transmitted(who).communication.case
    client.force_login(who.focal)

    response = client.get(reverse("case-timeline", args=[case.pk]))

    shown = text_of(response)
    for words in (
        "Case opened",
        "Added a person",
        "Verification started",
        "Letter sent to the State",
    ):
        assert words in shown
    assert who.reviewer.name in shown
    assert 'data-kind="out"' in shown
    for secret in (journey.NAME, journey.NARRATIVE, "allegedly detained"):
        assert secret not in shown
    assert "Looked at" not in shown


def test_timeline_names_a_mission_never_its_people(client, who):
    case = journey.replied(journey.transmitted(who), who).package.communication.case
    client.force_login(who.focal)

    shown = text_of(client.get(reverse("case-timeline", args=[case.pk])))

    assert "Reply received" in shown
    assert "Mission of XAA" in shown
    assert who.mission.name not in shown


def test_who_looked_is_for_those_who_may_ask(client, who):
    case = journey.decided(who)
    url = reverse("case-audit", args=[case.pk])
    client.force_login(who.mechanism)
    client.get(reverse("case-detail", args=[case.pk]))
    assert client.get(url).status_code == 403
    assert url not in text_of(client.get(reverse("case-timeline", args=[case.pk])))

    client.force_login(who.reviewer)
    shown = text_of(client.get(url))

    assert "Looked at the case" in shown
    assert who.mechanism.name in shown


def test_every_step_has_words():
    steps = {f"case_{move}" for move in CaseMove} | {f"letter_{move}" for move in LetterMove}

    assert steps - set(ECHOES) <= VERBS.keys()


def test_every_verb_of_a_whole_life_has_words(client, who):
    reply = journey.replied(journey.transmitted(who), who)
    journey.assessed(reply, who)
    case = reply.package.communication.case
    cases.stop_case(case, by=who.focal, reason="Fear")
    cases.lift_stop(case, by=who.reviewer)
    cases.move_case(case, CaseMove.REPORT, by=who.focal)
    client.force_login(who.reviewer)

    rows = client.get(reverse("case-audit", args=[case.pk])).context["rows"]
    told = client.get(reverse("case-timeline", args=[case.pk])).context["events"]
    for events in (told, [row.event for row in rows]):
        assert events
        assert not [event.text for event in events if "_" in event.text or event.text.islower()]


def test_long_timeline_has_pages(client, case, who):
    for _ in range(30):
        cases.protect(case, on=True, by=who.focal)
        cases.protect(case, on=False, by=who.focal)
    client.force_login(who.focal)
    url = reverse("case-timeline", args=[case.pk])

    first, second = client.get(url), client.get(url + "?page=2")

    assert "?page=2" in text_of(first)
    assert len(first.context["events"]) == 50
    assert "Case opened" in text_of(second)


def test_what_was_done_again_and_again_is_one_line_on_the_page(page, case, who):
    for _ in range(4):
        sources.record_source(case, by=who.focal, kind="FAM", connection="DIRECT")

    shown = text_of(page(case, who.focal))

    assert "Added a source (4 times)" in shown


def test_reply_that_waits_is_the_filled_button(page, who):
    reply = journey.replied(journey.transmitted(who), who)
    case = reply.package.communication.case

    assert page(case, who.focal).context["page"].to_assess == str(reply.pk)
    assert page(case, who.mandate).context["page"].to_assess == ""

    journey.assessed(reply, who)
    assert page(case, who.focal).context["page"].to_assess == ""


def test_what_is_missing_of_a_person_leads_to_its_form(page, case, who):
    person = case.persons.get()

    shown = text_of(page(case, who.focal))

    for noun, more in (("consent", "&amp;scope=STN"), ("risk", ""), ("outcome", "")):
        add = reverse("part-add", args=[case.pk, noun])
        assert f"{add}?person={person.pk}{more}" in shown


def test_relative_stands_beside_whom_they_are_related_to(page, case, who):
    people.record_person(
        case, by=who.focal, kind="individual", roles=["REL"], related_to=case.persons.get()
    )

    assert "related to V-1" in text_of(page(case, who.focal))


def test_each_clock_leads_to_what_is_to_be_done(page, who):
    reply = journey.replied(journey.transmitted(who), who)
    journey.assessed(reply, who)
    case = reply.package.communication.case

    def ways(user):
        return {one.kind: url for one, url in page(case, user).context["clocks"]}

    told = reverse("source-told", args=[case.pk])
    assert ways(who.focal) == {"feedback": told, "outcome": "#follow-up", "risk_review": "#risk"}
    assert ways(who.mandate)["feedback"] == "#letters"
