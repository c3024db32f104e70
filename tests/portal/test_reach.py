"""Who reaches what: one's own, nobody else's, and no way to tell the two kinds of nothing apart."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import AuditEvent, PackageAttachment, ReplyAttachment
from cases.portal.urls import urlpatterns
from cases.services import replies
from tests.factories import PASSWORD, UserFactory, member
from tests.portal.conftest import signed_in
from tests.samples import picture

pytestmark = pytest.mark.django_db

LISTS = ("inbox", "history")
ROWS = {
    "package-detail": "package",
    "package-acknowledge": "package",
    "extension-ask": "package",
    "reply-start": "package",
    "package-attachment": "package_file",
    "reply-edit": "reply",
    "draft-keep": "reply",
    "draft-drop": "reply",
    "reply-attach": "reply",
    "reply-submit": "reply",
    "reply-detail": "reply",
    "reply-attachment": "reply_file",
    "reply-detach": "reply_file",
}


@pytest.fixture
def rows(package, reply, who):
    upload = SimpleUploadedFile("note.png", picture())
    return {
        "package": package,
        "package_file": package.attachments.get(),
        "reply": reply,
        "reply_file": replies.attach(reply, upload, by=who.mission),
    }


def address(route: str, rows) -> str:
    return reverse(route, args=[rows[ROWS[route]].pk])


def what_is_told(response) -> tuple:
    """Everything that one could tell two answers apart by."""
    headers = {k: v for k, v in response.headers.items() if k != "Date"}
    return response.status_code, response.content, headers, dict(response.cookies)


def test_every_route_is_in_the_table():
    assert {pattern.name for pattern in urlpatterns} == {*LISTS, *ROWS}


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
@pytest.mark.parametrize("route", sorted(ROWS))
def test_another_states_row_and_one_that_never_was_are_the_same(stranger, rows, route, method):
    there = getattr(stranger, method)(address(route, rows))
    nowhere = getattr(stranger, method)(reverse(route, args=[uuid4()]))

    assert there.status_code == 404
    assert what_is_told(there) == what_is_told(nowhere)


def test_a_stranger_changes_nothing_by_trying(stranger, rows, reply):
    done = AuditEvent.objects.exclude(verb="refused_as_unknown")
    before = done.count()

    for route in ROWS:
        stranger.post(address(route, rows), {"version": 1, "authorised": "on", "final": "on"})

    reply.refresh_from_db()
    assert (reply.status, reply.version) == ("draft", 1)
    assert not rows["package"].receipts.exists()
    assert not rows["package"].extensions.exists()
    assert ReplyAttachment.objects.filter(pk=rows["reply_file"].pk).exists()
    assert done.count() == before


@pytest.mark.parametrize("route", [*LISTS, *sorted(ROWS)])
def test_nobody_comes_in_without_signing_in(rows, route):
    url = reverse(route) if route in LISTS else address(route, rows)
    for method in ("get", "post"):
        answer = getattr(Client(), method)(url)
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("route", ["inbox", "package-detail", "reply-edit"])
def test_staff_have_no_session_here(rows, who, route):
    url = reverse(route) if route in LISTS else address(route, rows)
    for person in (who.focal, who.reviewer, who.mechanism, who.mandate):
        assert signed_in(person).get(url).status_code == 302


def test_staff_cannot_sign_in_here(who):
    user = member(user=UserFactory.create(password=PASSWORD))

    answer = Client().post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True
    )

    assert "_auth_user_id" not in answer.client.session
    assert answer.context["form"].errors


@pytest.mark.parametrize("role", ["user", "head"])
def test_both_roles_of_a_mission_reach_all_of_it(rows, who, head, role):
    browser = signed_in(who.mission if role == "user" else head)

    for route in LISTS:
        assert browser.get(reverse(route)).status_code == 200
    for route in ("package-detail", "package-attachment", "reply-edit", "reply-submit"):
        assert browser.get(address(route, rows)).status_code == 200, route
    assert browser.get(address("reply-attachment", rows)).status_code == 200


def test_what_takes_only_post_leads_back_to_its_page(browser, rows):
    """As after signing in again: the browser comes by GET to where its form had gone."""
    letter, draft = address("package-detail", rows), address("reply-edit", rows)
    for route in ("package-acknowledge", "extension-ask", "reply-start"):
        assert browser.get(address(route, rows)).url == letter
    for route in ("draft-keep", "draft-drop", "reply-attach", "reply-detach"):
        assert browser.get(address(route, rows)).url == draft
    assert browser.put(address("reply-start", rows)).status_code == 405


def test_nothing_that_is_seen_is_stored(browser, rows):
    urls = [reverse(route) for route in LISTS]
    urls += [address(route, rows) for route in ROWS]
    for url in urls:
        assert browser.get(url).headers["Cache-Control"] == "no-store, private", url


def test_reading_is_in_the_audit(browser, rows, who):
    for route in ("package-detail", "package-attachment", "reply-attachment"):
        answer = browser.get(address(route, rows))
        b"".join(answer.streaming_content) if answer.streaming else None

    read = AuditEvent.objects.filter(read=True, actor=who.mission.pk, door="portal")
    assert set(read.values_list("noun", flat=True)) >= {
        "package",
        PackageAttachment._meta.model_name,
        ReplyAttachment._meta.model_name,
    }


def test_language_is_chosen_before_signing_in():
    client = Client()
    login = reverse("account_login")
    answer = client.post(reverse("set_language"), {"language": "ar", "next": login})
    assert answer.url == login
    assert '<html lang="ar" dir="rtl"' in client.get(login).content.decode()


def test_portal_needs_no_key_of_the_vault(browser, rows, settings, reply):
    """Its process has none: what a mission does touches nothing that the vault sealed."""
    settings.KEY_RINGS = {**settings.KEY_RINGS, "vault": ""}

    browser.post(address("package-acknowledge", rows))
    browser.post(address("extension-ask", rows), {"until": "2099-01-01", "reason": "Records."})
    form = browser.get(address("reply-edit", rows)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"q1": "Said."}
    browser.post(address("draft-keep", rows), typed)
    browser.post(address("reply-edit", rows), typed)
    reply.refresh_from_db()
    promises = {"authorised": "on", "final": "on", "version": reply.version}
    browser.post(address("reply-submit", rows), promises)

    reply.refresh_from_db()
    assert reply.status == "submitted"
    assert rows["package"].extensions.get().reason == "Records."
    for route in ("package-detail", "reply-detail", "package-attachment", "reply-attachment"):
        assert browser.get(address(route, rows)).status_code == 200, route
    for route in LISTS:
        assert browser.get(reverse(route)).status_code == 200
