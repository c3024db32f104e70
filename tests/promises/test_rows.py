"""The portal's role sees the rows of the State whose session it came with, and no others (T5).

Real connections as `reprisals_portal`. What a stolen query could do, a query here does: it sets
every setting that it may, counts, explains, writes.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as house
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from accounts.callers import Told
from accounts.models import Invitation, Role, Session, User
from accounts.services import digest_of
from cases.database.applied import tables_of_models
from cases.database.rights import PORTAL_MAY
from cases.database.rows import POLICIES
from cases.models import PortalDraft
from cases.services import packages, replies
from launch.roles import ROLE_OF
from tests.factories import journey, member, mission_of
from tests.roles import connected, refused

pytestmark = pytest.mark.django_db(transaction=True)
AS_IT_IS = ClientHandler.__call__  # without what tests/conftest.py does to it
# allauth's table of addresses is asked and never shown.
ASKED = {"account.EmailAddress"}
SEEN = sorted(name for name in POLICIES if "SELECT" in PORTAL_MAY[name] and name not in ASKED)


def session_of(user: User, door: str = "portal") -> str:
    """A session of theirs at a door, as signing in leaves it."""
    store = import_module(house.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = house.AUTHENTICATION_BACKENDS[0]
    store.create()
    Session.objects.filter(pk=store.session_key).update(door=door, user=user)
    return store.session_key


@pytest.fixture
def worlds(portal):
    """Two States, each with a letter, a receipt, a reply, a request for time and a draft."""
    made = {}
    for state in ("XAA", "XBB"):
        who = journey.cast(state)
        package = journey.transmitted(who, state)
        packages.read_package(package, by=who.mission)
        until = package.due_at.date() + timedelta(days=9)
        packages.ask_extension(package, by=who.mission, until=until, reason="Translation.")
        journey.replied(package, who)
        PortalDraft.objects.create(user=who.mission, path="/", content={"text": ["Half."]})
        made[state] = who, package
    return made


def rows(own: psycopg.Connection, label: str) -> int:
    return next(own.execute(f"SELECT count(*) FROM {tables_of_models()[label]}"))[0]


def of(label: str, state: str, who) -> int:
    """How many rows are that State's, counted by the owner."""
    table = tables_of_models()[label]
    mission = f"(SELECT user_id FROM accounts_membership WHERE user_id = '{who.mission.pk}')"
    package = f"(SELECT id FROM cases_package WHERE state_id = '{state}')"
    reply = f"(SELECT id FROM cases_reply WHERE package_id IN {package})"
    where = {
        "accounts.User": f"id IN {mission}",
        "accounts.Membership": f"user_id IN {mission}",
        "accounts.Session": f"user_id IN {mission} AND door = 'portal'",
        "accounts.Office": f"state_id = '{state}'",
        "accounts.Invitation": "false",  # for its head alone
        "knox.AuthToken": f"user_id IN {mission}",
        "mfa.Authenticator": f"user_id IN {mission}",
        "cases.Package": f"state_id = '{state}'",
        "cases.PortalDraft": f"user_id IN {mission}",
        "cases.Answer": f"reply_id IN {reply}",
        "cases.ReplyAttachment": f"reply_id IN {reply}",
    }.get(label, f"package_id IN {package}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        return cursor.fetchone()[0]


def test_a_session_shows_the_rows_of_its_state_and_nothing_else(worlds):
    for state, (who, _package) in worlds.items():
        session_of(who.focal, "console")
        key = session_of(who.mission)
        with connected("portal", Told(sessions=key)) as own:
            for label in SEEN:
                assert rows(own, label) == of(label, state, who), label
            shown = own.execute("SELECT DISTINCT state_id FROM cases_package").fetchall()
            assert shown == [(state,)]
    assert rows_of_owner("cases.Package") == len(worlds)


def rows_of_owner(label: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {tables_of_models()[label]}")
        return cursor.fetchone()[0]


def test_whoever_is_nobody_here_sees_no_row(worlds):
    """No row at all; of staff whose session came here somehow, their own account and no more."""
    who = worlds["XAA"][0]
    nobody = {
        "nothing told": Told(),
        "no such session": Told(sessions="x" * 32),
        "a session of staff at the console": Told(sessions=session_of(who.focal, "console")),
        "a session of another door": Told(sessions=session_of(who.mission, "console")),
        "an address of staff": Told(stranger=who.focal.email),
        "an id of staff": Told(stranger=str(who.focal.pk)),
        "nonsense": Told(stranger="nobody@example.org x ' ; --"),
        "no such invitation": Told(invitation="0" * 64),
    }
    for what, told in nobody.items():
        with connected("portal", told) as own:
            assert {label: rows(own, label) for label in SEEN} == dict.fromkeys(SEEN, 0), what
    strayed = Told(sessions=session_of(who.focal, "portal"))
    with connected("portal", strayed) as own:
        seen = {label: number for label in SEEN if (number := rows(own, label))}
    mine = ("accounts.Membership", "accounts.Office", "accounts.Session", "accounts.User")
    assert seen == dict.fromkeys(mine, 1)


def test_an_ended_session_gives_back_typed_work_and_no_letter(worlds):
    who, _package = worlds["XAA"]
    key = session_of(who.mission)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(minutes=1))
    with connected("portal", Told(sessions=key)) as own:
        assert rows(own, "cases.Package") == rows(own, "cases.Reply") == 0
        assert rows(own, "cases.PortalDraft") == 1


def test_whoever_signs_in_is_the_one_account_that_is_seen(worlds):
    who, _package = worlds["XAA"]
    other = worlds["XBB"][0].mission
    with connected("portal", Told(stranger=f"{who.mission.email} ")) as own:
        assert own.execute("SELECT email FROM accounts_user").fetchall() == [(who.mission.email,)]
        assert rows(own, "cases.Package") == 0
    # Once somebody is signed in, a form that names another shows nobody more.
    told = Told(sessions=session_of(who.mission), stranger=other.email)
    with connected("portal", told) as own:
        assert (other.email,) not in own.execute("SELECT email FROM accounts_user").fetchall()


SETTINGS = [
    "SELECT set_config('reprisals.state', 'XBB', false)",
    "SELECT set_config('role', 'reprisals_portal', false)",
    "SELECT set_config('row_security', 'off', false)",
    "SELECT set_config('session_authorization', 'reprisals_portal', false)",
    "SELECT set_config('search_path', 'pg_temp, public', false)",
    "SELECT set_config('reprisals.sessions', '%', false)",
    "SELECT set_config('reprisals.sessions', NULL, false)",
]


def test_no_setting_shows_another_state(worlds):
    """What would show it is known to the other alone: the key of a session."""
    key = session_of(worlds["XAA"][0].mission)
    session_of(worlds["XBB"][0].mission)
    for words in SETTINGS:
        with connected("portal", Told(sessions=key)) as own:
            own.execute(words)
            try:
                states = own.execute("SELECT DISTINCT state_id FROM cases_package").fetchall()
            except psycopg.errors.InsufficientPrivilege:  # row_security off: an error, not rows
                states = []
        assert set(states) <= {("XAA",)}, words


def test_counting_and_explaining_tell_nothing_of_others(worlds):
    who, package = worlds["XAA"]
    other = worlds["XBB"][1]
    with connected("portal", Told(sessions=session_of(who.mission))) as own:
        one = own.execute(
            "SELECT count(*), min(code), max(code), array_agg(id) FROM cases_package"
        ).fetchone()
        assert one == (1, package.code, package.code, [package.pk])
        plan = "\n".join(
            line
            for (line,) in own.execute(
                "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF)"
                f" SELECT * FROM cases_package WHERE id = '{other.pk}'"
            )
        )
        assert "rows=1" not in plan.splitlines()[0]
        # A function that would tell what it is shown is asked after the policy.
        own.execute(
            "SELECT count(*) FROM cases_package WHERE 1 / (CASE state_id WHEN 'XBB' THEN 0"
            " ELSE 1 END) = 1"
        )
        statistics = own.execute(
            "SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'cases_package'"
        )
        assert statistics.fetchall() == []


def test_nothing_can_be_written_for_another_state_or_person(worlds):
    who, package = worlds["XAA"]
    foreign, other = worlds["XBB"]
    reply = replies.start_reply(other, by=foreign.mission)  # a correction, still a draft
    key = session_of(who.mission)
    writes = [
        f"INSERT INTO cases_receipt VALUES (gen_random_uuid(), NULL, 'read', now(),"
        f" '{who.mission.pk}', '{other.pk}')",
        "INSERT INTO cases_extension (id, package_id, until, reason, asked_by_id, asked_at,"
        f" decision, answer) VALUES (gen_random_uuid(), '{package.pk}', now(), '',"
        f" '{who.mission.pk}', now(), 'granted', '')",
        "INSERT INTO cases_answer (id, reply_id, question, position, text)"
        f" VALUES (gen_random_uuid(), '{reply.pk}', 9, '', '')",
        f"UPDATE cases_package SET due_at = now() WHERE id = '{package.pk}'",
        f"UPDATE cases_package SET id = gen_random_uuid() WHERE id = '{package.pk}'",
        "UPDATE accounts_office SET id = gen_random_uuid() WHERE state_id = 'XAA'",
        f"UPDATE accounts_user SET is_staff = true WHERE id = '{who.mission.pk}'",
        f"UPDATE accounts_session SET user_id = '{foreign.mission.pk}' WHERE session_key = '{key}'",
        "INSERT INTO accounts_session (session_key, session_data, expire_date, handle, door,"
        " browser, began_at, seen_at, user_id) VALUES ('y', '', now(), gen_random_uuid(),"
        f" 'portal', '', now(), now(), '{foreign.mission.pk}')",
        "INSERT INTO accounts_membership (id, office_id, user_id, role) SELECT gen_random_uuid(),"
        f" office_id, user_id, 'mission_head' FROM accounts_membership WHERE user_id ="
        f" '{who.mission.pk}'",
        f"INSERT INTO cases_portaldraft (id, user_id, path, saved_at, content)"
        f" VALUES (gen_random_uuid(), '{foreign.mission.pk}', '/x', now(), '')",
    ]
    with connected("portal", Told(sessions=key)) as own:
        assert [words for words in writes if not refused(own, words)] == []
        ended = own.execute(f"DELETE FROM accounts_session WHERE user_id = '{foreign.mission.pk}'")
        assert ended.rowcount == 0


def test_the_head_of_a_mission_ends_memberships_of_that_mission_only(worlds):
    who, _package = worlds["XAA"]
    head = member(mission_of("XAA"), Role.MISSION_HEAD)
    tries = "DELETE FROM accounts_membership WHERE user_id = %s"
    for user, whom, ended in (
        (who.mission, head, 0),
        (head, worlds["XBB"][0].mission, 0),
        (head, who.focal, 0),
        (head, who.mission, 1),
    ):
        with connected("portal", Told(sessions=session_of(user))) as own:
            assert own.execute(tries, [whom.pk]).rowcount == ended


def test_an_invitation_shows_itself_to_whoever_holds_its_token(worlds):
    head = member(mission_of("XBB"), Role.MISSION_HEAD)
    digest = digest_of("token")
    Invitation.objects.create(
        email="new@example.org",
        office=mission_of("XBB"),
        role=Role.MISSION_USER,
        digest=digest,
        invited_by=head,
    )
    with connected("portal", Told(invitation=digest)) as own:
        assert rows(own, "accounts.Invitation") == 1
        assert rows(own, "accounts.User") == rows(own, "cases.Package") == 0
        for email, wrong in (("other@example.org", True), ("new@example.org", False)):
            words = (
                "INSERT INTO accounts_user (id, email, name, language, is_active, is_staff,"
                " is_superuser, password, date_joined, sessions_since) VALUES"
                f" ('{uuid4()}', '{email}', 'N', 'en', true, false, false, '', now(), '{uuid4()}')"
            )
            assert refused(own, words) is wrong
    with connected("portal", Told(sessions=session_of(worlds["XAA"][0].mission))) as own:
        assert rows(own, "accounts.Invitation") == 0


def test_the_submission_door_sees_its_own_session(worlds):
    key = session_of(worlds["XAA"][0].mission)
    here = session_of(worlds["XAA"][0].mission, "submission")
    for told, seen in ((key, 0), ("", 0), (here, 1)):
        with connected("submission", Told(sessions=told)) as own:
            assert rows(own, "accounts.Session") == seen


@pytest.fixture
def pooled(monkeypatch):
    """Threads of this process connect as the portal does: as its role, by a pool of four."""
    usual = connections.settings["default"]
    pool = {"min_size": 1, "max_size": 4, "timeout": 60}
    portals = {**usual, "USER": ROLE_OF["portal"], "OPTIONS": {"pool": pool}}
    monkeypatch.setitem(connections.settings, "default", portals)
    monkeypatch.setattr(ClientHandler, "__call__", AS_IT_IS)
    yield
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_close_pool).result()


def _close_pool() -> None:
    wrapper: Any = connections["default"]
    wrapper.close_pool()


def test_connections_of_a_pool_tell_no_request_what_another_was_told(worlds, pooled):
    """T5: fifty threads of two States and of nobody, interleaved, as the real role."""
    codes = {state: package.code for state, (_who, package) in worlds.items()}
    keys = {state: session_of(who.mission) for state, (who, _package) in worlds.items()}

    def visit(number: int) -> set[tuple[str, str]]:
        """Whose browser it was, and which letters it was shown."""
        state = ("XAA", "XBB", "")[number % 3]
        browser = Client()
        if state:
            browser.cookies[house.SESSION_COOKIE_NAME] = keys[state]
        try:
            pages = [browser.get("/").content.decode() for _time in range(4)]
            assert connections["default"].settings_dict["USER"] == ROLE_OF["portal"]
        finally:
            connections["default"].close()
        return {(state, code) for page in pages for code in codes.values() if code in page}

    with ThreadPoolExecutor(50) as threads:
        seen = set().union(*threads.map(visit, range(50)))

    assert seen == set(codes.items())
