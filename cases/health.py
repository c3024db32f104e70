"""Whether this door works: its database, broker, key rings, and a worker that the beat reaches."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cases.vault import Closed, Ring
from cases.vault.keyring import ring_of

# Past Django's cache on purpose: that puts the name of the door before each key.
ALIVE_KEY = "reprisals:worker-alive"
ALIVE_SECONDS = 60
PATIENCE = 2  # seconds; whoever asks gives up soon after
KEYS_KEY = "reprisals:keys-missing"
KEYS_SECONDS = 3 * 3600  # the sweep comes each hour
# What a door must be able to open: architecture.md, "Doors are processes".
RINGS = {"console": tuple(Ring), "worker": tuple(Ring), "portal": (Ring.PORTAL,)}


def mark_alive() -> None:
    """Called by the task that beat sends: the mark fades when no worker takes that task."""
    with _broker() as broker:
        broker.set(ALIVE_KEY, "1", ex=ALIVE_SECONDS)


def mark_keys(missing: Mapping[Any, int]) -> None:
    """Which keys are needed and not here, with how many values and files need each."""
    found = [{"ring": str(r), "key": key, "needed_by": n} for (r, key), n in missing.items()]
    with _broker() as broker:
        broker.set(KEYS_KEY, json.dumps(found), ex=KEYS_SECONDS)


@login_not_required
@require_safe
@cache_control(no_store=True)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all parts answer, else 503 and the names of those that do not, no more.

    The console names the keys that are missing, too; other doors do not count what is kept.
    """
    failed, keys = list(_failed()), _keys_missing()
    if any(_rings_missing()) or keys:
        failed.append("vault")
    if not failed:
        return JsonResponse({"status": "ok"})
    named = {"keys": keys} if keys else {}
    return JsonResponse({"status": "failing", "failed": failed, **named}, status=503)


def _rings_missing() -> Iterator[Ring]:
    for ring in RINGS.get(settings.DOOR, ()):
        try:
            ring_of(ring)
        except Closed:
            yield ring


def _keys_missing() -> list[dict[str, object]]:
    if settings.DOOR != "console":
        return []
    try:
        with _broker() as broker:
            return list(json.loads(broker.get(KEYS_KEY) or "[]"))
    except redis.RedisError:
        return []  # said already


def _failed() -> Iterator[str]:
    if not _database_answers():
        yield "database"
    try:
        with _broker() as broker:
            alive = broker.exists(ALIVE_KEY)
    except redis.RedisError:
        yield "broker"
        return
    if not alive:
        yield "worker"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker() -> "redis.Redis":
    return redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
