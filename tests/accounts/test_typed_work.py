"""A session that ran out loses nothing that was typed, and gives nothing to anybody else."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Role, Session, User
from cases.models import Draft, PortalDraft
from cases.services.drafts import typed_work
from tests.factories import member, mission_of

pytestmark = pytest.mark.django_db

PATH = "/offices/"
KEPT = f"/accounts/login/?next={PATH}&kept=1"
NOT_KEPT = f"/accounts/login/?next={PATH}"
TYPED = {"narrative": "وقع الحادث", "states": ["XAA", "XBB"]}


@pytest.fixture
def user():
    return member()


@pytest.fixture
def client(client, user):
    """The browser of somebody whose session ended while they wrote."""
    client.force_login(user)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    return client


def test_typed_work_waits_for_its_writer(client, user):
    answer = client.post(PATH, TYPED)

    assert (answer.status_code, answer.url) == (302, KEPT)
    draft = typed_work(user, PATH)
    assert draft is not None
    assert draft.content == {"narrative": ["وقع الحادث"], "states": ["XAA", "XBB"]}
    assert "What you typed is kept" in client.get(KEPT).content.decode()


def test_session_that_ran_out_by_the_clock_keeps_too(user):
    client = Client()
    client.force_login(user)

    with time_machine.travel(timezone.now() + timedelta(hours=9), tick=False):
        assert client.post(PATH, TYPED).url == KEPT


def test_secrets_and_files_are_not_kept(client, user):
    client.post(
        PATH,
        {
            **TYPED,
            "csrfmiddlewaretoken": "a" * 64,
            "Password1": "hidden",
            "api_token": "hidden",
            "client_secret": "hidden",
            "attachment": SimpleUploadedFile("proof.txt", b"content of a file"),
        },
    )

    draft = typed_work(user, PATH)
    assert draft is not None
    assert set(draft.content) == set(TYPED)


def test_reading_keeps_nothing(client):
    assert client.get(PATH).url == NOT_KEPT
    assert not Draft.objects.exists()


def test_too_much_is_not_kept(client):
    assert client.post(PATH, {"narrative": "x" * 210_000}).url == NOT_KEPT
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda client: client.cookies.load({"console-session": "f" * 32}),
        lambda client: client.cookies.pop("console-session"),
        lambda client: Session.objects.update(session_data="forged:data:here"),
        lambda client: Session.objects.all().delete(),
        lambda client: User.objects.update(is_active=False),
        lambda client: User.objects.update(password="changed since"),
        lambda client: Membership.objects.all().delete(),
    ],
    ids=["forged", "absent", "tampered", "cleared", "deactivated", "new password", "no office"],
)
def test_other_sessions_keep_nothing(client, spoil):
    spoil(client)

    assert client.post(PATH, TYPED).url == NOT_KEPT
    assert not Draft.objects.exists()


def test_session_ended_on_purpose_keeps_nothing(user):
    client = Client()
    client.force_login(user)
    cookie = client.cookies["console-session"].value
    client.logout()
    client.cookies["console-session"] = cookie

    assert client.post(PATH, TYPED).url == NOT_KEPT
    assert not Draft.objects.exists()


def test_forged_form_of_another_site_keeps_nothing(client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies

    answer = strict.post(PATH, TYPED)

    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_pages_about_accounts_keep_nothing(client):
    answer = client.post("/accounts/me/", {"name": "Typed"})

    assert answer.url == "/accounts/login/?next=/accounts/me/"
    assert not Draft.objects.exists()


def test_htmx_is_sent_to_the_login_as_a_whole_page(client, user):
    answer = client.post(
        PATH,
        TYPED,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/offices/?page=2"},
    )

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/offices/%3Fpage%3D2&kept=1"
    assert typed_work(user, PATH) is not None


def test_portal_keeps_under_its_own_keys(portal):
    user = member(mission_of(), Role.MISSION_USER)
    client = Client()
    client.force_login(user)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    assert client.post(PATH, TYPED).url == KEPT
    assert (PortalDraft.objects.count(), Draft.objects.count()) == (1, 0)
