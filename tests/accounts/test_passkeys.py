"""Passkeys as a browser uses them, with a security key that Chromium plays."""

import json
import re
import time
from collections.abc import Iterator
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as house
from django.db import connections
from django.test import override_settings
from knox.models import AuthToken
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from accounts.views_security import handle_of
from launch.browser import chromium
from tests.factories import PASSWORD, member, mission_of
from tests.factories.accounts import prove

LOGIN = "/accounts/security/passkeys/login/"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(transactional_db, monkeypatch) -> Iterator[Page]:
    """A window at the console, with a key in the machine's slot."""
    if not chromium():
        pytest.skip("no Chromium")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an idle loop here
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        server = LiveServer("localhost")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        window = browser.new_context(base_url=server.url, locale="en")
        page = window.new_page()
        page.set_default_timeout(15_000)
        device = window.new_cdp_session(page)
        device.send("WebAuthn.enable")
        held: Any = page  # the device goes with the page that it serves
        held.key = device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        held.device = device
        yield page
        connections.close_all()  # those that were opened beside the loop
        browser.close()
    server.stop()
    until = time.monotonic() + 20  # its threads hold connections of their own
    while any("process_request" in one.name for one in enumerate_threads()):
        assert time.monotonic() < until
        time.sleep(0.05)
    connections.close_all()


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()


def grow_old(user: User) -> None:
    """As if the last proof of every session were more than five minutes ago."""
    for row in user.sessions.all():
        store = type(row).get_session_store_class()(row.session_key)
        for record in store["account_authentication_methods"]:
            record["at"] -= 301
        store.save()


def added_at_the_wall(page: Page) -> None:
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("The blue key")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("These codes are shown this once.")).to_be_visible()
    page.get_by_role("link", name="I have written them down").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_have_count(0)


def signs_in_alone(page: Page) -> None:
    page.goto("/accounts/login/?next=/accounts/security/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    expect(page.get_by_role("rowheader", name="The blue key")).to_be_visible()


def proves_who_one_is(page: Page, user: User) -> None:
    """Before a token is made; what was typed comes round."""
    grow_old(user)
    page.goto("/accounts/me/")
    page.get_by_label("Ends after").select_option("90")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_text("Copy this token now")).to_be_visible()
    assert AuthToken.objects.filter(user=user).count() == 1


def is_the_second_step(page: Page, user: User) -> None:
    sign_in(page, user)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "/security/code/" not in url)


def stays_as_the_last_one(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("This is your last second factor")).to_be_visible()


@pytest.mark.browser
def test_a_passkey_from_the_set_up_to_its_removal(page, settings):
    settings.SECOND_FACTOR = "required"
    user = member(password=PASSWORD)
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)

    sign_in(page, user)
    added_at_the_wall(page)
    sign_out(page)
    signs_in_alone(page)
    proves_who_one_is(page, user)
    sign_out(page)
    is_the_second_step(page, user)
    passkey = Authenticator.objects.get(user=user, type="webauthn")
    address = f"/accounts/security/passkeys/{handle_of(passkey)}/remove/"
    stays_as_the_last_one(page, address)

    settings.SECOND_FACTOR = "offered"
    page.goto(address)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("heading", name="Signing in", exact=True)).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()
    assert broken == []


@pytest.mark.browser
def test_a_passkey_that_does_not_know_its_person_opens_nothing(page):
    """No finger, no PIN: the server refuses what the key alone says."""
    user = member(password=PASSWORD)
    sign_in(page, user)
    page.goto("/accounts/security/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("These codes are shown this once.")).to_be_visible()
    sign_out(page)
    page.device.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": page.key["authenticatorId"], "isUserVerified": False},
    )

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The passkey did not answer, or you stopped it.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


# What no browser sends --------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_question_of_the_login_tells_nothing_of_anybody(client):
    member(email="known@example.org")
    asked = {"headers": {"Accept": "application/json"}}

    answers = [client.get(LOGIN, **asked).json() for _each in range(2)]

    assert answers[0].keys() == {"request_options"}
    questions = [one["request_options"]["publicKey"] for one in answers]
    assert questions[0].pop("challenge") != questions[1].pop("challenge")
    assert questions[0] == questions[1]
    assert questions[0]["userVerification"] == "required"
    assert not questions[0].get("allowCredentials")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "credential",
    ["", "{", "null", "[]", "{}", '"text"', '{"id": "x"}', '{"response": {"userHandle": 5}}'],
)
def test_nonsense_is_only_wrong(client, credential):
    client.get(LOGIN, headers={"Accept": "application/json"})

    answer = client.post(LOGIN, {"credential": credential})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_unknown_and_known_handles_are_answered_alike(client):
    """Whoever made up an answer for somebody learns nothing from what comes back."""
    known = member()

    def ask(pk: str):
        client.get(LOGIN, headers={"Accept": "application/json"})
        answer = {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "A" * 50,
                "signature": "AAAA",
                "userHandle": pk,
            },
        }
        came = client.post(LOGIN, {"credential": json.dumps(answer)}, follow=True)
        return re.sub(rb'(csrfmiddlewaretoken" value=)"[^"]+"', b"", came.content)

    assert ask(known.pk.hex) == ask("f" * 32) == ask("not a person")


@pytest.mark.django_db
def test_passkeys_of_somebody_else_are_not_there(client):
    theirs = Authenticator.objects.create(user=member(), type="webauthn", data={})
    me = member()
    client.force_login(me)

    assert client.get(f"/accounts/security/passkeys/{handle_of(theirs)}/remove/").status_code == 404
    assert client.get("/accounts/security/passkeys/nonsense/remove/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["console", "portal"])
def test_a_passkey_belongs_to_the_address_of_its_door(client, settings, door):
    settings.DOOR, settings.ROOT_URLCONF = door, f"reprisals.urls_{door}"
    settings.CONSOLE_URL, settings.PORTAL_URL = "https://a.example.org", "https://b.example.org"
    user = member(mission_of(), Role.MISSION_USER) if door == "portal" else member()
    client.force_login(user)
    prove(client, user)

    page = client.get("/accounts/security/passkeys/add/").content.decode()

    (question,) = re.findall(r'<script type="application/json">(.*?)</script>', page)
    entity = json.loads(question)["publicKey"]["rp"]
    assert entity["id"] == {"console": "a.example.org", "portal": "b.example.org"}[door]


def test_without_tls_passkeys_work_nowhere_but_on_this_machine():
    assert house.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is True
    assert (
        not house.HTTPS and house.SYNTHETIC and house.MFA_WEBAUTHN_USER_VERIFICATION == "required"
    )
