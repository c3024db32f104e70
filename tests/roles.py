"""Connections to the test's database as a door opens them: under its own role, and alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from accounts.callers import TELL, Told
from launch.roles import url_of


def owners_address() -> str:
    s = connection.settings_dict
    parts = {"user": s["USER"], "password": s["PASSWORD"], "host": s["HOST"], "port": s["PORT"]}
    return make_conninfo(dbname=s["NAME"], **{name: part for name, part in parts.items() if part})


@contextmanager
def connected(door: str, told: Told = Told()) -> Iterator[psycopg.Connection]:  # noqa: B008
    """As the process of `door` connects, in the middle of a request that told this."""
    with psycopg.connect(url_of(door, owners_address()), autocommit=True) as own:
        own.execute(TELL, told)
        yield own


def refused(own: psycopg.Connection, words: str) -> bool:
    """Whether a right, a policy or a trigger says no. Whatever else goes wrong is the test's."""
    try:
        own.execute(words)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException):
        return True
    return False
