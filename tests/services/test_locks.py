"""The emergency brake: one action, in force at once, lifted by a second person."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from knox.models import AuthToken

from accounts import services as accounts
from accounts.models import Role
from cases.models import AuditEvent, Case, CaseUserObjectPermission, Lock, Notice
from cases.refusals import Refused
from cases.retention import carry_out
from cases.services import assignments, locks, retention
from tests.factories import PASSWORD, OfficeFactory, journey, member, mission_of
from tests.services.world import over

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def admin():
    return member(OfficeFactory(kind="management"), Role.ADMINISTRATOR)


def signed_in(client, person):
    client.force_login(person)
    assert client.get("/cases/").status_code == 200
    return client


def test_a_locked_person_is_a_stranger_with_the_next_request(client, who, case, admin):
    signed_in(client, who.focal)
    locks.lock_person(who.focal, by=admin, reason="Laptop taken")
    answer = client.get(f"/cases/{case.pk}/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_the_log_in_answers_a_locked_person_as_it_answers_a_wrong_password(client, admin):
    person = member(password=PASSWORD)
    locks.lock_person(person, by=admin, reason="Phished")

    def answer(email, password):
        said = client.post("/accounts/login/", {"login": email, "password": password})
        shown = said.content.decode().replace(email, "")
        return said.status_code, shown.count("csrfmiddlewaretoken"), "errorlist" in shown

    assert answer(person.email, PASSWORD) == answer("nobody@example.org", "wrong words here")


def test_tokens_and_grants_end_and_do_not_come_back(who, case, admin):
    guest = member()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    accounts.create_token(guest, days=7, by=guest)
    lock = locks.lock_person(guest, by=admin, reason="Coerced")
    locks.lift_lock(
        lock, by=member(admin.memberships.get().office, Role.ADMINISTRATOR), reason="ok"
    )
    assert not AuthToken.objects.filter(user=guest).exists()
    assert not CaseUserObjectPermission.objects.filter(user=guest).exists()
    guest.refresh_from_db()
    assert guest.is_active and not Case.objects.visible_to(guest).exists()


@pytest.mark.parametrize("who_lifts", ["setter", "locked"])
def test_a_second_person_lifts_it(admin, who_lifts):
    second = member(admin.memberships.get().office, Role.ADMINISTRATOR)
    lock = locks.lock_person(second, by=admin, reason="Threatened")
    with pytest.raises((Refused, PermissionDenied)):
        locks.lift_lock(lock, by={"setter": admin, "locked": second}[who_lifts], reason="Fine")
    third = member(admin.memberships.get().office, Role.ADMINISTRATOR)
    lifted = locks.lift_lock(lock, by=third, reason="Spoke to them")
    assert lifted.lifted_by == third
    with pytest.raises(Refused, match="already"):
        locks.lift_lock(lock, by=third, reason="Again")


def test_one_may_lock_oneself(who):
    locks.lock_person(who.reviewer, by=who.reviewer, reason="Under duress")
    who.reviewer.refresh_from_db()
    assert not who.reviewer.is_active


def test_a_reviewer_reaches_their_own_office_and_no_other(who):
    colleague, stranger = member(journey.office_of(who.reviewer)), member()
    locks.lock_person(colleague, by=who.reviewer, reason="Phished")
    for lock in (
        lambda: locks.lock_person(stranger, by=who.reviewer, reason="Phished"),
        lambda: locks.lock_person(colleague, by=who.focal, reason="Phished"),
        lambda: locks.lock_office(mission_of(), by=who.reviewer, reason="Phished"),
        lambda: locks.lock_office(journey.office_of(who.focal), by=who.focal, reason="Phished"),
    ):
        with pytest.raises(PermissionDenied):
            lock()
    with pytest.raises(Refused, match="already"):
        locks.lock_person(colleague, by=who.reviewer, reason="Again")
    assert list(Lock.objects.visible_to(who.reviewer)) == [Lock.objects.get(user=colleague)]
    assert not Lock.objects.visible_to(stranger).exists()


def test_a_locked_office_acts_no_more_and_its_people_keep_their_other_places(who, case, admin):
    office = journey.office_of(who.focal)
    elsewhere = OfficeFactory()
    both = member(elsewhere, Role.FOCAL_POINT, user=member(office))
    lock = locks.lock_office(office, by=admin, reason="The building was searched")
    for person in (who.focal, who.reviewer):
        fresh = type(person).objects.get(pk=person.pk)
        assert not fresh.belongs_at("console") and not Case.objects.visible_to(fresh).exists()
    fresh = type(both).objects.get(pk=both.pk)
    assert fresh.roles_in(elsewhere.pk) and not fresh.roles_in(office.pk)
    with pytest.raises(Refused, match="already"):
        locks.lock_office(office, by=admin, reason="Again")
    locks.lift_lock(lock, by=member(elsewhere, Role.ADMINISTRATOR), reason="Secured")
    assert Case.objects.visible_to(type(who.focal).objects.get(pk=who.focal.pk)).exists()


def test_what_they_read_is_at_hand_and_reviewers_of_opened_names_are_told(client, who, case, admin):
    identity = case.persons.get().identity
    AuditEvent.objects.create(
        verb="revealed",
        noun="identity",
        subject=str(identity.pk),
        actor=who.focal.pk,
        case=case.pk,
        door="console",
        read=True,
    )
    signed_in(client, who.focal)
    client.get(f"/cases/{case.pk}/")
    client.get(f"/cases/{uuid4()}/")
    lock = locks.lock_person(who.focal, by=admin, reason="Account taken over")
    verbs = set(locks.reads_of(lock).values_list("verb", "noun"))
    assert {("revealed", "identity"), ("read", "case")} <= verbs
    assert not [verb for verb, _noun in verbs if verb.startswith("refused")]
    assert not locks.reads_of(lock).exclude(actor=who.focal.pk).exists()
    assert Notice.objects.filter(recipient=who.reviewer, key=f"locked:{lock.pk}:{case.pk}").exists()


def test_names_opened_long_ago_alarm_nobody(who, case, admin):
    with time_machine.travel(timezone.now() - dt.timedelta(days=31)):
        AuditEvent.objects.create(
            verb="revealed", noun="identity", actor=who.focal.pk, case=case.pk, read=True
        )
    lock = locks.lock_person(who.focal, by=admin, reason="Phished")
    assert not Notice.objects.filter(key__startswith=f"locked:{lock.pk}").exists()


def test_what_a_locked_person_signed_is_not_carried_out(who, admin):
    second = member(journey.office_of(who.reviewer), Role.REVIEWER)
    disposal = retention.ask_disposal(over(who), by=who.reviewer)
    retention.approve_disposal(disposal, by=second)
    locks.lock_person(second, by=admin, reason="Coerced")
    assert not carry_out(disposal.pk)
    disposal.refresh_from_db()
    assert disposal.ended_by == admin and Case.objects.filter(pk=disposal.case_id).exists()


def test_a_lock_is_no_way_to_open_what_was_shut_before(admin):
    gone, closed = member(is_active=False), OfficeFactory(active=False)
    with pytest.raises(Refused, match="anyway"):
        locks.lock_person(gone, by=admin, reason="To let them in again")
    with pytest.raises(Refused, match="closed"):
        locks.lock_office(closed, by=admin, reason="To open it again")
    assert not Lock.objects.exists()
