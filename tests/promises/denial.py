"""One question asked twice, of a row that is hidden and of one that never was: all that could tell
the two apart.

Both are asked with the same dice, so that nothing but the id itself is taken out before they are
compared. How long both take is told by what they ask of the database: the number of questions is
compared, a clock is not, which a busy machine would make fail.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from tests.promises.chance import same_chance
from tests.promises.crawl import everything

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
NOTHING = (b"404", b"405")


def as_(user: User) -> Client:
    """Signed in, with what a process reads once and keeps read."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.get("/no-such-page/")
    return client


def told(client: Client, method: str, path: str, pk: Any, **sent: Any) -> bytes:
    """All that comes, with the id that was asked for taken out; nothing stays done."""
    cache.clear()  # the throttle counts there
    with transaction.atomic(), same_chance(f"{method} {path}"):
        asked: list[str] = []
        with connection.execute_wrapper(_noting(asked)):
            answer = getattr(client, method)(path.replace(MARK, str(pk)), **_with(sent, pk))
            came = everything(answer)
        transaction.set_rollback(True)
    came = came.replace(str(pk).encode(), b"").replace(UUID(str(pk)).hex.encode(), b"")
    return came + f"\r\n{len(asked)} questions".encode()


def _noting(asked: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


# Where the id that is asked for stands, in an address or in what is sent.
MARK = "00000000-0000-0000-0000-00000000feed"


def _with(sent: Any, pk: Any) -> Any:
    """The same in what is sent along."""
    if isinstance(sent, dict):
        return {name: _with(value, pk) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_with(value, pk) for value in sent]
    return str(pk) if sent == MARK else sent


def differing(
    client: Client, path: str, pk: Any, form: dict[str, Any], methods: Iterable[str] = METHODS
) -> list[str]:
    """The methods that tell the two apart, or that do not say that there is nothing."""
    return [method for method in methods if _differs(client, path, pk, form, method)]


def _differs(client: Client, path: str, pk: Any, form: dict[str, Any], method: str) -> bool:
    """Twice: once in a minute a process reads the words of its codes again, whoever asks."""
    for _time in range(2):
        sent = {"data": form} if method == "post" else {}
        hidden, absent = (told(client, method, path, row, **sent) for row in (pk, uuid4()))
        if hidden == absent and hidden.startswith(NOTHING):
            return False
    return True
