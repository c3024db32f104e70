"""The audit of a case, and of the whole house without any content."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import anchors, audit, proof
from cases.models import AuditEvent
from tests.factories import journey, member
from tests.test_audit_attacks import key

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.decided(who)


@pytest.fixture
def auditor():
    return member(role=Role.AUDITOR)


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def said(answer):
    return [(row.event.text, row.event.by, row.row.door) for row in answer.context["rows"]]


# Of one case -------------------------------------------------------------------------------------


def test_the_tab_says_who_looked_did_and_was_refused(client, who, case):
    page(client, who.mechanism, "case-detail", case.pk)
    assert page(client, who.mandate, "case-audit", case.pk).status_code == 403

    told = said(page(client, who.reviewer, "case-audit", case.pk))

    assert told[0] == ("Looked at the case", "you", "console")
    tried = f"{who.mandate.name} (mandate holder)"
    assert ("Tried what a rule or role forbids", tried, "console") in told
    assert any(text == "Looked at the case" and who.mechanism.name in by for text, by, _ in told)
    assert any(text == "Case opened" for text, _, _ in told)


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ({"what": "looked", "day_from": "2020-01-01"}, {"read"}),
        ({"what": "refused"}, {"refused_to_act"}),
        ({"what": "refused", "door": "portal"}, set()),
        ({"day_to": "2020-01-01"}, set()),
    ],
)
def test_the_tab_is_narrowed(client, who, case, query, verbs):
    page(client, who.mandate, "case-audit", case.pk)
    answer = page(client, who.reviewer, "case-audit", case.pk, **query)
    found = {row.row.verb for row in answer.context["rows"]}
    assert found - {"checked_for_leaks", "previewed"} == verbs


def test_the_tab_is_narrowed_to_a_person_by_name(client, who, case):
    page(client, who.mandate, "case-detail", case.pk)
    answer = page(client, who.reviewer, "case-audit", case.pk, person=str(who.mandate.pk))
    assert {row.row.actor for row in answer.context["rows"]} == {who.mandate.pk}
    assert who.mandate.name in answer.content.decode()


def test_what_cannot_be_read_is_said_and_narrows_nothing(client, who, case):
    answer = page(client, who.reviewer, "case-audit", case.pk, person="x", day_from="soon")
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"person", "day_from"}
    assert answer.context["rows"]


def test_people_of_a_mission_are_not_named_on_the_tab(client, who):
    reply = journey.replied(journey.transmitted(who), who)
    case = reply.package.communication.case
    shown = page(client, who.reviewer, "case-audit", case.pk).content.decode()
    assert "Mission of XAA" in shown
    assert who.mission.name not in shown


def test_no_other_case_stands_in_the_tab_of_one(client, who, case):
    other = journey.decided(who)
    answer = page(client, who.reviewer, "case-audit", case.pk, case=str(other.pk))
    assert {row.row.case for row in answer.context["rows"]} == {case.pk}


def test_a_long_tab_has_pages_and_few_queries(client, who, case, django_assert_max_num_queries):
    for _ in range(120):
        audit.read(case, by=who.focal, case=case)
    seen, url = [], reverse("case-audit", args=[case.pk])
    client.force_login(who.reviewer)
    client.get(url)
    while url:
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = client.get(url)
        seen += [row.row.pk for row in answer.context["rows"]]
        url = answer.context["following"]
    assert len(seen) == len(set(seen)) > 120


# Of the whole house ------------------------------------------------------------------------------


def test_the_whole_audit_is_the_auditors_alone(client, who, case, auditor):
    others = (member(role=Role.ADMINISTRATOR), member(role=Role.ANALYST))
    for user in (who.focal, who.reviewer, *others):
        answer = page(client, user, "audit-list")
        assert answer.status_code == 403
        assert f'href="{reverse("audit-list")}"' not in answer.content.decode()
    assert page(client, auditor, "audit-list").status_code == 200
    assert page(client, auditor, "case-audit", case.pk).status_code == 404


def test_the_auditor_reads_no_content(client, who, auditor):
    """Ids and codes; no reference, no word of a case, no name of its people."""
    reply = journey.replied(journey.transmitted(who), who)
    case = reply.package.communication.case
    page(client, who.focal, "case-detail", case.pk)

    shown = page(client, auditor, "audit-list").content.decode()

    assert str(case.pk)[:8] in shown
    content = (case.reference, case.label, journey.NARRATIVE, journey.NAME, reply.package.code)
    assert not [word for word in (*content, who.mission.name) if word in shown]


def test_the_auditor_follows_one_person_and_one_case(client, who, case, auditor):
    page(client, who.mandate, "case-detail", case.pk)
    page(client, who.mechanism, "case-detail", case.pk)
    of_one = page(client, auditor, "audit-list", person=str(who.mandate.pk))
    assert {row.row.actor for row in of_one.context["rows"]} == {who.mandate.pk}
    assert [chip.label for chip in of_one.context["chips"]] == ["One person only"]
    of_case = page(client, auditor, "audit-list", case=str(case.pk), what="looked")
    assert {row.row.case for row in of_case.context["rows"]} == {case.pk}
    came = page(client, auditor, "audit-list", what="came")
    assert {row.row.verb for row in came.context["rows"]} == {"logged_in"}


def test_the_auditor_sees_the_state_of_the_chain(client, auditor, settings):
    assert "Never yet" in page(client, auditor, "audit-list").content.decode()
    settings.AUDIT_KEY = key()
    anchors.drop(timezone.now() - timedelta(hours=1))
    proof.verify({}, with_anchors=True)
    answer = page(client, auditor, "audit-list")
    assert "Whole" in answer.content.decode()
    assert answer.context["anchor"].heads
    assert answer.context["events_in_all"] == AuditEvent.objects.count()


def test_what_the_proof_found_is_said(client, auditor):
    audit.record("verified", AuditEvent(), by=None, detail={"findings": 2, "rows": 9})
    assert "Something is wrong" in page(client, auditor, "audit-list").content.decode()


def test_the_look_of_the_auditor_is_written_down(client, auditor, django_assert_max_num_queries):
    client.force_login(auditor)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(reverse("audit-list"))
    look = AuditEvent.objects.first()
    assert (look.verb, look.noun, look.actor) == ("listed", "auditevent", auditor.pk)


def test_what_a_person_read_is_one_question_away(client, who, case):
    page(client, who.mandate, "case-detail", case.pk)
    page(client, who.mandate, "case-audit", case.pk)
    read = AuditEvent.objects.reads_of(who.mandate)
    assert {(event.verb, event.case) for event in read} == {("read", case.pk)}
