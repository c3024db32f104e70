"""The house as gunicorn serves it, saying with each answer how many queries it took.

With `X-Keep-Queries: name` the queries are kept in a file, so that they can be asked again bare.
"""

import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connection

from reprisals.wsgi import application as house

KEPT = Path(os.environ["BENCH_QUERIES"])


class Heard(list[tuple[str, Any]]):
    """The queries of one request, with their parameters."""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        self.append((sql, params))
        return execute(sql, params, *rest)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    heard = Heard()

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-Queries", str(len(heard)))], *rest)

    with connection.execute_wrapper(heard):
        answer = house(environ, start)
    if name := environ.get("HTTP_X_KEEP_QUERIES"):
        (KEPT / Path(name).name).write_bytes(pickle.dumps(list(heard)))
    return answer
