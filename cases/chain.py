"""Walk the chains of the audit and say where one is broken: docs/adr/0015.

The digest is computed here, apart from the database: whoever owns the table may change what it
says, not what follows from it. Each lane is a chain of its own, from position 1 without a gap.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cases.models import AuditEvent

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# How far the clock of a server may be set back before it is a finding.
SET_BACK = timedelta(seconds=2)
BATCH = 2000


class Head(NamedTuple):
    """The newest row of a lane, or of a lane as it was once."""

    position: int
    hash: bytes


class Link(NamedTuple):
    """A row as the digest reads it, `detail` as PostgreSQL writes it."""

    lane: int
    position: int
    written_at: datetime
    id: UUID
    at: datetime
    door: str
    actor: UUID | None
    verb: str
    noun: str
    subject: str
    case: UUID | None
    read: bool
    detail: str
    hash: bytes


class Wrong(StrEnum):
    CHANGED = "changed, inserted or moved: it is not what its hash says, or follows another row"
    MISSING = "missing, or moved"
    CLOCK = "written before the row before it: somebody set the clock back"
    CUT = "missing: the chain was longer when it was anchored"
    REPLACED = "another row stood here when it was anchored: the chain was written anew"
    ANCHOR = "an anchor that was not signed, or was changed"
    GAP = "anchors before this one are missing or were changed"


class Finding(NamedTuple):
    """The first thing that is wrong in a lane, or an anchor that is.

    `since` is where the lane was last proved right, where the wrong row is not known exactly.
    """

    what: Wrong
    lane: int = -1
    position: int = 0
    event: UUID | None = None
    since: int | None = None
    anchor: str = ""


def digest(previous: bytes, link: Link) -> bytes:
    """The hash of a row: over the hash before it and its columns, each with its length."""
    read = "true" if link.read else "false"
    columns = (link.lane, link.position, _micros(link.written_at), link.id, _micros(link.at))
    rest = (link.door, link.actor, link.verb, link.noun, link.subject, link.case, read, link.detail)
    return sha256(previous + b"".join(map(_measured, (*columns, *rest)))).digest()


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _measured(value: object) -> bytes:
    if value is None:
        return b"-"
    text = str(value).encode()
    return b"%d:%s" % (len(text), text)


def heads() -> dict[int, Head]:
    """The newest row of each lane: one look into the index for each, however long they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lanes.lane, head.position, head.hash"
            " FROM generate_series(0, (SELECT max(lane) FROM cases_auditevent)) AS lanes(lane),"
            " LATERAL (SELECT position, hash FROM cases_auditevent AS event"
            " WHERE event.lane = lanes.lane ORDER BY position DESC LIMIT 1) AS head"
        )
        return {lane: Head(position, bytes(digest)) for lane, position, digest in cursor.fetchall()}


def broken(
    start: Mapping[int, Head], walked: Callable[[int], object] = lambda number: None
) -> Iterator[Finding]:
    """The first broken row of each lane, after `start`. Memory does not grow with the rows.

    `walked` is told how many rows were read, batch by batch.
    """
    for lane, links in groupby(_links(start, walked), attrgetter("lane")):
        if found := _first_broken(links, start.get(lane, Head(0, b""))):
            yield found


def _links(start: Mapping[int, Head], walked: Callable[[int], object]) -> Iterator[Link]:
    known = Q(lane__in=list(start))
    later = ~known
    for lane, head in start.items():
        later |= Q(lane=lane, position__gt=head.position)
    fields = ["text" if name == "detail" else name for name in Link._fields]
    rows = AuditEvent.objects.filter(later).annotate(text=Cast("detail", TextField()))
    number = 0
    ordered = rows.order_by("lane", "position").values_list(*fields)
    for number, row in enumerate(ordered.iterator(chunk_size=BATCH), start=1):
        if number % BATCH == 0:
            walked(number)
        *columns, digest = row
        yield Link._make([*columns, bytes(digest)])
    walked(number)


def _first_broken(links: Iterator[Link], before: Head) -> Finding | None:
    last = None
    for link in links:
        if link.position != before.position + 1:
            return Finding(Wrong.MISSING, link.lane, before.position + 1)
        if link.hash != digest(before.hash, link):
            return Finding(Wrong.CHANGED, link.lane, link.position, link.id)
        if last and link.written_at < last - SET_BACK:
            return Finding(Wrong.CLOCK, link.lane, link.position, link.id)
        before, last = Head(link.position, link.hash), link.written_at
    return None
