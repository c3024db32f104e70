"""The chains of the audit, written by PostgreSQL and walked in Python."""

import threading
from datetime import UTC, datetime
from itertools import groupby
from uuid import uuid4

import pytest
from django.db import connection, transaction

from cases import chain
from cases.models import AuditEvent


def written(number=1, **fields):
    rows = [
        AuditEvent.objects.create(
            **{"verb": "read", "noun": "case", "subject": str(uuid4()), "door": "console"} | fields
        )
        for _ in range(number)
    ]
    for row in rows:
        row.refresh_from_db()
    return rows


@pytest.mark.django_db
def test_each_row_follows_the_one_before_it():
    rows = written(3)
    places = [(row.lane, row.position) for row in rows]
    lane, position = places[0]
    assert places == [(lane, position), (lane, position + 1), (lane, position + 2)]
    assert len({bytes(row.hash) for row in rows}) == 3
    assert list(chain.broken({})) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"actor": uuid4(), "case": uuid4()},
        {"detail": {"z": 1, "aa": [1.5, None, True], "é": 'ي "quoted" \\ \n', "n": 10**20}},
        {"at": datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)},
        {"at": datetime(2400, 2, 29, 0, 0, 0, 1, tzinfo=UTC), "read": True},
        {"verb": "", "noun": "-", "subject": "3:abc"},
    ],
)
def test_python_and_postgresql_agree_on_the_digest(fields):
    written(1, **fields)
    assert list(chain.broken({})) == []


@pytest.mark.django_db
def test_columns_do_not_run_into_each_other():
    """`ab` + `c` is not `a` + `bc`, and no text is nothing."""
    link = chain.Link(
        0, 1, chain.EPOCH, uuid4(), chain.EPOCH, "", None, "", "", "", None, True, "", b""
    )
    one, other = link._replace(verb="ab", noun="c"), link._replace(verb="a", noun="bc")
    assert chain.digest(b"", one) != chain.digest(b"", other)
    assert chain.digest(b"", link) != chain.digest(b"", link._replace(door="-"))


@pytest.mark.django_db
def test_what_an_insert_says_of_its_place_is_not_believed():
    [row] = written(1, lane=77, position=99, hash=b"mine", written_at=chain.EPOCH)
    assert row.lane != 77 and row.position != 99 and bytes(row.hash) != b"mine"
    assert row.written_at > datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_gap():
    written()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        written(2)
        raise ZeroDivisionError
    written()
    assert list(chain.broken({})) == []
    assert sum(head.position for head in chain.heads().values()) == AuditEvent.objects.count()


@pytest.mark.django_db
def test_nothing_is_asked_back_from_the_database(django_assert_num_queries):
    """A door that may insert and not read could not answer RETURNING."""
    with django_assert_num_queries(1) as asked:
        AuditEvent.objects.create(verb="read", noun="case", subject="", door="portal")
    assert "RETURNING" not in asked.captured_queries[0]["sql"]


WRITERS, TIMES = 6, 5


def at_once(write):
    """Every writer in a thread and connection of its own; what went wrong in one of them."""
    failed: list[BaseException] = []

    def run():
        try:
            write()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_neither_fork_nor_wait_for_each_other():
    """All hold their transactions open at the same moment: with one chain they never could."""
    together = threading.Barrier(WRITERS, timeout=20)

    def write():
        for _ in range(TIMES):
            with transaction.atomic():
                written(2)
                together.wait()

    assert at_once(write) == []
    assert list(chain.broken({})) == []
    rows = AuditEvent.objects.order_by("lane", "position").values_list("lane", "position")
    lanes = {lane: [row[1] for row in found] for lane, found in groupby(rows, lambda row: row[0])}
    assert sum(map(len, lanes.values())) == WRITERS * TIMES * 2
    assert len(lanes) >= WRITERS
    assert all(places == list(range(1, len(places) + 1)) for places in lanes.values())
