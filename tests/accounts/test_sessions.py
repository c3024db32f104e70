"""A session ends when nobody is there, when it was long enough, and when its owner says so."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as house
from django.test import Client
from django.utils import timezone

from accounts.models import Role, Session, User
from accounts.sessions import browser_of
from cases.models import AuditEvent
from tests.factories import PASSWORD, member, mission_of

pytestmark = pytest.mark.django_db

ME = "/accounts/me/"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def lets_in(client) -> bool:
    return client.get(ME).status_code == 200


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("door", "idle"), [("console", 15), ("portal", 60)])
def test_nobody_there_for_a_while_ends_it(settings, door, idle):
    settings.DOOR, settings.ROOT_URLCONF = door, f"reprisals.urls_{door}"
    role = Role.MISSION_USER if door == "portal" else Role.FOCAL_POINT
    client = signed_in(member(role=role))

    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift((idle - 1) * MINUTE)
        assert lets_in(client)
        clock.shift((idle - 1) * MINUTE)
        assert lets_in(client), "a request puts the end off"
        clock.shift(idle * MINUTE + MINUTE)
        assert not lets_in(client)


@pytest.mark.parametrize("door", ["console", "portal"])
def test_long_enough_ends_it_however_busy_it_was(settings, door):
    settings.DOOR, settings.ROOT_URLCONF = door, f"reprisals.urls_{door}"
    role = Role.MISSION_USER if door == "portal" else Role.FOCAL_POINT
    client = signed_in(member(role=role))

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(71):
            clock.shift(10 * MINUTE)
            assert lets_in(client)
        clock.shift(10 * MINUTE)
        assert not lets_in(client)


def test_signing_out_elsewhere_does_not_begin_it_anew(client):
    """The longest time counts from signing in, whatever the session goes through."""
    client.force_login(member())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(60):
            clock.shift(10 * MINUTE)
            assert lets_in(client)
        client.post("/accounts/security/sessions/end/")
        for _each in range(11):
            clock.shift(10 * MINUTE)
            assert lets_in(client)
        clock.shift(11 * MINUTE)
        assert not lets_in(client)


def test_a_page_that_writes_into_its_session_keeps_the_clocks(client):
    user = member()
    client.force_login(user)
    began = Session.objects.get(user=user).began_at

    with time_machine.travel(timezone.now() + 10 * MINUTE, tick=False):
        client.post(ME, {"name": "Another Name", "language": "en"})
        row = Session.objects.get(user=user)
        assert row.began_at == began
        assert row.expire_date == timezone.now() + 15 * MINUTE


def test_no_page_asks_for_anything_by_itself():
    """A page that polled would keep an empty chair signed in."""
    pages = [path.read_text() for path in (house.BASE_DIR / "templates").rglob("*.html")]
    assert len(pages) > 50
    assert not [page for page in pages if "every " in page and "hx-trigger" in page]
    assert not [page for page in pages if 'http-equiv="refresh"' in page]


def test_typing_puts_the_end_off_and_says_so(client):
    client.force_login(member())

    with time_machine.travel(timezone.now() + 10 * MINUTE, tick=False):
        answer = client.get(ME, headers={"X-Requested-With": "fetch"})
        end = (timezone.now() + 15 * MINUTE).isoformat()
        assert answer.headers["Session-Ends"] == end
    assert "Session-Ends" not in client.get(ME).headers


def test_signing_in_gives_another_key(client):
    """Whoever planted a cookie before does not hold the session that begins."""
    user = member(password=PASSWORD)
    client.post("/language/setlang/", {"language": "fr"})
    client.get("/accounts/invitation/some-token/")  # writes into the session of a stranger
    planted = client.cookies["console-session"].value
    thief = Client()
    thief.cookies["console-session"] = planted

    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert lets_in(client)
    assert client.cookies["console-session"].value != planted
    assert not lets_in(thief)
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_says_whose_it_is_and_keeps_no_address(client):
    user = member(password=PASSWORD)
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    client.post(
        "/accounts/login/",
        {"login": user.email, "password": PASSWORD},
        headers={"User-Agent": agent},
        REMOTE_ADDR="203.0.113.77",
    )

    row = Session.objects.get(user=user)
    assert (row.door, row.browser) == ("console", "Firefox, Windows")
    assert "203.0.113.77" not in str(vars(row)) + str(row.get_decoded())
    assert "145.0" not in str(vars(row)) + str(row.get_decoded())


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605", "Safari, macOS"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_browser_is_known_again_by_its_family(agent, name):
    assert browser_of(agent) == name


def test_a_cookie_of_one_door_opens_nothing_at_another(client, settings):
    user = member(mission_of(), Role.MISSION_USER)
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    client.force_login(user)
    assert lets_in(client)
    # Even where somebody belonged at both doors.
    Session.objects.update(door="console")

    assert not lets_in(client)


def test_an_ended_session_is_not_brought_back_by_a_request_on_its_way(client):
    user = member()
    client.force_login(user)
    store = client.session
    with time_machine.travel(timezone.now() + 2 * MINUTE, tick=False):
        Session.objects.all().delete()
        store.touch()

    assert not Session.objects.exists()
    assert not lets_in(client)


@pytest.mark.parametrize(
    "lose",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: user.memberships.all().delete(),
        lambda user: Session.objects.filter(user=user).delete(),
    ],
    ids=["disabled", "no office", "ended"],
)
def test_every_window_is_out_with_its_next_request(lose):
    user = member()
    windows = [signed_in(user) for _each in range(3)]
    assert all(map(lets_in, windows))

    lose(user)

    assert not any(map(lets_in, windows))


# The list of one's own ----------------------------------------------------------------------------

SECURITY = "/accounts/security/"


def test_one_sees_where_one_is_signed_in_and_nobody_else_is(client):
    user, other = member(), member()
    elsewhere = signed_in(user)
    signed_in(other)
    client.force_login(user)
    Session.objects.filter(session_key=elsewhere.session.session_key).update(browser="Edge, Linux")

    page = client.get(SECURITY).content.decode()

    assert page.count('/end/"') == 2, "one row to end, and all others at once"
    assert "Edge, Linux" in page and "This one" in page
    for row in Session.objects.all():
        assert row.session_key not in page
    assert str(Session.objects.get(user=other).handle) not in page


def test_one_session_is_ended_with_its_next_request(client):
    user = member()
    elsewhere, third = signed_in(user), signed_in(user)
    client.force_login(user)
    row = Session.objects.get(session_key=elsewhere.session.session_key)

    answer = client.post(f"{SECURITY}sessions/{row.handle}/end/")

    assert answer.url == SECURITY
    assert not lets_in(elsewhere)
    assert lets_in(third) and lets_in(client)
    assert AuditEvent.objects.filter(verb="session_ended", actor=user.pk).count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_session_of_somebody_else_is_not_there(client, method):
    theirs = signed_in(member())
    handle = Session.objects.get().handle
    client.force_login(member())

    answer = getattr(client, method)(f"{SECURITY}sessions/{handle}/end/")

    assert answer.status_code == (404 if method == "post" else 405)
    assert lets_in(theirs)


def test_a_session_that_ran_out_is_not_listed(client):
    user = member()
    signed_in(user)
    Session.objects.update(expire_date=timezone.now() - MINUTE)
    client.force_login(user)

    assert client.get(SECURITY).content.decode().count('/end/"') == 0


def test_the_page_asks_no_more_for_many(client, django_assert_max_num_queries):
    user = member()
    client.force_login(user)
    for _each in range(12):
        signed_in(user)
    with django_assert_max_num_queries(16):
        assert client.get(SECURITY).status_code == 200
