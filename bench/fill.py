"""N synthetic allegations and all that belongs to them, by COPY, on every core: once."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from bench.allegations import TABLES, Allegation, Scene, desks_of
from bench.copying import Book
from bench.made import Words
from bench.people import populate
from bench.trail import trail
from cases.models import AuditEvent, Term
from cases.models.access import view_permission_id

# Counts up when what is filled changes: a database of before is filled anew.
EDITION = 2
CHUNK = 2_000
FILLED: list[type[Model]] = [*TABLES, AuditEvent]
# No trigger of a noun fires then. The chain of the audit is computed here, as its trigger would.
CALM = "SET session_replication_role = replica; SET synchronous_commit = off"


def fill(number: int, folder: Path, say: Callable[[str], None]) -> None:
    """Fill the database that Django is connected to, unless a run before did."""
    done = folder / "filled"
    if done.exists() and done.read_text() == f"{EDITION} {number}":
        return
    if (halfway := folder / "halfway").exists():
        raise SystemExit(f"A run was killed while it filled. Begin anew: rm -r {folder}")
    halfway.touch()
    begun = time.monotonic()
    for command in ("migrate", "load_reference"):
        call_command(command, verbosity=0)
    scene = _scene(number)
    say(f"· {number:,} allegations with their people, letters, replies and audit")
    with _without_indexes():
        _on_every_core(_fill_share, scene)
    say("· analyse")
    _by_itself("VACUUM ANALYZE")
    done.write_text(f"{EDITION} {number}")
    halfway.unlink()
    say(f"· filled in {time.monotonic() - begun:.0f} s")


def _scene(number: int) -> Scene:
    codes: dict[str, list[str]] = {}
    for vocabulary, code in Term.objects.filter(valid_to=None).values_list("vocabulary", "code"):
        codes.setdefault(vocabulary, []).append(code)
    people, view = populate(), view_permission_id("case")
    return Scene(number, timezone.now(), people, codes, Words(), desks_of(number), view)


def _on_every_core(share: Callable[[Scene, int, int], None], scene: Scene) -> None:
    connection.close()
    cores = os.cpu_count() or 1
    fork = multiprocessing.get_context("fork")
    hands = [fork.Process(target=share, args=(scene, n, cores)) for n in range(cores)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    if any(hand.exitcode for hand in hands):
        raise SystemExit("A process that fills the database failed; the reason stands above.")


def _fill_share(scene: Scene, place: int, places: int) -> None:
    """Every `places`-th chunk of the cases, then a lane of the audit."""
    with connection.cursor() as cursor:
        cursor.execute(CALM)
    book = Book(TABLES)
    for start in range(place * CHUNK, scene.number, places * CHUNK):
        for number in range(start, min(start + CHUNK, scene.number)):
            Allegation(scene, number, book).write()
        book.put()
    trail(scene, place, places)
    connection.close()


# What slows COPY down -----------------------------------------------------------------------------


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Empty tables without the indexes that no constraint needs, which are made afterwards."""
    tables = [model._meta.db_table for model in FILLED]
    audit = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {audit} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for _name, definition in indexes:
                cursor.execute(definition)
            cursor.execute(f"ALTER TABLE {audit} ENABLE TRIGGER USER")


def _by_itself(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)
