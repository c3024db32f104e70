"""The pages about oneself, about invitations and about offices."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from accounts import services
from accounts.models import Invitation, Membership, Role, Session, User
from tests.factories import OfficeFactory, member, mission_of

pytestmark = pytest.mark.django_db

GOOD = "a long and quiet password"
ACCEPT = "/accounts/invitation/"


@pytest.fixture
def administrator():
    return member(role=Role.ADMINISTRATOR)


@pytest.fixture
def token(administrator):
    __, token = services.invite(
        email="new@example.org", office=OfficeFactory(), role=Role.REVIEWER, by=administrator
    )
    return token


def test_token_leaves_the_address_at_once(client, token):
    answer = client.get(f"{ACCEPT}{token}/")

    assert (answer.status_code, answer.url) == (302, ACCEPT)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert token not in client.get(ACCEPT).content.decode()
    assert token not in str([one.get_decoded() for one in Session.objects.all()])


def test_new_person_comes_in(client, token):
    client.get(f"{ACCEPT}{token}/")
    page = client.get(ACCEPT).content.decode()
    assert "at least 15 characters" in page

    answer = client.post(ACCEPT, {"name": "New Person", "password": GOOD, "again": GOOD})

    assert answer.url == "/accounts/login/"
    signed_in = client.post("/accounts/login/", {"login": "new@example.org", "password": GOOD})
    assert signed_in.url == "/"
    assert client.get(ACCEPT).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "complaint"),
    [
        ("short", "short", "at least 15 characters"),
        (GOOD, GOOD + "x", "two passwords differ"),
        ("new@example.org", "new@example.org", "too similar"),
    ],
)
def test_refused_password_loses_no_name(client, token, password, again, complaint):
    client.get(f"{ACCEPT}{token}/")

    page = client.post(ACCEPT, {"name": "Ñandú Ω", "password": password, "again": again})

    text = page.content.decode()
    assert complaint in text
    assert 'value="Ñandú Ω"' in text
    assert f'value="{password}"' not in text
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("path", [ACCEPT, f"{ACCEPT}not-a-token/"])
def test_bad_link_is_answered_in_words(client, path):
    answer = client.get(path, follow=True)

    assert answer.status_code == 410
    assert b"Ask whoever invited you" in answer.content


def test_signed_in_person_joins_with_one_button(client, token):
    user = member(email="new@example.org")
    client.force_login(user)
    client.get(f"{ACCEPT}{token}/")
    assert b"Join this office" in client.get(ACCEPT).content

    answer = client.post(ACCEPT, follow=True)

    assert b"You are a member of" in answer.content
    assert Membership.objects.filter(user=user).count() == 2


def test_profile_changes_name_and_language(client):
    user = member()
    client.force_login(user)

    answer = client.post("/accounts/me/", {"name": "Another Name", "language": "es"})

    user.refresh_from_db()
    assert (user.name, user.language) == ("Another Name", "es")
    assert answer.cookies["console-language"].value == "es"


@pytest.mark.parametrize("data", [{"name": "", "language": "en"}, {"name": "x", "language": "tlh"}])
def test_profile_refuses_nonsense(client, data):
    user = member()
    client.force_login(user)

    answer = client.post("/accounts/me/", data)

    assert b"data-errors" in answer.content
    assert User.objects.get(pk=user.pk).name == user.name


def test_sign_out_everywhere_else(client):
    user = member()
    other = type(client)()
    other.force_login(user)
    client.force_login(user)

    client.post("/accounts/security/sessions/end/")

    assert client.get("/accounts/me/").status_code == 200
    assert other.get("/accounts/me/").status_code == 302


def test_token_is_shown_once_and_revoked(client):
    user = member()
    client.force_login(user)

    page = client.post("/accounts/me/tokens/", {"days": "30"}).content.decode()

    (token,) = re.findall(r'r-mono r-break">(\w{64})<', page)
    assert token not in client.get("/accounts/me/").content.decode()
    mine = user.auth_token_set.get()
    client.post("/accounts/me/tokens/revoke/", {"token": mine.digest})
    assert not user.auth_token_set.exists()


def test_token_of_somebody_else_is_not_there(client):
    owner = member()
    services.create_token(owner, days=7, by=owner)
    client.force_login(member())

    answer = client.post(
        "/accounts/me/tokens/revoke/", {"token": owner.auth_token_set.get().digest}
    )

    assert answer.status_code == 404
    assert owner.auth_token_set.exists()


def test_no_tokens_at_the_portal(client, portal):
    client.force_login(member(mission_of(), Role.MISSION_USER))

    assert b"API tokens" not in client.get("/accounts/me/").content
    assert client.post("/accounts/me/tokens/", {"days": "7"}).status_code == 404


def test_administrator_invites_withdraws_and_ends(client, administrator):
    office = OfficeFactory()
    person = member(office, Role.FOCAL_POINT)
    client.force_login(administrator)
    page = reverse("office-detail", args=[office.pk])
    assert person.email in client.get(page).content.decode()

    client.post(
        reverse("office-invite", args=[office.pk]),
        {"email": "a@example.org", "role": "reviewer", "language": "ar"},
    )
    invitation = Invitation.objects.get()
    assert "a@example.org" in client.get(page).content.decode()
    client.post(reverse("invitation-resend", args=[invitation.pk]))
    client.post(reverse("invitation-withdraw", args=[invitation.pk]))
    client.post(reverse("membership-end", args=[Membership.objects.get(user=person).pk]))

    text = client.get(page).content.decode()
    assert "a@example.org" not in text
    assert person.email not in text


def test_refused_invitation_keeps_what_was_typed(client, administrator):
    office = OfficeFactory()
    client.force_login(administrator)
    url = reverse("office-invite", args=[office.pk])
    typed = {"email": "a@example.org", "role": "reviewer", "language": "fr"}
    client.post(url, typed)

    page = client.post(url, typed)

    assert page.status_code == 200
    assert "is open" in page.content.decode()
    assert 'value="a@example.org"' in page.content.decode()


def test_role_of_another_kind_of_office_cannot_be_chosen(client, administrator):
    client.force_login(administrator)

    page = client.post(
        reverse("office-invite", args=[OfficeFactory().pk]),
        {"email": "a@example.org", "role": "mission_head", "language": "en"},
    )

    assert b"data-errors" in page.content
    assert not Invitation.objects.exists()


def test_strangers_find_no_office(client, administrator):
    office = OfficeFactory()
    invitation, __ = services.invite(
        email="a@example.org", office=office, role=Role.REVIEWER, by=administrator
    )
    worker = member(office, Role.FOCAL_POINT)
    client.force_login(worker)

    for name, pk in (
        ("office-detail", office.pk),
        ("office-invite", office.pk),
        ("invitation-resend", invitation.pk),
        ("invitation-withdraw", invitation.pk),
        ("membership-end", Membership.objects.get(user=worker).pk),
    ):
        url = reverse(name, args=[pk])
        answer = client.get(url) if name == "office-detail" else client.post(url)
        assert answer.status_code == 404, name
    assert office.name not in client.get(reverse("office-list")).content.decode()


def test_head_of_a_mission_looks_after_the_mission_only(client, portal):
    mine, other = mission_of("XAA"), mission_of("XBB")
    client.force_login(member(mine, Role.MISSION_HEAD))

    text = client.get(reverse("office-list")).content.decode()

    assert mine.name in text
    assert other.name not in text
    assert client.get(reverse("office-detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("office-detail", args=[other.pk])).status_code == 404


def test_lists_do_not_ask_more_as_they_grow(client, administrator, django_assert_max_num_queries):
    office = OfficeFactory()
    for _each in range(12):
        member(office, Role.FOCAL_POINT)
    OfficeFactory.create_batch(12)
    client.force_login(administrator)

    for url in (reverse("office-list"), reverse("office-detail", args=[office.pk])):
        with django_assert_max_num_queries(8):
            assert client.get(url).status_code == 200


def test_mail_speaks_the_language_of_the_invited(letters, django_capture_on_commit_callbacks):
    administrator = member(role=Role.ADMINISTRATOR)

    with translation.override("fr"), django_capture_on_commit_callbacks(execute=True):
        services.invite(
            email="a@example.org",
            office=OfficeFactory(),
            role=Role.REVIEWER,
            by=administrator,
            language="en",
        )

    assert "It works until" in letters(1)[0].body
