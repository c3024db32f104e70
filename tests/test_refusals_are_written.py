"""Each refusal is written down once, after the transaction that it ended: security.md, T14."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import audit
from cases.models import AuditEvent, Identity
from cases.refusals import Hearing, Refused, SavedAlready, Stale, hearing
from tests.factories import journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.decided(who)


def refusals():
    rows = AuditEvent.objects.refusals().order_by("written_at")
    return [(row.verb, row.actor, row.case, row.detail.get("rules")) for row in rows]


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_role_that_may_not(who, case):
    as_(who.mechanism).post(reverse("case-lift-stop", args=[case.pk]), {"reason": "x"})
    assert refusals() == [("refused_to_act", who.mechanism.pk, case.pk, [])]
    [event] = AuditEvent.objects.refusals()
    assert event.detail == {"route": "case-lift-stop", "method": "POST", "rules": []}
    assert (event.read, event.subject, event.door) == (True, str(case.pk), "console")


def test_a_rule_that_a_form_says(who, case):
    """The door catches it and shows the page again; it was refused all the same."""
    letter = journey.drafted(case, who)
    as_(who.mechanism).post(reverse("letter-transmit", args=[letter.pk]), {"digest": "0" * 64})
    found = refusals()
    assert len(found) == 1
    assert found[0][:3] == ("refused_to_act", who.mechanism.pk, case.pk)
    assert found[0][3]


def test_a_case_of_others_and_one_that_never_was(who, case):
    stranger, never = member(), uuid4()
    for pk in (case.pk, never):
        assert as_(stranger).get(reverse("case-detail", args=[pk])).status_code == 404
    assert refusals() == [
        ("refused_as_unknown", stranger.pk, case.pk, []),
        ("refused_as_unknown", stranger.pk, None, []),
    ]


def test_both_take_the_same_steps(case):
    client = as_(member())
    client.get("/")
    steps = []
    for pk in (case.pk, uuid4()):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("case-detail", args=[pk]))
        steps.append([query["sql"].split(" ")[0] for query in asked.captured_queries])
    assert steps[0] == steps[1]


def test_parts_are_brought_to_their_case(who, case):
    """A stranger who asks for a person, an identity or a file stands on the tab of its case."""
    person = case.persons.get()
    identity = Identity.objects.get(person=person)
    for row in (case, person, identity, case.sources.first(), case.evidence.first()):
        if row is not None:
            assert audit.case_behind(row.pk) == case.pk
    assert audit.case_behind(uuid4()) is None


def test_the_api_is_heard_too(who, case):
    stranger = as_(member())
    assert stranger.get(f"/api/v1/cases/{case.pk}/").status_code == 404
    assert as_(who.mandate).get(f"/api/v1/cases/{case.pk}/audit/").status_code == 403
    assert [(verb, on) for verb, _by, on, _ in refusals()] == [
        ("refused_as_unknown", case.pk), ("refused_to_act", case.pk),
    ]  # fmt: skip


def test_a_refusal_that_was_told_already_is_not_told_twice(who, case):
    identity = Identity.objects.get(person__case=case)
    as_(who.reviewer).post(reverse("identity-reveal", args=[identity.pk]))
    assert [verb for verb, *_ in refusals()] == ["refused"]


def test_strangers_to_the_house_leave_nothing(case, client):
    client.get(reverse("case-detail", args=[case.pk]))
    assert refusals() == []


def test_two_at_once_is_no_attempt():
    heard = Hearing()
    token = hearing.set(heard)
    made = [Stale(None, "a"), SavedAlready(None, "b"), Refused("c")]
    hearing.reset(token)
    assert (len(made), heard.refused) == (3, ["Refused"])


def test_at_the_portal_the_row_has_no_case(who, settings):
    package = journey.transmitted(who)
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    other = journey.cast("XBB")
    assert as_(other.mission).get(reverse("package-detail", args=[package.pk])).status_code == 404
    [event] = AuditEvent.objects.refusals()
    assert (event.case, event.subject, event.door) == (None, str(package.pk), "portal")
