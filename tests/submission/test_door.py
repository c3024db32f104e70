"""The door without an account: what it says, what it keeps, and how one leaves it."""

import re

import pytest
from django.urls import reverse

from accounts.models import Session
from cases.submission.door import OURS
from cases.submission.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("submission")]


def test_start_needs_no_account_and_names_the_dangers(client):
    page = client.get("/").content.decode()

    for promise in (
        "Are you in danger now?",
        "We cannot promise to protect you",
        "Is this device safe?",
        "reprisals@ohchr.org",
    ):
        assert promise in page


def test_start_pretends_no_form(client):
    page = client.get("/").content.decode()

    assert "You cannot write to us on this page yet." in page
    assert "<textarea" not in page
    assert re.findall(r'<form[^>]*action="([^"]*)"', page) == [reverse("set_language")]


def test_start_keeps_nothing_and_sends_nothing_elsewhere(client, settings):
    answer = client.get("/")

    assert not Session.objects.exists()
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert set(answer.cookies) <= {settings.CSRF_COOKIE_NAME}
    assert not re.findall(r'(?:src|action)="https?:', answer.content.decode())
    for link in re.findall(r'<a [^>]*href="https?:[^>]*>', answer.content.decode()):
        assert 'rel="noreferrer"' in link


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("zh", "ltr"), ("fr", "ltr")])
def test_language_is_chosen_without_an_account(client, code, direction):
    answer = client.post(reverse("set_language"), {"language": code, "next": "/"})

    assert (answer.status_code, answer.url) == (302, "/")
    assert f'<html lang="{code}" dir="{direction}"' in client.get("/").content.decode()


def test_language_leads_to_no_other_site(client):
    answer = client.post(
        reverse("set_language"), {"language": "fr", "next": "https://elsewhere.invalid/"}
    )
    assert answer.url == "/"


def test_leave_forgets_the_browser_and_shows_an_everyday_page(client, settings):
    settings.LEAVE_TO = "https://weather.invalid/"
    client.post(reverse("set_language"), {"language": "fr", "next": "/"})
    session = client.session
    session["typed"] = "kept so far"
    session.save()

    answer = client.get("/leave")

    assert (answer.status_code, answer.url) == (302, "https://weather.invalid/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store, private"
    ended = {name for name, cookie in answer.cookies.items() if cookie["max-age"] == 0}
    assert ended == {getattr(settings, name) for name in OURS}
    assert not Session.objects.exists()


def test_leave_works_for_who_was_never_here(client):
    assert client.get("/leave").status_code == 302


def test_leave_is_a_plain_link_on_the_page(client):
    page = client.get("/").content.decode()
    link = re.search(r'<a [^>]*href="/leave"[^>]*>', page)
    assert link
    assert "noreferrer" in link[0]


@pytest.mark.parametrize("path", [pattern.pattern for pattern in urlpatterns])
def test_nothing_is_posted_here(client, path):
    assert client.post(f"/{path}").status_code == 405


def test_console_and_portal_are_not_behind_this_door(client):
    for path in ("/cases/", "/letters/", "/accounts/login/", "/admin/", "/api/v1/schema/"):
        assert client.get(path).status_code == 404, path
