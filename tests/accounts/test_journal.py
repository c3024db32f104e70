"""Whoever comes in, is turned away or changes their keys stands in the audit, by no address."""

import pytest
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from cases import audit
from cases.models import AuditEvent
from tests.factories import PASSWORD, member

pytestmark = pytest.mark.django_db
NEW = "another long and quiet password"


@pytest.fixture
def person():
    return member(role=Role.FOCAL_POINT, password=PASSWORD)


def told():
    rows = AuditEvent.objects.filter(noun="user").order_by("written_at")
    return [(row.verb, row.subject) for row in rows]


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_coming_and_going(client, person):
    sign_in(client, person.email)
    client.post(reverse("account_logout"))
    me = str(person.pk)
    assert told() == [("logged_in", me), ("logged_out", me)]
    assert {row.door for row in AuditEvent.objects.filter(noun="user")} == {"console"}


def test_who_failed_is_known_by_a_keyed_hash_only(client, person):
    for email in (person.email, person.email.upper(), "nobody@example.org"):
        sign_in(client, email, "wrong")
    rows = list(AuditEvent.objects.filter(verb="login_failed").order_by("written_at"))
    hashes = [row.detail["address"] for row in rows]
    assert hashes[0] == hashes[1] == audit.address_hash(person.email)
    assert hashes[2] == audit.address_hash("nobody@example.org") != hashes[0]
    assert {(row.actor, row.subject) for row in rows} == {(None, "")}
    assert person.email not in str(list(AuditEvent.objects.values()))


def test_a_changed_password_is_told(client, person):
    sign_in(client, person.email)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert ("password_changed", str(person.pk)) in told()
    assert NEW not in str(list(AuditEvent.objects.values()))


def test_a_second_factor_that_is_taken_off_is_told(client, person, rf):
    row = Authenticator.objects.create(user=person, type="totp", data={})
    signals.authenticator_removed.send(
        sender=Authenticator, request=rf.get("/"), user=person, authenticator=row
    )
    event = AuditEvent.objects.get(verb="second_factor_removed")
    assert (event.actor, event.detail) == (person.pk, {"kind": "totp"})


def test_no_audit_no_way_in(person, monkeypatch):
    """Where the row cannot be written nobody gets a session."""

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "_write", broken)
    client = Client(raise_request_exception=False)
    assert sign_in(client, person.email).status_code == 500
    assert client.get(reverse("accounts-me")).status_code == 302
