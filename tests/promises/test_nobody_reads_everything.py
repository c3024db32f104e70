"""Security test T17: an account that is shown unusually much is held, and somebody is told.

At every door the same count; nobody else is held with it.
"""

from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.services import create_token
from cases import looks, notices
from cases.models import AuditEvent, Case, Draft, Notice
from cases.services import people
from tests.api.conftest import Machine, machine
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db

MOST = 2


@pytest.fixture(autouse=True)
def _narrow(settings):
    settings.LOOKS_IN_TEN_MINUTES, settings.LOOKS_A_DAY = MOST, 50


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def rows(who):
    """More cases than one account is shown."""
    return [journey.recorded(who) for _each in range(MOST + 1)]


@pytest.fixture
def admin():
    return member(OfficeFactory(kind="management"), Role.ADMINISTRATOR)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def page(case):
    return reverse("case-detail", args=[case.pk])


def read_all(client, rows):
    return [client.get(page(case)).status_code for case in rows]


def holds():
    return AuditEvent.objects.holds()


def test_three_hundred_in_ten_minutes_as_the_settings_come(settings, who, rows):
    """The measure of security.md, with one case looked at for real and the others as marks."""
    settings.LOOKS_IN_TEN_MINUTES, settings.LOOKS_A_DAY = 300, 1000
    client = as_(who.focal)
    looks_of(who.focal, 299)
    assert read_all(client, rows[:2]) == [200, 429]


def looks_of(user, number):
    looks.take(user, [uuid4() for _each in range(number)])


def test_a_held_account_is_shown_nothing_new_and_told_why(who, rows):
    client = as_(who.focal)
    assert read_all(client, rows) == [200] * MOST + [429]

    answer = client.get(page(rows[-1]))
    said = answer.content.decode()

    assert "Within ten minutes one account is shown at most 2 different things." in said
    assert "Ask a colleague" in said and "New things open again" in said
    assert 0 < int(answer["Retry-After"]) <= 601
    assert "no-store" in answer["Cache-Control"]
    assert rows[-1].reference not in said
    assert not AuditEvent.objects.filter(verb="read", case=rows[-1].pk).exists()


def test_what_is_on_the_desk_stays_open(who, rows):
    client = as_(who.focal)
    read_all(client, rows)

    assert read_all(client, rows[:MOST]) == [200] * MOST
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("case-list")).status_code == 200


def test_nobody_else_is_held(who, rows):
    read_all(as_(who.focal), rows)

    assert as_(who.reviewer).get(page(rows[-1])).status_code == 200


def test_both_doors_count_together(who, rows):
    """A session in the browser, one at the API and a token of the same account."""
    token = Machine()
    token.credentials(HTTP_AUTHORIZATION=f"Token {create_token(who.focal, days=7, by=who.focal)}")
    assert as_(who.focal).get(page(rows[0])).status_code == 200
    assert machine(who.focal).get(f"cases/{rows[1].pk}/").status_code == 200

    answer = token.get(f"cases/{rows[2].pk}/")

    assert answer.status_code == 429
    assert answer.json() == {
        "reasons": ["Within ten minutes one account is shown at most 2 different things."]
    }
    assert 0 < int(answer["Retry-After"]) <= 601
    assert as_(who.focal).get(page(rows[2])).status_code == 429


def test_a_case_with_all_its_parts_is_one_look_at_the_api_too(who, rows):
    client = machine(who.focal)
    for case in rows[:MOST]:
        for noun in ("persons", "acts", "sources", "elements", "consents", "risks"):
            assert client.get(f"{noun}/?case={case.pk}").status_code == 200
        assert client.get(f"cases/{case.pk}/").status_code == 200
        assert client.get(f"cases/{case.pk}/timeline/").status_code == 200
        assert client.get(f"cases/{case.pk}/matrix/").status_code == 200

    assert client.get(f"persons/?case={rows[-1].pk}").status_code == 429


def test_a_list_of_what_people_told_counts_each_case_in_it(who, rows):
    """Otherwise one request would carry off what two hundred pages show."""
    assert machine(who.focal).get("persons/?page_size=200").status_code == 429
    assert machine(who.focal).get("persons/?page_size=2").status_code == 200
    assert machine(who.focal).get(f"cases/{rows[0].pk}/").status_code == 429


def test_a_list_of_codes_counts_ten_times_less(who, rows, settings):
    assert as_(who.focal).get(reverse("case-list")).status_code == 200
    assert machine(who.focal).get("cases/").status_code == 200
    assert machine(who.focal).get("deadlines/").status_code == 200

    settings.LOOKS_IN_TEN_MINUTES = 0

    assert as_(who.focal).get(reverse("case-list")).status_code == 429
    assert machine(who.focal).get("cases/").status_code == 429


