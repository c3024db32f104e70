"""What the audit and the vault cost, each beside the bare operation."""

import threading
import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import NamedTuple
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from accounts.models import User
from bench.people import email
from cases import audit
from cases.models import Case, Identity
from cases.services import people

WRITERS, ROWS, LOOKS, PEOPLE = (1, 8, 32), 1600, 300, 10
READER = email("desk", 75, 0)
INSERT = (
    "INSERT INTO {} (id, at, door, verb, noun, subject, read, detail, lane, position, written_at,"
    " hash) VALUES (gen_random_uuid(), now(), 'console', 'read', 'case', '', true, '{{}}', 0,"
    " nextval('bench_numbers'), now(), '')"
)
# The table without its triggers; and with the obvious chain, for whose head every writer waits.
BARE, ONE_LANE, LANES = "bench_bare", "bench_one_lane", "cases_auditevent"
TABLES = f"""
DROP TABLE IF EXISTS {BARE}, {ONE_LANE};
DROP SEQUENCE IF EXISTS bench_numbers CASCADE;
CREATE SEQUENCE bench_numbers;
CREATE TABLE {BARE} (LIKE cases_auditevent INCLUDING ALL);
CREATE TABLE {ONE_LANE} (LIKE cases_auditevent INCLUDING ALL);
"""
TRY = "WHILE NOT pg_try_advisory_xact_lock(5424, free) LOOP\n    free := free + 1;\n  END LOOP;"
WAIT = "PERFORM pg_advisory_xact_lock(5425, 0);"


class Measured(NamedTuple):
    """Times in milliseconds; `rate` is operations in a second over all writers, None for one."""

    what: str
    median: float
    p95: float
    rate: float | None = None


def protection() -> list[Measured]:
    """On a database that `fill` filled."""
    _make_tables()
    return [*_writers(), *_rows(), *_identities()]


def _make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute("SELECT pg_get_functiondef('audit_is_chained'::regproc)")
        chained = cursor.fetchone()[0]
        if TRY not in chained:
            raise AssertionError("The trigger of the audit is not the one that is compared here")
        waiting = chained.replace(TRY, WAIT).replace("audit_is_chained", "bench_waits")
        cursor.execute(waiting.replace("cases_auditevent", ONE_LANE))
        cursor.execute(
            f"CREATE TRIGGER bench_waits BEFORE INSERT ON {ONE_LANE}"
            " FOR EACH ROW EXECUTE FUNCTION bench_waits()"
        )


def _times(work: Callable[[], object], number: int) -> list[float]:
    times = []
    for _ in range(number):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _measured(what: str, times: Iterable[float], rate: float | None = None) -> Measured:
    every = list(times)
    return Measured(what, median(every), quantiles(every, n=20)[-1], rate)


# The audit row -----------------------------------------------------------------------------------


def _writers() -> Iterable[Measured]:
    """Each writer has a connection and commits row by row, as a view that is looked at does."""
    names = {BARE: "bare insert", ONE_LANE: "one chain, writers wait", LANES: "chained in lanes"}
    for writers in WRITERS:
        for table, name in names.items():
            times, seconds = _at_once(INSERT.format(table), writers)
            what = f"{name}, {writers} {'writer' if writers == 1 else 'writers at once'}"
            yield _measured(what, times, len(times) / seconds)


def _at_once(insert: str, writers: int) -> tuple[list[float], float]:
    every: list[list[float]] = []
    together = threading.Barrier(writers + 1)

    def write() -> None:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
            together.wait()
            every.append(_times(lambda: own.execute(insert), ROWS // writers))

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    together.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return [one for times in every for one in times], time.perf_counter() - begun


def _rows() -> Iterable[Measured]:
    """The whole way of a row: from the call in a view to the commit."""
    case, reader = _case(), User.objects.get(email=READER)

    def look() -> None:
        audit.read(case, by=reader, case=case)

    yield _measured("audit.read(), as a view calls it", _times(look, LOOKS))


# The identities of a page ------------------------------------------------------------------------


def _identities() -> Iterable[Measured]:
    case = _case()
    _with_people(case)
    rows = Identity.objects.filter(person__case=case).order_by("pk")[:PEOPLE]
    sql, params = rows.values("content").query.sql_with_params()

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    def opened() -> None:
        with transaction.atomic():
            for identity in rows.all():  # asked and opened anew
                identity.content["name"]

    yield _measured(f"bare SELECT of {PEOPLE} sealed identities", _times(bare, LOOKS))
    yield _measured(f"{PEOPLE} identities, opened", _times(opened, LOOKS))


def _case() -> Case:
    return Case.objects.filter(office__memberships__user__email=READER).order_by("pk")[0]


def _with_people(case: Case) -> None:
    by = User.objects.get(email=READER)
    for number in range(PEOPLE - Identity.objects.filter(person__case=case).count()):
        identity = {"name": f"Invented Person {number}", "contact": f"+99 000 {uuid4().hex[:8]}"}
        people.record_person(case, by=by, kind="individual", identity=identity)
