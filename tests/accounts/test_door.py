"""A mission user is nobody at the console, and the staff are nobody at the portal."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts.backends import DoorBackend, DoorTokenAuthentication
from accounts.models import Membership, Role, User
from tests.factories import PASSWORD, UserFactory, member, mission_of

pytestmark = pytest.mark.django_db

PEOPLE = {
    "focal point": lambda: member(role=Role.FOCAL_POINT, password=PASSWORD),
    "mission user": lambda: member(role=Role.MISSION_USER, password=PASSWORD),
    "nobody": lambda: UserFactory(password=PASSWORD),
    "superuser": lambda: User.objects.create_superuser("su@example.org", PASSWORD, name="Super"),
}
# Who may come in where.
MATRIX = """
               console  worker  portal  submission
focal point    x        x       -       -
mission user   -        -       x       -
nobody         -        -       -       -
superuser      -        -       -       -
"""


def cells():
    head, *rows = [line for line in MATRIX.splitlines() if line.strip()]
    doors = head.split()
    for row in rows:
        who, marks = row[:15].strip(), row[15:].split()
        for door, mark in zip(doors, marks, strict=True):
            yield pytest.param(who, door, mark == "x", id=f"{who} at {door}")


@pytest.mark.parametrize(("who", "door", "welcome"), list(cells()))
def test_door_matrix(settings, who, door, welcome):
    settings.DOOR = door
    user = PEOPLE[who]()

    assert (authenticate(None, email=user.email, password=PASSWORD) == user) is welcome
    assert (DoorBackend().get_user(user.pk) == user) is welcome


def test_user_name_is_no_way_in():
    user = member(password=PASSWORD)

    assert authenticate(None, username=user.email, password=PASSWORD) is None
    assert authenticate(None, email=user.email, password="wrong") is None
    assert authenticate(None, email=user.email.upper(), password=PASSWORD) == user


@pytest.mark.parametrize(
    "lose",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: Membership.objects.filter(user=user).delete(),
        lambda user: user.offices.update(active=False),
    ],
    ids=["person deactivated", "membership ended", "office closed"],
)
def test_loss_counts_with_the_next_request(client, lose):
    user = member()
    client.force_login(user)
    assert client.get(reverse("accounts-me")).status_code == 200

    lose(user)

    answer = client.get(reverse("accounts-me"))
    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/login/?next=/accounts/me/",
    )


def test_session_of_the_portal_is_worthless_at_the_console(client, settings):
    user = member(mission_of(), Role.MISSION_USER)
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    client.force_login(user)
    assert client.get(reverse("accounts-me")).status_code == 200

    settings.DOOR, settings.ROOT_URLCONF = "console", "reprisals.urls_console"

    assert client.get(reverse("accounts-me")).status_code == 302


def test_token_is_worth_no_more_than_its_owner(settings):
    user = member()
    token, text = AuthToken.objects.create(user=user)
    gate = DoorTokenAuthentication()
    assert gate.authenticate_credentials(text.encode()) == (user, token)

    settings.DOOR = "portal"

    with pytest.raises(AuthenticationFailed):
        gate.authenticate_credentials(text.encode())
