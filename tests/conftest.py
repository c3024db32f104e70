"""What every test stands on: the reference data, empty caches, nothing of another test."""

import os
from contextlib import suppress
from functools import partial
from threading import Thread

import psycopg
import pytest
from django.conf import settings as house
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from pytest_django.plugin import blocking_manager_key

from cases.models import AuditEvent
from cases.models.access import view_permission_id
from cases.models.term import forget_terms
from cases.services.reference import load_reference
from launch.roles import ROLE_OF
from reprisals.celery import app
from reprisals.settings import broker_url
from tests.clamd import Scanner
from tests.factories.accounts import prove


def pytest_configure():
    """Beside its own database each process of pytest-xdist has its own broker and cache."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    server, _query, _db = house.REDIS_URL.partition("?")
    house.REDIS_URL = os.environ["REDIS_URL"] = f"{server}?db={number}"
    house.CACHES["default"]["LOCATION"] = house.REDIS_URL
    app.conf.broker_url = house.CELERY_BROKER_URL = broker_url(house.REDIS_URL)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Reference data once for the whole run: it is read, never written, by the tests."""
    with django_db_blocker.unblock():
        connection.ops.sql_flush = partial(_with_the_audit, connection.ops.sql_flush)
        load_reference()


def _with_the_audit(flush, *args, **kwargs):
    """What empties the database after a test with real commits: the audit refuses to be emptied."""
    table = f"ALTER TABLE {AuditEvent._meta.db_table}"
    sql = flush(*args, **kwargs)
    return [f"{table} DISABLE TRIGGER USER", *sql, f"{table} ENABLE TRIGGER USER"] if sql else sql


# Whether the last test with the database was one with real commits, which ends in a flush.
FLUSHED = pytest.StashKey[bool]()


def pytest_runtest_setup(item):
    """After a flush the reference data is gone; before any transaction it comes back."""
    if item.session.stash.get(FLUSHED, False):
        item.session.stash[FLUSHED] = False
        with item.config.stash[blocking_manager_key].unblock():
            load_reference()
        forget_terms()


@pytest.fixture(autouse=True)
def _reference_again_after_a_flush(request):
    """A test with real commits finds the reference data; its end takes them away again."""
    view_permission_id.cache_clear()
    if {"transactional_db", "live_server"} & set(request.fixturenames) or _commits(request):
        request.getfixturevalue("transactional_db")
        load_reference()
        forget_terms()
        request.session.stash[FLUSHED] = True


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _empty_cache():
    """The throttle counts in Redis, which no test rolls back."""
    cache.clear()


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.AUDIT_ANCHORS = tmp_path / "anchors"


@pytest.fixture(autouse=True)
def _requests_as_the_role_of_their_door(request, monkeypatch, settings):
    """What a door asks of the database, it asks as its own role: tests/promises/test_roles.py.

    The test around it, which makes the world and looks at it, is the owner's.
    """
    if not _uses_database(request):
        return
    answer = ClientHandler.__call__

    def as_role(handler, environ):
        connection.ensure_connection()
        connection.connection.execute(f"SET ROLE {ROLE_OF[settings.DOOR]}")
        try:
            return answer(handler, environ)
        finally:
            with suppress(psycopg.Error):  # the test took the connection away
                connection.connection.execute("RESET ROLE")

    monkeypatch.setattr(ClientHandler, "__call__", as_role)


def _uses_database(request: pytest.FixtureRequest) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    return bool(fixtures or request.node.get_closest_marker("django_db"))


@pytest.fixture
def portal(settings):
    """This process as the portal's; without it, tests are the console's."""
    settings.DOOR = "portal"
    settings.ROOT_URLCONF = "reprisals.urls_portal"


@pytest.fixture
def submission(settings):
    settings.DOOR = "submission"
    settings.ROOT_URLCONF = "reprisals.urls_submission"


@pytest.fixture
def clamd(settings):
    """A virus scanner that answers, and that this process is told of."""
    with Scanner() as scanner:
        Thread(target=scanner.serve_forever, daemon=True).start()
        settings.CLAMD = scanner.url
        yield scanner
        scanner.shutdown()


@pytest.fixture(autouse=True)
def _signed_in_just_now(monkeypatch):
    """`force_login` stands for typing the password now: what asks for fresh proof lets pass."""
    login = Client.force_login

    def just_now(self, user, backend=None):
        login(self, user, backend)
        prove(self, user)

    monkeypatch.setattr(Client, "force_login", just_now)