def test_it_is_written_down_once_and_nothing_else(who, rows):
    client = as_(who.focal)
    for _again in range(3):
        read_all(client, rows)
    machine(who.focal).get(f"cases/{rows[-1].pk}/")

    [event] = holds()
    assert (event.actor, event.door, event.case, event.subject) == (
        who.focal.pk,
        "console",
        None,
        "",
    )
    assert event.detail == {"rules": ["looks_in_ten_minutes"], "most": MOST}
    assert not AuditEvent.objects.reads_of(who.focal).filter(pk=event.pk).exists()
    assert AuditEvent.objects.reads_of(who.focal).filter(verb="read").count() == 3 * MOST


def test_whoever_may_lock_is_told_once_and_without_content(who, rows, admin):
    other = member(role=Role.REVIEWER)
    for _again in range(2):
        read_all(as_(who.focal), rows)

    owed = Notice.objects.filter(key__startswith="looks:")
    assert {notice.recipient for notice in owed} == {admin, who.reviewer}
    assert other not in {notice.recipient for notice in owed}

    notices.deliver(owed.get(recipient=admin).pk)
    assert mail.outbox[0].subject == "Something waits for you"
    for secret in (who.focal.name, who.focal.email, rows[0].reference, "looks"):
        assert secret not in mail.outbox[0].body


def test_one_is_not_told_of_oneself(rows, who):
    read_all(as_(who.reviewer), rows)

    assert not Notice.objects.filter(key__startswith="looks:", recipient=who.reviewer).exists()


def test_they_see_who_it_was_where_they_can_lock(who, rows, admin):
    read_all(as_(who.focal), rows)

    for reader in (admin, who.reviewer):
        for address in (reverse("lock-list"), reverse("home")):
            said = as_(reader).get(address).content.decode()
            assert who.focal.name in said
            assert "2 different things within ten minutes" in said
            assert f"{reverse('lock-set')}?person={who.focal.pk}" in said
    stranger = member(role=Role.REVIEWER)
    for reader in (stranger, who.focal, who.custodian):
        assert "Opened a great deal" not in as_(reader).get(reverse("home")).content.decode()
    assert who.focal.name not in as_(stranger).get(reverse("lock-list")).content.decode()


def test_the_auditor_reads_it_in_words(who, rows):
    read_all(as_(who.focal), rows)
    auditor = member(OfficeFactory(kind="management"), Role.AUDITOR)

    said = as_(auditor).get(reverse("audit-list"), {"what": "refused"}).content.decode()

    assert "Was shown as much as one account may be, and held" in said
    assert "looks_in_ten_minutes" in said


def test_what_was_typed_is_not_lost(who, rows, settings):
    client = as_(who.focal)
    form = reverse("case-edit", args=[rows[0].pk])
    settings.LOOKS_IN_TEN_MINUTES = 0

    answer = client.post(form, {"narrative": "An hour of words", "version": rows[0].version})

    assert answer.status_code == 429
    assert "What you typed is kept" in answer.content.decode()
    assert Draft.objects.get(user=who.focal, path=form).content["narrative"] == ["An hour of words"]
    assert Case.objects.get(pk=rows[0].pk).version == rows[0].version
    settings.LOOKS_IN_TEN_MINUTES = 10
    assert "An hour of words" in client.get(form).content.decode()


def test_what_one_adds_is_no_look(who, rows):
    client = machine(who.focal)
    for _each in range(MOST + 3):
        assert client.post("persons/", {"case": str(rows[0].pk)}).status_code == 201
    for _each in range(MOST + 3):
        people.record_person(rows[0], by=who.focal, kind="individual")


def test_counting_asks_the_database_nothing(who, rows, monkeypatch):
    client, asked = as_(who.focal), []
    client.get(page(rows[0]))
    for count in (looks.take, lambda *_args, **_more: None):
        monkeypatch.setattr(looks, "take", count)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(rows[0]))
        asked.append(len(queries))
    assert asked[0] == asked[1]


# At the portal -----------------------------------------------------------------------------------


@pytest.fixture
def letters(who):
    return [journey.transmitted(who) for _each in range(2)]


def test_one_mission_that_is_held_holds_no_other(who, letters, settings, portal):
    settings.LOOKS_IN_TEN_MINUTES = 1
    mine, colleague = (
        as_(who.mission),
        as_(member(journey.office_of(who.mission), Role.MISSION_USER)),
    )
    addresses = [reverse("package-detail", args=[letter.pk]) for letter in letters]

    assert [mine.get(address).status_code for address in addresses] == [200, 429]

    assert colleague.get(addresses[1]).status_code == 200
    other = as_(journey.cast("XAB").mission)
    assert other.get("/").status_code == 200
    said = mine.get(addresses[1]).content.decode()
    assert "tell the office that writes to you" in said
    assert [event.door for event in holds()] == ["portal"]
    assert not Notice.objects.filter(key__startswith="looks:").exists()


def test_a_letter_that_was_held_back_leaves_no_receipt(who, letters, settings, portal):
    settings.LOOKS_IN_TEN_MINUTES = 0

    assert as_(who.mission).get(reverse("package-detail", args=[letters[0].pk])).status_code == 429

    assert not letters[0].receipts.exists()
