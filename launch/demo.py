"""`make demo`: the whole house on one machine, with synthetic data."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from launch.acl import make_users
from launch.children import children
from launch.doors import DOORS, HOST, addresses, environment_of, ports, processes
from launch.environment import environment
from launch.errors import LaunchError
from launch.messages import LOCALE, compile_messages
from launch.roles import make_roles
from launch.services import kept_folder, services

PATIENCE = 120  # seconds until every door says that it works


def demo() -> int:
    """Start all and stay until Ctrl-C, SIGTERM or the death of one of them."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        _stay()
    except KeyboardInterrupt:  # how a demo ends
        _say("All stopped.")
    return 0


def _stay() -> None:
    where = ports()
    with kept_folder("demo") as folder, services(folder, durable=True) as servers:
        make_roles(servers["DATABASE_URL"])
        make_users(servers["REDIS_URL"])
        common = {**environment(folder), **servers, **addresses(where), "DEBUG": "0"}
        users = _prepare(common, folder)
        with children(folder / "logs") as family:
            for process in processes(where, common, folder):
                family.start(process)
            _say("· waiting until every door answers")
            deadline = time.monotonic() + PATIENCE
            family.watch(until=lambda: _all_work(where, deadline))
            _say(_welcome(where, users, folder))
            family.watch(until=lambda: False)


def _prepare(common: Mapping[str, str], folder: Path) -> list[list[str]]:
    compile_messages(LOCALE)
    users = folder / "users.json"
    done = subprocess.run(  # noqa: S603  our own words only
        [sys.executable, "-m", "launch.prepare", str(users)],
        env={
            **environment_of("console", common),
            "DATABASE_URL": common["DATABASE_URL"],  # the owner's: it makes the schema
            "DJANGO_SETTINGS_MODULE": "reprisals.settings",
        },
        check=False,
    )
    if done.returncode:
        raise LaunchError("The demo could not be prepared; the reason stands above.")
    return list(json.loads(users.read_text()))


def _all_work(where: Mapping[str, int], deadline: float) -> bool:
    answers = {door: _health(port) for door, port in where.items()}
    silent = {door: answer for door, answer in answers.items() if not answer.startswith("200")}
    if silent and time.monotonic() > deadline:
        said = "; ".join(f"{door}: {answer}" for door, answer in silent.items())
        raise LaunchError(f"After {PATIENCE} seconds /healthz still does not answer 200: {said}")
    return not silent


def _health(port: int) -> str:
    connection = HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return f"{answer.status} {answer.read(200).decode(errors='replace')}"
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def _welcome(where: Mapping[str, int], users: list[list[str]], folder: Path) -> str:
    doors = [f"  {door:<12}http://localhost:{where[door]}/" for door in DOORS]
    width = max((len(email) for email, _, _ in users), default=0)
    people = [f"  {email:<{width}}  {password}  {what}" for email, password, what in users]
    place = os.path.relpath(folder)
    lines = [
        "",
        "The doors are open; the API is at /api/v1/ of the console.",
        *doors,
        "",
        "Synthetic data only. Who may log in, with which password, and as what:",
        *people,
        "",
        f"Mail is in {place}/mail, logs are in {place}/logs. Ctrl-C stops all.",
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, flush=True)
