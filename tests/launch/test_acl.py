"""The broker shows each process its own (T2): asked of a real server, as each user."""

import pytest
import redis
from celery import Celery
from django.conf import settings
from redis.exceptions import NoPermissionError

from cases.health import ALIVE_KEY
from launch.acl import USERS, address_of, make_users
from reprisals.settings import broker_url


@pytest.fixture
def server():
    make_users(settings.REDIS_URL)
    with redis.from_url(settings.REDIS_URL) as owner:
        owner.lpush("celery", "an id of the offices")
        owner.lpush("intake", "an id of a package")
        owner.set("console:1:session", "of the offices")
        owner.set(ALIVE_KEY, "1")
        yield owner
        owner.delete("celery", "intake", "console:1:session", "mine", ALIVE_KEY)


def of(user: str) -> "redis.Redis":
    return redis.from_url(address_of(user, settings.REDIS_URL))


@pytest.mark.parametrize("user", ["portal", "submission"])
@pytest.mark.parametrize(
    "words",
    [
        "LRANGE celery 0 -1",
        "LRANGE intake 0 -1",
        "RPOP celery",
        "RPOP intake",
        "BLPOP intake 1",
        "LMOVE intake portal:1:mine LEFT LEFT",
        "RENAME intake portal:1:mine",
        "COPY celery portal:1:mine",
        "LPUSH celery mine",
        "GET console:1:session",
        "DUMP console:1:session",
        "DEL console:1:session",
        "SET reprisals:worker-alive 1",
        "KEYS *",
        "SCAN 0",
        "RANDOMKEY",
        "MONITOR",
        "FLUSHALL",
        "CONFIG GET *",
        "ACL LIST",
        "SUBSCRIBE /0.celeryev",
        "PUBLISH celery.pidbox x",
    ],
)
def test_doors_outside_read_no_queue_and_no_key_of_another(server, user, words):
    with of(user) as client, pytest.raises(NoPermissionError):
        client.execute_command(*words.split())


@pytest.mark.parametrize("user", ["portal", "submission"])
def test_they_have_their_cache_and_the_mark_of_the_worker(server, user):
    with of(user) as client:
        assert client.set(f"{user}:1:x", "1", ex=5)
        assert client.incr(f"{user}:1:x") == 2
        assert client.delete(f"{user}:1:x") == 1
        assert client.exists(ALIVE_KEY) == 1


def test_the_portal_queues_for_the_worker_and_the_worker_takes_it(server):
    server.delete("intake")
    address = broker_url(address_of("portal", settings.REDIS_URL))
    app = Celery(broker=address, set_as_current=False)  # else later tests would queue by it
    app.conf.task_queues = settings.CELERY_TASK_QUEUES

    app.send_task("cases.tasks.take_in", ["an id"], queue="intake")

    with of("worker") as worker:
        assert worker.llen("intake") == 1
        assert b"take_in" in worker.rpop("intake")


@pytest.mark.parametrize("user", USERS)
def test_nobody_comes_in_by_another_name(server, user):
    address = address_of(user, settings.REDIS_URL).replace(f"{user}:", f"{user}:wrong")
    with redis.from_url(address) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
