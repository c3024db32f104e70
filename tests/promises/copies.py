"""What somebody may carry off, as bytes: dumps and backups of the database, its write-ahead log
and its journal; what the broker holds, saves and is told; what a process writes into files.

Each copy is taken as an attacker would take it, by the address of the server alone.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, LiteralString

import psycopg
import redis
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from launch.place import Place
from launch.postgres import LOG, tools_of

SLOT = "copies"
NAMELESS = getattr(os, "O_TMPFILE", -1)


# PostgreSQL ---------------------------------------------------------------------------------------


def address() -> str:
    parts = connection.get_connection_params()
    return make_conninfo(
        **{name: str(parts[name]) for name in ("host", "port", "user", "dbname") if name in parts}
    )


def dumps(folder: Path) -> dict[str, bytes]:
    """Whole, as SQL and as the archive that `pg_restore` reads; large values come unpacked."""
    archive = folder / "archive"
    _run(folder, "pg_dump", f"--dbname={address()}", "--format=custom", f"--file={archive}")
    return {
        "plain": _run(folder, "pg_dump", f"--dbname={address()}"),
        "custom": _run(folder, "pg_restore", "--file=-", str(archive)),
    }


def backup(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the server's folder, also of rows that are gone and not written over yet."""
    copy = folder / "backup"
    words = [f"--dbname={address()}", f"--pgdata={copy}", "--checkpoint=fast", "--no-sync"]
    _run(folder, "pg_basebackup", *words, "--wal-method=fetch")
    for path in copy.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


@contextmanager
def write_ahead_log() -> Iterator[list[bytes]]:
    """What is written into it inside the block, segment by segment, once the block has ended."""
    segments: list[bytes] = []
    with psycopg.connect(address(), autocommit=True) as server:
        server.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
        first = _value(server, "SELECT pg_walfile_name(pg_current_wal_lsn())")
        try:
            yield segments
            last = _value(server, "SELECT pg_walfile_name(pg_switch_wal())")
            names = server.execute(
                "SELECT name FROM pg_ls_waldir() WHERE name BETWEEN %s AND %s", [first, last]
            )
            for (name,) in names.fetchall():
                read = server.cursor(binary=True).execute(
                    "SELECT pg_read_binary_file('pg_wal/' || %s::text)", [name]
                )
                segments.extend(raw for (raw,) in read)
        finally:
            server.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])


def _value(server: "psycopg.Connection[Any]", words: LiteralString) -> Any:
    return server.execute(words).fetchall()[0][0]


@contextmanager
def journal() -> Iterator[list[bytes]]:
    """The server's own log of the block, each statement and parameter of everybody in it."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    log = Path(connection.settings_dict["HOST"]) / LOG
    wordy = {"log_statement": "'all'", "log_parameter_max_length": "-1"}
    said: list[bytes] = []
    with connection.cursor() as cursor:
        for setting, value in wordy.items():
            cursor.execute(f"SET {setting} = {value}")
            cursor.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
    begins = log.stat().st_size
    yield said
    with connection.cursor() as cursor:
        for setting in wordy:
            cursor.execute(f"RESET {setting}")
            cursor.execute(f"ALTER DATABASE {name} RESET {setting}")
    said.append(log.read_bytes()[begins:])


def _run(folder: Path, tool: str, *words: str) -> bytes:
    command = [str(tools_of(Place(folder, None)) / tool), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  ours


# Valkey -------------------------------------------------------------------------------------------


def held_by_valkey() -> dict[str, bytes]:
    """Every key with its value, as the server would hand it to another."""
    with _valkey() as server:
        keys = list(server.scan_iter(count=1000))
        return {repr(key): key + b"\n" + (server.dump(key) or b"") for key in keys}


def saved_by_valkey() -> bytes:
    """The file that `SAVE` makes. This house never asks for it: `launch/valkey.py`, the compose."""
    with _valkey() as server:
        server.save()
        where = server.config_get("dir", "dbfilename")
    path = Path(str(where["dir"]), str(where["dbfilename"]))
    try:
        return path.read_bytes()
    finally:
        path.unlink()


@contextmanager
def _valkey() -> Iterator["redis.Redis"]:
    """With values as they are, not packed."""
    with redis.from_url(settings.REDIS_URL) as server:
        packed = server.config_get("rdbcompression")
        server.config_set("rdbcompression", "no")
        yield server
        server.config_set("rdbcompression", packed["rdbcompression"])


@contextmanager
def told_to_valkey() -> Iterator[list[bytes]]:
    """Every command inside the block: the queue, events of the worker and the cache, also what
    is taken out again at once."""
    told: list[bytes] = []
    patient = redis.from_url(settings.REDIS_URL, socket_timeout=None)
    with patient as server, server.monitor() as monitor:
        reader = Thread(target=_hear, args=(monitor.connection, told), daemon=True)
        reader.start()
        yield told
        server.echo(SLOT)
        reader.join(timeout=60)


def _hear(heard: Any, told: list[bytes]) -> None:
    """Until the word that ends the block; the server writes what is no letter as \\x…"""
    while not told or not told[-1].endswith(f'"ECHO" "{SLOT}"'.encode()):
        told.append(heard.read_response().decode("unicode_escape").encode("latin-1"))


# Files --------------------------------------------------------------------------------------------


class Scraps:
    """What this process wrote into files while watched, each taken before it was removed.

    Of a file that has no name only its folder is known. What a library writes past Python, or
    another process, is not seen.
    """

    def __init__(self) -> None:
        self.written: dict[Path, bytes] = {}
        self.nameless: list[Path] = []

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | bytes) and _writes(args[2]):
            path = Path(os.fsdecode(args[0]))
            if args[2] & NAMELESS == NAMELESS:
                self.nameless.append(path)
            elif not path.is_dir():  # where a name is still to be found
                self.written.setdefault(path, b"")
        elif event in ("os.remove", "os.rename"):
            self.take(Path(os.fsdecode(args[0])))

    def take(self, path: Path) -> None:
        if path in self.written:
            with suppress(OSError):
                self.written[path] = path.read_bytes()


def _writes(flags: int) -> bool:
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


_watching: list[Scraps] = []


def _tell(event: str, args: tuple[Any, ...]) -> None:
    for scraps in _watching:
        scraps.hear(event, args)


@contextmanager
def scraps() -> Iterator[Scraps]:
    """Python lets nobody stop listening, so the one listener asks whether anybody watches."""
    if _tell not in _listening:
        sys.addaudithook(_tell)
        _listening.append(_tell)
    found = Scraps()
    _watching.append(found)
    try:
        yield found
    finally:
        _watching.remove(found)
        for path in found.written:
            found.take(path)


_listening: list[Any] = []
