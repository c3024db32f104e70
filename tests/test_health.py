"""/healthz says by name what does not answer, to anybody, and nothing else."""

import json

import pytest
import redis
from django.conf import settings as real_settings
from django.db import connection
from django.test import RequestFactory

from cases import tasks
from cases.health import ALIVE_KEY, ALIVE_SECONDS, KEYS_KEY, healthz
from cases.vault import Ring, upkeep
from cases.vault.upkeep import Key

NOBODY = "unix:///nowhere/valkey.sock"


@pytest.fixture
def broker():
    """The real one, with no mark of a worker in it."""
    with redis.from_url(real_settings.REDIS_URL) as client:
        client.delete(ALIVE_KEY, KEYS_KEY)
        yield client
        client.delete(ALIVE_KEY, KEYS_KEY)


@pytest.fixture
def no_database():
    """The connection as it is when the server has gone away for good."""
    kept = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.close()
    connection.settings_dict["HOST"] = kept


def ask():
    return healthz(RequestFactory().get("/healthz"))


@pytest.mark.django_db
def test_all_is_well_once_a_worker_took_the_beat(broker):
    tasks.beat()

    answer = ask()

    assert (answer.status_code, answer.content) == (200, b'{"status": "ok"}')


@pytest.mark.django_db
def test_no_worker_is_said(broker):
    answer = ask()

    assert answer.status_code == 503
    assert answer.content == b'{"status": "failing", "failed": ["worker"]}'


@pytest.mark.django_db
def test_mark_of_the_worker_fades(broker):
    tasks.beat()

    assert 0 < broker.ttl(ALIVE_KEY) <= ALIVE_SECONDS


@pytest.mark.django_db
def test_broker_away_is_said(settings):
    settings.REDIS_URL = NOBODY

    answer = ask()

    assert answer.status_code == 503
    assert answer.content == b'{"status": "failing", "failed": ["broker"]}'


@pytest.mark.django_db(transaction=True)
def test_database_away_is_said(broker, no_database):
    tasks.beat()

    answer = ask()

    assert answer.status_code == 503
    assert answer.content == b'{"status": "failing", "failed": ["database"]}'


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("door", "healthy"), [("console", 503), ("portal", 200), ("submission", 200)]
)
def test_a_door_without_a_ring_of_its_own_is_said(broker, settings, door, healthy):
    tasks.beat()
    settings.DOOR = door
    settings.KEY_RINGS = {**settings.KEY_RINGS, "vault": ""}

    assert ask().status_code == healthy


@pytest.mark.django_db
def test_keys_that_are_needed_and_not_here_are_named_to_the_console(broker, settings, monkeypatch):
    tasks.beat()
    monkeypatch.setattr(upkeep, "keys_missing", lambda: {Key(Ring.VAULT, "2025"): 7})
    tasks.sweep_keys()

    said = json.loads(ask().content)
    assert said["failed"] == ["vault"]
    assert said["keys"] == [{"ring": "vault", "key": "2025", "needed_by": 7}]
    settings.DOOR = "portal"
    assert json.loads(ask().content) == {"status": "ok"}

    settings.DOOR = "console"
    monkeypatch.setattr(upkeep, "keys_missing", dict)
    tasks.sweep_keys()
    assert ask().status_code == 200


@pytest.mark.django_db
def test_answer_is_not_kept(broker):
    assert ask().headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["console", "portal", "submission"])
def test_every_door_answers_a_stranger(broker, client, settings, door):
    settings.ROOT_URLCONF = f"reprisals.urls_{door}"
    tasks.beat()

    assert client.get("/healthz").status_code == 200
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
