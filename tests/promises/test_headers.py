"""What every answer of every door tells the browser, whatever the page and whatever went wrong."""

import os
import secrets
import subprocess
import sys
from itertools import product

import pytest
from django.contrib.staticfiles import finders
from django.urls import clear_url_caches

from tests.factories import PASSWORD, journey
from tests.promises.routes import DOORS, routes

pytestmark = pytest.mark.django_db

CSP = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}


@pytest.fixture(params=DOORS)
def door(request, settings):
    settings.DOOR, settings.ROOT_URLCONF = request.param, f"reprisals.urls_{request.param}"
    clear_url_caches()
    return request.param


@pytest.fixture
def answers(door, client):
    """Of every page, as a stranger and as somebody who is at home here, and of one that is not."""
    who = journey.cast()
    if door != "submission":
        somebody = {"console": who.focal, "portal": who.mission}[door]
        somebody.set_password(PASSWORD)
        somebody.save()
        client.force_login(somebody)
    found = [client.get(route.path) for route in routes(door)]
    client.logout()
    found += [client.get(route.path) for route in routes(door)]
    return [*found, client.get("/no-such-page/")]


def tells_the_browser(answers):
    assert {answer.status_code for answer in answers} & {200} and len(answers) > 8
    for answer in answers:
        path, headers = answer.wsgi_request.path, answer.headers
        said = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert {name: set(value.split()) for name, value in said.items()} == CSP, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp", path
        for power in ("camera", "microphone", "geolocation", "usb", "display-capture", "hid"):
            assert f"{power}=()" in headers["Permissions-Policy"], path


def stays_nowhere(answers):
    for answer in answers:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert "no-store" in answer.headers["Cache-Control"], answer.wsgi_request.path


def keeps_its_cookies(answers):
    for answer in answers:
        for name, cookie in answer.cookies.items():
            if cookie["max-age"] == 0:
                continue  # taken back
            assert cookie["samesite"] == "Lax", name
            assert cookie["domain"] == ""
            if name.endswith("session"):
                assert cookie["httponly"]


def fetches_nothing(answers):
    for answer in answers:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = answer.content.decode()
            for attribute in ("src=", "srcset=", "action="):
                assert f'{attribute}"http' not in page and f'{attribute}"//' not in page
            assert "<style" not in page and " style=" not in page
            assert "<script>" not in page and " onclick=" not in page


def test_every_answer_of_every_door(answers):
    """One walk, four promises: to walk a door takes seconds."""
    tells_the_browser(answers)
    stays_nowhere(answers)
    keeps_its_cookies(answers)
    fetches_nothing(answers)


def test_what_the_pages_load_is_ours_and_there():
    for path in ("css/tokens.css", "css/reprisals.css", "js/reprisals.js"):
        assert finders.find(path), path


def test_no_other_site_changes_anything_in_somebodys_name(door, client):
    for site, method in product(("cross-site", "same-site"), ("post", "put", "patch", "delete")):
        answer = getattr(client, method)("/", headers={"sec-fetch-site": site})
        assert answer.status_code == 403, (site, method)
        assert b"<h1>" in answer.content
        assert client.get("/", headers={"sec-fetch-site": site}).status_code != 403
    for site in ("same-origin", "none"):
        answer = client.post("/language/setlang/", headers={"sec-fetch-site": site})
        assert answer.status_code == 302


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
def test_no_method_that_no_page_has(door, client, method):
    answer = client.generic(method, "/", headers={"cookie": "a=secret"})
    assert answer.status_code == 405 and b"secret" not in answer.content


def test_what_is_too_large_is_refused_before_it_is_read(door, client, settings):
    class Unread:
        def read(self, *_size):
            raise AssertionError("read")

        readline = read

    answer = client.generic(
        "POST", "/", CONTENT_LENGTH=str(settings.LONGEST_REQUEST + 1), **{"wsgi.input": Unread()}
    )
    assert answer.status_code == 413
    assert b"25 MB" in answer.content


@pytest.mark.parametrize("name", [*DOORS, "worker"])
def test_the_check_of_django_for_servers_finds_nothing(name):
    """T31: as a server that faces people, in a process of its own."""
    server = {"DEBUG": "0", "HTTPS": "1", "SYNTHETIC": "0", "ALLOWED_HOSTS": "reprisals.invalid"}
    known = {**os.environ, "SECRET_KEY": secrets.token_urlsafe(50), "DOOR": name, **server}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(  # noqa: S603  our own words only
        command, env=known, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout or "1 silenced" in done.stdout
