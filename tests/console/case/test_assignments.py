"""Giving a case away, assigning it, showing it: by the pages, with ends and reasons."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases.models import AuditEvent, Case
from cases.services import assignments
from tests.factories import OfficeFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def send(client):
    def sent(name, row, by, /, **data):
        client.force_login(by)
        return client.post(reverse(name, args=[row.pk]), data)

    return sent


def test_case_is_given_to_an_officer_of_its_office(send, case, who):
    send("case-give", case, who.focal, to=who.reviewer.pk)

    case.refresh_from_db()
    assert case.owner == who.reviewer
    assert AuditEvent.objects.filter(case=case.pk, verb="given").count() == 1


def test_nobody_of_another_office_can_be_chosen_as_owner(send, case, who):
    response = send("case-give", case, who.focal, to=who.mechanism.pk)

    assert response.status_code == 200
    case.refresh_from_db()
    assert case.owner == who.focal


def test_case_is_assigned_until_the_end_of_a_day(send, case, who):
    journey.shareable(case, who)
    send(
        "case-assign",
        case,
        who.focal,
        user=who.mechanism.pk,
        duty="support",
        reason="Knows the region",
        until=TOMORROW.isoformat(),
    )

    given = case.assignments.get()
    assert (given.user, given.duty, given.reason) == (who.mechanism, "support", "Knows the region")
    assert timezone.localtime(given.expires_at).date() == TOMORROW
    assert Case.objects.visible_to(who.mechanism).filter(pk=case.pk).exists()


@pytest.mark.parametrize("both", [True, False])
def test_an_office_or_a_person_never_both_or_none(send, case, who, both):
    chosen = {"office": OfficeFactory().pk, "user": who.mechanism.pk} if both else {}

    response = send("case-assign", case, who.focal, duty="support", reason="Why", **chosen)

    shown = response.content.decode()
    assert "Choose an office, or one person: not both." in shown
    assert "Why" in shown
    assert not case.assignments.exists()


def test_end_in_the_past_is_told(send, case, who):
    today = timezone.localdate().isoformat()

    response = send(
        "case-assign", case, who.focal, user=who.mechanism.pk, duty="support", until=today
    )

    assert "Choose a day that is still to come." in response.content.decode()


def test_mission_cannot_be_chosen(client, case, who):
    mission = mission_of("XBB")
    spy = member(mission, Role.MISSION_USER, name="Somebody of a mission")
    client.force_login(who.reviewer)

    for name in ("case-assign", "case-show"):
        shown = client.get(reverse(name, args=[case.pk])).content.decode()
        assert str(mission.pk) not in shown
        assert str(spy.pk) not in shown


def test_same_assignment_twice_is_told_and_keeps_what_was_typed(send, case, who):
    journey.shareable(case, who)
    fields = {"user": who.mechanism.pk, "duty": "support", "reason": "Once"}
    send("case-assign", case, who.focal, **fields)

    response = send("case-assign", case, who.focal, **{**fields, "reason": "Twice, with care"})

    shown = response.content.decode()
    assert "This is assigned already." in shown
    assert "Twice, with care" in shown
    assert case.assignments.count() == 1


def test_assignment_ends_and_its_access_with_it(send, case, who):
    journey.shareable(case, who)
    given = assignments.assign_case(case, by=who.focal, user=who.mechanism, duty="support")

    send("assignment-end", given, who.focal)

    assert not Case.objects.visible_to(who.mechanism).filter(pk=case.pk).exists()
    assert AuditEvent.objects.filter(case=case.pk, verb="assignment_ended").count() == 1


def test_assignment_that_ended_cannot_end_again(send, case, who):
    journey.shareable(case, who)
    given = assignments.assign_case(case, by=who.focal, user=who.mechanism, duty="support")
    assignments.end_assignment(given, by=who.focal)

    response = send("assignment-end", given, who.focal)

    assert "This assignment has ended already." in response.content.decode()


def test_reviewer_shows_the_case_with_a_reason_and_an_end(client, send, case, who):
    guest = member(role=Role.MANDATE_HOLDER, name="A guest")
    url = reverse("case-show", args=[case.pk])

    missing = send("case-show", case, who.reviewer, to=guest.pk)
    assert "Fill this in." in missing.content.decode()

    send(
        "case-show",
        case,
        who.reviewer,
        to=guest.pk,
        reason="Asked to advise",
        until=TOMORROW.isoformat(),
    )

    assert Case.objects.visible_to(guest).filter(pk=case.pk).exists()
    listed = client.get(url).content.decode()
    assert "A guest" in listed
    assert "Asked to advise" in listed
    assert AuditEvent.objects.filter(case=case.pk, verb="shown").count() == 1


def test_desk_officer_shows_nothing(send, case, who):
    guest = member(role=Role.MANDATE_HOLDER)

    assert send("case-show", case, who.focal, to=guest.pk, reason="x").status_code == 403
    assert not Case.objects.visible_to(guest).exists()


def test_guest_is_sent_away_again(client, case, who):
    guest = member(role=Role.MANDATE_HOLDER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="To advise")
    client.force_login(who.reviewer)
    url = reverse("case-unshow", args=[case.pk, guest.pk])

    assert client.post(url).url == reverse("case-show", args=[case.pk])
    assert not Case.objects.visible_to(guest).exists()
    assert AuditEvent.objects.filter(case=case.pk, verb="showing_ended").count() == 1
    assert client.post(url).status_code == 404


def test_only_a_reviewer_sends_a_guest_away(client, case, who):
    guest = member(role=Role.MANDATE_HOLDER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="To advise")
    client.force_login(who.focal)

    assert client.post(reverse("case-unshow", args=[case.pk, guest.pk])).status_code == 403
    assert Case.objects.visible_to(guest).exists()
