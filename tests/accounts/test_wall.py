"""Where a second factor is required, nobody reaches anything without, and nobody is locked out."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.conf import settings as house

from accounts import services
from accounts.models import Role
from tests.factories import PASSWORD, OfficeFactory, member, mission_of
from tests.promises.routes import routes

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/security/set-up/"
# Allowed without one: the way in and out, the way to one, choosing a language, health.
OPEN = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "accounts-second-factor",
    "accounts-invitation",
    "accounts-invitation-open",
    "admin:login",
    "reference-login",
    "set_language",
    "healthz",
}


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = "required"


@pytest.fixture(params=["console", "portal"])
def door(request, settings, required):
    settings.DOOR, settings.ROOT_URLCONF = request.param, f"reprisals.urls_{request.param}"
    return request.param


def test_tests_and_demo_only_offer_it():
    assert house.SYNTHETIC and house.SECOND_FACTOR == "offered"


def test_whoever_has_none_reaches_the_set_up_and_nothing_else(client, door):
    """Every address of the door, read and posted to."""
    user = member(mission_of(), Role.MISSION_HEAD) if door == "portal" else member()
    client.force_login(user)

    let_in = {}
    for route in routes(door):
        if route.name in OPEN:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(route.path)
            walled = answer.status_code == 302 and answer.url == SET_UP
            refused = route.path.startswith("/api/") and answer.status_code in (403, 405)
            if not walled and not refused:
                let_in[(method, route.name)] = answer.status_code
    assert let_in == {}
    assert OPEN - {"admin:login", "reference-login"} <= {route.name for route in routes(door)}


def test_part_of_a_page_is_led_there_as_a_whole(client, required):
    client.force_login(member())

    assert client.get("/cases/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == SET_UP


def test_whoever_has_one_goes_past(client, door):
    user = member(mission_of(), Role.MISSION_USER) if door == "portal" else member()
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)

    assert client.get("/accounts/me/").status_code == 200
    assert client.get(SET_UP).url == "/accounts/security/"


def test_recovery_codes_alone_are_none(client, required):
    user = member()
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    client.force_login(user)

    assert client.get("/accounts/me/").url == SET_UP


def test_where_it_is_offered_nobody_is_held_up(client, settings):
    client.force_login(member())
    for value, status in (("offered", 200), ("required", 302)):
        settings.SECOND_FACTOR = value
        assert client.get("/accounts/me/").status_code == status


@pytest.mark.django_db(transaction=True)
def test_the_invited_come_in_through_it(client, required):
    """From the mail to the first page: account, password, app, recovery codes."""
    __, token = services.invite(
        email="new@example.org",
        office=OfficeFactory(),
        role=Role.FOCAL_POINT,
        by=member(role=Role.ADMINISTRATOR),
    )
    client.get(f"/accounts/invitation/{token}/")
    client.post(
        "/accounts/invitation/", {"name": "New Person", "password": PASSWORD, "again": PASSWORD}
    )
    signed_in = client.post(
        "/accounts/login/", {"login": "new@example.org", "password": PASSWORD}, follow=True
    )
    assert signed_in.redirect_chain[-1][0] == SET_UP
    assert b"Add a passkey" in signed_in.content

    page = client.get("/accounts/security/app/")
    (key,) = re.findall(r">([A-Z2-7]{32})<", page.content.decode())
    answer = client.post("/accounts/security/app/", {"code": code_of(key)})
    answer = client.get(answer.url)

    assert b"These codes are shown this once" in answer.content
    assert len(re.findall(rb'r-mono">\d{8}<', answer.content)) == 10
    again = client.get("/accounts/security/codes/")
    assert b"not shown again" in again.content
    assert not re.findall(rb'r-mono">\d{8}<', again.content)
    assert client.get("/").status_code == 200


def test_the_last_one_cannot_be_removed(client, required):
    user = member()
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()

    page = client.post("/accounts/security/app/remove/")

    assert b"This is your last second factor" in page.content
    assert Authenticator.objects.filter(user=user, type="totp").exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_factor_ends_every_other_session(client):
    user = member(password=PASSWORD)
    other = type(client)()
    other.force_login(user)
    client.force_login(user)
    page = client.get("/accounts/security/app/")
    (key,) = re.findall(r">([A-Z2-7]{32})<", page.content.decode())

    client.post("/accounts/security/app/", {"code": code_of(key)})

    assert other.get("/accounts/me/").status_code == 302
    assert client.get("/accounts/me/").status_code == 200
    assert user.sessions.count() == 1


def test_a_new_password_by_mail_does_not_go_round_it(client, required, letters):
    user = member(password=PASSWORD)
    TOTP.activate(user, generate_totp_secret())
    client.post("/accounts/password/reset/", {"email": user.email})
    (link,) = re.findall(r"http://localhost:8000(/\S+)", letters(1)[0].body)
    new = "another long password"
    client.post(client.get(link).url, {"password1": new, "password2": new})
    assert "_auth_user_id" not in client.session

    answer = client.post("/accounts/login/", {"login": user.email, "password": new})

    assert answer.url == "/accounts/security/code/"
    assert client.get("/accounts/me/").status_code == 302
