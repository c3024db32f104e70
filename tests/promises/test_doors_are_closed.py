"""Closed unless opened: whoever is not signed in reaches what is listed here, and nothing else."""

import pytest
from django.conf import settings
from django.urls import clear_url_caches, set_urlconf

from tests.promises.routes import DOORS, routes

pytestmark = pytest.mark.django_db

ACCOUNTS = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "accounts-invitation",
    "accounts-invitation-open",
}
EVERYWHERE = {"set_language", "healthz"}
OPEN = {
    "console": ACCOUNTS | EVERYWHERE,
    "portal": ACCOUNTS | EVERYWHERE,
    # For victims and organisations: nobody has an account here.
    "submission": EVERYWHERE | {"start", "leave"},
}
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@pytest.fixture
def at(settings):
    def enter(door: str) -> None:
        settings.DOOR, settings.ROOT_URLCONF = door, f"reprisals.urls_{door}"
        clear_url_caches()
        set_urlconf(None)

    return enter


def is_shut(answer) -> bool:
    if answer.status_code in (401, 403):
        return True
    login = f"/{'admin' if answer.wsgi_request.path.startswith('/admin/') else 'accounts'}/login/"
    return answer.status_code == 302 and answer.url.startswith((login, "/accounts/login/"))


@pytest.mark.parametrize("door", DOORS)
def test_whoever_is_not_signed_in_is_led_to_the_login(client, at, door):
    at(door)
    let_in = {
        (method, route.path): answer.status_code
        for route in routes(door)
        if route.name not in OPEN[door]
        for method in METHODS
        if not is_shut(answer := getattr(client, method)(route.path))
    }
    assert let_in == {}
    assert len(routes(door)) > len(OPEN[door]) or door == "submission"


@pytest.mark.parametrize("door", DOORS)
def test_what_is_listed_as_open_exists_and_is_open(client, at, door):
    at(door)
    known = {route.name: route for route in routes(door)}
    assert OPEN[door] <= known.keys()
    for name in OPEN[door] - EVERYWHERE - {"leave"}:
        answer = client.get(known[name].path)
        assert not (answer.status_code == 302 and "next=" in answer.url), name


def test_a_word_of_the_login_gate_keeps_the_query_away_from_strangers(client, at):
    at("console")
    answer = client.post("/cases/search/", {"q": "Marrowby"})
    assert answer.url == "/accounts/login/?next=/cases/search/"


def test_no_address_counts():
    """Ids in addresses are random: a number would tell how many there are."""
    numbered = {
        (door, route.pattern)
        for door in DOORS
        for route in routes(door)
        if "<int:" in route.pattern
    }
    assert {pair for pair in numbered if not pair[1].startswith("/admin/")} == set()


def test_the_doors_share_no_cookie():
    assert settings.SESSION_COOKIE_NAME.endswith("console-session")
    assert settings.CSRF_COOKIE_NAME.endswith("console-csrf")
