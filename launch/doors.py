"""The processes of the demo: what each one runs, listens on and is allowed to know."""

import hmac
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from launch.acl import address_of
from launch.errors import LaunchError
from launch.roles import url_of

HOST = "127.0.0.1"
FIRST_PORT = 8000
# The order of the doors is the order of their ports, from PORT on.
DOORS = ("console", "portal", "submission")
WORKER = "worker"
# Two of them give out files, each at a port of its own that is an origin of its own: ADR 0017.
GIVING_FILES = ("console", "portal")
FILES_APART = len(DOORS)
# Which keys a process holds: architecture.md 2. One that has no ring cannot leak what it sealed.
# AUDIT_KEY signs where the audit stands: a door that had it could write the audit anew.
OFFICES = {"VAULT_KEYS", "PORTAL_KEYS", "SEARCH_KEYS", "SUBMISSION_KEYS"}
RINGS = {
    "console": OFFICES,
    "portal": {"PORTAL_KEYS"},
    "submission": {"SUBMISSION_PUBLIC_KEY"},
    WORKER: OFFICES | {"AUDIT_KEY"},
}
ALL_RINGS = {
    f"{name}{source}" for name in set.union(*RINGS.values()) for source in ("", "_FILE", "_COMMAND")
}
# Doors to the outside sign with keys of their own: whoever takes one over makes no link for staff.
OUTSIDE = ("portal", "submission")
# By these a process would find what was meant for the owner, or for another door.
WAYS_ROUND = {"PGPASSWORD", "PGPASSFILE", "PGUSER"} | {
    f"{name}_FILE" for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
}


@dataclass(frozen=True)
class Process:
    name: str
    command: list[str]
    env: dict[str, str]


def ports() -> dict[str, int]:
    """The port of each door; refuses at once when somebody listens on one."""
    first = int(os.environ.get("PORT") or FIRST_PORT)
    wanted = {door: first + place for place, door in enumerate(DOORS)}
    every = wanted | {f"files of {door}": wanted[door] + FILES_APART for door in GIVING_FILES}
    if taken := [f"{port} ({door})" for door, port in every.items() if not _free(port)]:
        raise LaunchError(
            f"Already in use: port {', '.join(taken)}.\n"
            f"Stop what listens there, or choose another first port: PORT={first + 100} make demo"
        )
    return wanted


def processes(where: Mapping[str, int], common: Mapping[str, str], folder: Path) -> list[Process]:
    """Each door on its port and one worker with beat, none with a key that is not its own."""
    doors = [
        Process(door, _serve(door, port), environment_of(door, common) | _own(door, port))
        for door, port in where.items()
    ]
    return [*doors, Process(WORKER, _work(folder), environment_of(WORKER, common))]


def environment_of(door: str, common: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment and `common`, in which the addresses are the owner's.

    Less the keys of other doors; with the door's own role in the database, its own user at the
    broker and, outside, its own key for signatures.
    """
    strange = ALL_RINGS | WAYS_ROUND
    inherited = {name: value for name, value in os.environ.items() if name not in strange}
    withheld = (ALL_RINGS - RINGS[door]) | WAYS_ROUND
    ours = {name: value for name, value in common.items() if name not in withheld}
    ours["DATABASE_URL"] = url_of(door, common["DATABASE_URL"])
    ours["REDIS_URL"] = address_of(door, common["REDIS_URL"])
    if door in OUTSIDE:
        key = common["SECRET_KEY"].encode()
        ours["SECRET_KEY"] = hmac.digest(key, door.encode(), "sha256").hex()
    return {**inherited, **ours, "DOOR": door}


def addresses(of: Mapping[str, int]) -> dict[str, str]:
    return {
        "CONSOLE_URL": f"http://localhost:{of['console']}",
        "PORTAL_URL": f"http://localhost:{of['portal']}",
    }


def _own(door: str, port: int) -> dict[str, str]:
    files = f"http://localhost:{port + FILES_APART}" if door in GIVING_FILES else ""
    return {"DATABASE_POOL": "1", "FILES_URL": files}


def _serve(door: str, port: int) -> list[str]:
    ports = [port, port + FILES_APART] if door in GIVING_FILES else [port]
    server = [sys.executable, "-m", "gunicorn", "reprisals.wsgi"]
    binds = [f"--bind={HOST}:{number}" for number in ports]
    return [*server, *binds, "--worker-class=gthread", "--threads=4", "--no-control-socket"]


def _work(folder: Path) -> list[str]:
    celery = [sys.executable, "-m", "celery", "-A", "reprisals.celery", "worker", "-B"]
    schedule = f"--schedule={folder / 'beat'}"
    return [*celery, schedule, "--pool=threads", "--concurrency=4", "--loglevel=INFO"]


def _free(port: int) -> bool:
    with closing(socket.socket()) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            end.bind((HOST, port))
        except OSError:
            return False
        return True
