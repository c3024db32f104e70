"""TOTP and recovery codes, through the pages that people use."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.factories import PASSWORD, member
from tests.factories.accounts import prove

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def user():
    return member(password=PASSWORD)


@pytest.fixture
def secret(client, user, letters):
    """Switched on through the pages; the session is gone afterwards."""
    client.force_login(user)
    prove(client, user, ago=301)
    gate = client.get("/accounts/security/app/")
    assert gate.url.startswith("/accounts/reauthenticate/")
    client.post(gate.url, {"proof-password": PASSWORD})
    page = client.get("/accounts/security/app/")
    (key,) = re.findall(r">([A-Z2-7]{32})<", page.content.decode())
    with time_machine.travel(time.time() - 60, tick=False):
        answer = client.post("/accounts/security/app/", {"code": code_of(key)})
    assert answer.url == "/accounts/security/codes/"
    client.logout()
    return key


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def test_password_alone_is_not_enough(client, user, secret):
    answer = sign_in(client, user)

    assert answer.url == "/accounts/security/code/"
    assert client.get("/accounts/me/").status_code == 302
    assert client.get("/accounts/security/code/").status_code == 200


def test_code_of_the_app_lets_in(client, user, secret):
    sign_in(client, user)

    answer = client.post("/accounts/security/code/", {"code": code_of(secret)})

    assert answer.url == "/"
    assert client.get("/accounts/me/").status_code == 200


def test_code_works_once(client, user, secret):
    code = code_of(secret)
    with time_machine.travel(time.time(), tick=False):
        sign_in(client, user)
        client.post("/accounts/security/code/", {"code": code})
        client.logout()
        sign_in(client, user)
        answer = client.post("/accounts/security/code/", {"code": code})

    assert answer.status_code == 200
    assert client.get("/accounts/me/").status_code == 302


def test_wrong_codes_are_counted(client, user, secret):
    sign_in(client, user)

    answers = [client.post("/accounts/security/code/", {"code": "000000"}) for _i in range(6)]

    assert b"Incorrect code" in answers[0].content
    assert b"Too many" in answers[-1].content
    assert client.get("/accounts/me/").status_code == 302


def test_recovery_code_lets_in_once(client, user, secret):
    client.force_login(user)
    gate = client.get("/accounts/security/codes/")
    page = client.post(gate.url, {"proof-code": code_of(secret)}, follow=True).content.decode()
    code = re.findall(r'r-mono">(\d{8})<', page)[0]
    client.logout()

    for status, expected in (("first", 302), ("second", 200)):
        sign_in(client, user)
        answer = client.post("/accounts/security/code/", {"code": code})
        assert answer.status_code == expected, status
        client.logout()


def test_seed_is_sealed_in_the_database(user, secret):
    rows = str(list(Authenticator.objects.values("type", "data")))

    assert "totp" in rows
    assert secret not in rows


def test_every_change_is_told_by_mail(client, user, secret, letters):
    assert letters(0) == []  # the rows of this test are not committed: nothing was sent

    client.force_login(user)
    gate = client.get("/accounts/security/app/remove/")
    client.post(gate.url, {"proof-code": code_of(secret)})
    assert client.get("/accounts/security/app/remove/").status_code == 200
    client.post("/accounts/security/app/remove/")

    assert not Authenticator.objects.filter(user=user).exists()
    assert letters(1)[0].subject == "A change to your account"
    assert sign_in(client, user).url == "/"


def test_password_alone_does_not_switch_it_off(client, user, secret):
    off = "/accounts/security/app/remove/"
    client.force_login(user)
    assert client.get(off).url.startswith("/accounts/reauthenticate/")

    client.post("/accounts/reauthenticate/", {"proof-password": PASSWORD})

    assert client.post(off).status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_page_shows_whether_it_is_on(client, user, secret):
    client.force_login(user)

    assert b"You have a second factor" in client.get("/accounts/me/").content
    assert b"Remove the app" in client.get("/accounts/security/").content
    assert client.get("/accounts/security/codes/new/").status_code == 302


def test_a_token_is_made_after_a_code(client, user, secret):
    """It does what its owner may and is asked for no code: a stolen session must not make one."""
    client.force_login(user)

    asked = client.post("/accounts/me/tokens/", {"days": "7"})

    assert b"Is it still you?" in asked.content
    assert not user.auth_token_set.exists()
    client.post("/accounts/me/tokens/", {"days": "7", "proof-code": code_of(secret)})
    assert user.auth_token_set.count() == 1
