"""Whether this door works: its database, its broker, and a worker that the beat reaches."""

from collections.abc import Iterator

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Past Django's cache on purpose: that puts the name of the door before each key.
ALIVE_KEY = "reprisals:worker-alive"
ALIVE_SECONDS = 60
PATIENCE = 2  # seconds; whoever asks gives up soon after


def mark_alive() -> None:
    """Called by the task that beat sends: the mark fades when no worker takes that task."""
    with _broker() as broker:
        broker.set(ALIVE_KEY, "1", ex=ALIVE_SECONDS)


@login_not_required
@require_safe
@cache_control(no_store=True)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all parts answer, else 503 and the names of those that do not, no more."""
    if failed := list(_failed()):
        return JsonResponse({"status": "failing", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


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
