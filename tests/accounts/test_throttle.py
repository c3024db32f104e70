"""Every way in counts attempts, takes the same work for everybody, and says nothing of anybody."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.urls import reverse

from accounts import services
from accounts.models import Role, User
from tests.factories import PASSWORD, OfficeFactory, UserFactory, member, mission_of

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
PEOPLE = {
    "known": lambda: member(password=PASSWORD),
    "unknown": UserFactory.build,
    "disabled": lambda: member(password=PASSWORD, is_active=False),
    "of another door": lambda: member(mission_of(), Role.MISSION_USER, password=PASSWORD),
    "of no office": lambda: UserFactory(password=PASSWORD),
    "without a password": member,
}


@pytest.fixture
def stretched(monkeypatch):
    """How often a password was stretched: nearly all of the time that an answer takes."""
    encode, calls = PBKDF2PasswordHasher.encode, []

    def counted(self, password, salt, iterations=None):
        calls.append(password)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    return calls


@pytest.mark.parametrize("who", PEOPLE)
def test_a_wrong_password_takes_the_same_work_for_everybody(client, stretched, who):
    email = PEOPLE[who]().email
    stretched.clear()

    client.post("/accounts/login/", {"login": email, "password": "a wrong guess"})

    assert len(stretched) == 1


@pytest.mark.parametrize("who", PEOPLE)
def test_asking_for_a_new_password_is_counted_for_everybody_alike(client, who):
    email = PEOPLE[who]().email

    answers = [client.post(RESET, {"email": email}).status_code for _each in range(6)]

    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) <= 5


def test_one_machine_cannot_ask_for_many(client):
    answers = [client.post(RESET, {"email": f"x{n}@example.org"}) for n in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]


def test_passkeys_are_counted_by_machine(client):
    address = "/accounts/security/passkeys/login/"

    answers = [client.post(address, {"credential": "{}"}).status_code for _each in range(11)]

    assert answers == [302] * 10 + [429]


def test_a_locked_out_person_is_answered_as_a_stranger_is(client):
    known = member(password=PASSWORD)

    pages = {
        email: [
            client.post("/accounts/login/", {"login": email, "password": "wrong " * 3})
            for _each in range(6)
        ][-1]
        for email in (known.email, "nobody@example.org")
    }

    (one, two) = pages.values()
    assert one.status_code == two.status_code == 429
    assert one.content == two.content


@pytest.mark.parametrize("state", ["made up", "withdrawn", "used", "of another door"])
def test_every_dead_link_is_answered_alike(client, state):
    administrator = member(role=Role.ADMINISTRATOR)
    office = mission_of() if state == "of another door" else OfficeFactory()
    role = Role.MISSION_USER if state == "of another door" else Role.REVIEWER
    invitation, token = services.invite(
        email="new@example.org", office=office, role=role, by=administrator
    )
    if state == "withdrawn":
        services.withdraw_invitation(invitation, by=administrator)
    if state == "used":
        services.accept_invitation(invitation.digest, name="New", password=PASSWORD)
    fresh = type(client)()
    fresh.get("/accounts/invitation/never-made/")
    stranger = fresh.get("/accounts/invitation/")

    client.get(f"/accounts/invitation/{'made-up' if state == 'made up' else token}/")
    answer = client.get("/accounts/invitation/")

    assert answer.status_code == stranger.status_code == 410
    assert answer.content == stranger.content


# The reference data ------------------------------------------------------------------------------


def test_the_reference_data_has_no_log_in_of_its_own(client):
    user = member(password=PASSWORD, is_staff=True)
    form = {"username": user.email, "password": PASSWORD, "next": "/admin/"}

    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=/admin/"
    assert client.post("/admin/login/", form).url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_the_reference_data_changes_no_password(client):
    user = member(password=PASSWORD, is_staff=True)
    client.force_login(user)
    new = "another long password"

    answer = client.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert answer.url == "/accounts/password/change/"
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_whoever_has_nothing_to_do_there_is_told(client):
    client.force_login(member())

    assert client.get("/admin/", follow=True).status_code == 403


# Delegated: the mission's own head ----------------------------------------------------------------


def test_a_head_sees_who_has_a_second_factor_and_not_which(client, portal):
    mission = mission_of()
    head = member(mission, Role.MISSION_HEAD, name="The Head")
    member(mission, Role.MISSION_USER, name="Without")
    having = member(mission, Role.MISSION_USER, name="With")
    having.authenticator_set.create(type="totp", data={"secret": "x"})
    client.force_login(head)

    page = client.get(reverse("office-detail", args=[mission.pk])).content.decode()

    row = {name: page[page.index(f">{name}<") :].split("</tr>")[0] for name in ("Without", "With")}
    assert "Not set up" in row["Without"] and "Set up" in row["With"]
    assert "Not set up" not in row["With"] and "totp" not in page


def test_a_mission_keeps_a_head(portal):
    mission = mission_of()
    head = member(mission, Role.MISSION_HEAD)

    with pytest.raises(services.Refused, match="last head"):
        services.end_membership(head.memberships.get(), by=head)
    other = member(mission, Role.MISSION_HEAD)
    services.end_membership(head.memberships.get(), by=other)

    assert not head.memberships.exists()


def test_the_last_head_can_be_ended_by_an_administrator():
    head = member(mission_of(), Role.MISSION_HEAD)

    services.end_membership(head.memberships.get(), by=member(role=Role.ADMINISTRATOR))

    assert not head.memberships.exists()


@pytest.mark.parametrize("route", ["invitation-resend", "invitation-withdraw", "membership-end"])
def test_a_head_touches_no_other_state(client, portal, route):
    other = mission_of("XBB")
    foreign = member(other, Role.MISSION_USER).memberships.get()
    invitation, _token = services.invite(
        email="b@example.org",
        office=other,
        role=Role.MISSION_USER,
        by=member(role=Role.ADMINISTRATOR),
    )
    client.force_login(member(mission_of("XAA"), Role.MISSION_HEAD))
    row = foreign if route == "membership-end" else invitation

    assert client.post(reverse(route, args=[row.pk])).status_code == 404
    row.refresh_from_db()
