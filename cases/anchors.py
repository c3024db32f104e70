"""Signed copies of where the chains of the audit stand, outside the database: docs/adr/0015.

Whoever owns the database can write a chain anew from the first row. What they cannot do is sign
anchors for it. A line is `body TAB signature`: the newest row of each lane, and the digest of the
line before, so that lines are in one chain over all days. A day has a file of its own.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Max, Q

from cases import chain
from cases.chain import Finding, Head, Wrong
from cases.models import AuditEvent

SUFFIX = ".anchors"
NO_ROW: tuple[bytes, UUID | None] = (b"", None)


class Anchor(NamedTuple):
    at: datetime
    heads: dict[int, Head]


# Writing -----------------------------------------------------------------------------------------


def drop(now: datetime) -> Anchor:
    """Sign where the lanes stand and add it to the file of the day (UTC). One writer at a time.

    On the disk when this returns. Raises ImproperlyConfigured without AUDIT_KEY, and OSError where
    the folder cannot be written.
    """
    key = _signing_key()
    folder = Path(settings.AUDIT_ANCHORS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        anchor = Anchor(now.astimezone(UTC), chain.heads())
        body = _body(anchor, _digest_of_last(folder))
        signature = base64.b64encode(key.sign(body)).decode()
        _append(folder / f"{anchor.at:%Y-%m-%d}{SUFFIX}", body + f"\t{signature}\n".encode())
    return anchor


def _signing_key() -> Ed25519PrivateKey:
    if not settings.AUDIT_KEY:
        raise ImproperlyConfigured("This process does not hold AUDIT_KEY, which signs anchors")
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.AUDIT_KEY))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        os.fsync(lock)
    finally:
        os.close(lock)


def _body(anchor: Anchor, previous: str) -> bytes:
    heads = [[lane, head.position, head.hash.hex()] for lane, head in sorted(anchor.heads.items())]
    body = {"at": anchor.at.isoformat(), "previous": previous, "heads": heads}
    return json.dumps(body, separators=(",", ":")).encode()


def _append(path: Path, line: bytes) -> None:
    """A line that a power cut tore is ended first: it stays, and is found, and harms no other."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        torn = size and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, b"\n" + line if torn else line)
        os.fsync(file)
    finally:
        os.close(file)


# Reading -----------------------------------------------------------------------------------------


def files() -> list[Path]:
    return sorted(Path(settings.AUDIT_ANCHORS).glob(f"*{SUFFIX}"))


def last() -> Anchor | None:
    """The newest anchor that somebody with the key signed, for a page; None where there is none."""
    signed = (_signed(line) for path in reversed(files()) for line in reversed(_lines(path)))
    found = next((body for body in signed if body), None)
    return _anchor(found) if found else None


def before(moment: datetime) -> Anchor | None:
    """The newest signed anchor that is not later than `moment`."""
    found = None
    for path in files():
        for body in filter(None, map(_signed, _lines(path))):
            anchor = _anchor(body)
            found = anchor if anchor.at <= moment else found
    return found


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def _digest_of_last(folder: Path) -> str:
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        if lines := _lines(path):
            return sha256(lines[-1]).hexdigest()
    return ""


def _public_keys() -> list[Ed25519PublicKey]:
    """Those that the settings name, and the one that belongs to the key of this process."""
    named = [base64.b64decode(key) for key in settings.AUDIT_PUBLIC_KEYS.split(",") if key]
    own = [_signing_key().public_key()] if settings.AUDIT_KEY else []
    keys = [Ed25519PublicKey.from_public_bytes(key) for key in named] + own
    if not keys:
        raise ImproperlyConfigured("Set AUDIT_PUBLIC_KEYS: without it no anchor can be believed")
    return keys


def _signed(line: bytes) -> bytes | None:
    """The body of a line whose signature is by one of our keys."""
    body, _tab, signature = line.partition(b"\t")
    for key in _public_keys():
        try:
            key.verify(base64.b64decode(signature, validate=True), body)
        except (InvalidSignature, ValueError):
            continue
        return body
    return None


def _anchor(body: bytes) -> Anchor:
    said = json.loads(body)
    heads = {lane: Head(at, bytes.fromhex(digest)) for lane, at, digest in said["heads"]}
    return Anchor(datetime.fromisoformat(said["at"]), heads)


# Holding the table against them ------------------------------------------------------------------


def disagreements() -> Iterator[Finding]:
    """What the anchors say otherwise than the table: the first row of each lane, and bad lines.

    An unsigned line is a finding and is not believed. Memory does not grow with the anchors.
    """
    held: dict[int, Head] = {}
    wrong: set[int] = set()
    for place, anchor in _believed():
        if isinstance(anchor, Wrong):
            yield Finding(anchor, anchor=place)
            continue
        news = {n: h for n, h in anchor.heads.items() if n not in wrong and held.get(n) != h}
        for found in _against_table(news, held, place):
            wrong.add(found.lane)
            yield found
        held |= news


def _believed() -> Iterator[tuple[str, Anchor | Wrong]]:
    """Each signed anchor, or what is wrong with a line; with its file and its number."""
    previous = ""
    for path in files():
        for number, line in enumerate(_lines(path), start=1):
            place, body = f"{path.name}:{number}", _signed(line)
            if body is None:
                yield place, Wrong.ANCHOR
            else:
                if json.loads(body)["previous"] != previous:
                    yield place, Wrong.GAP
                yield place, _anchor(body)
            previous = sha256(line).hexdigest()


def _against_table(news: dict[int, Head], held: dict[int, Head], place: str) -> Iterator[Finding]:
    rows = _rows_at(news)
    for lane, head in news.items():
        since = held[lane].position if lane in held else 0
        digest, event = rows.get((lane, head.position), NO_ROW)
        if event is None:
            ends = AuditEvent.objects.filter(lane=lane).aggregate(end=Max("position"))["end"] or 0
            first = min(ends + 1, head.position)
            yield Finding(Wrong.CUT, lane, first, since=since, anchor=place)
        elif digest != head.hash:
            yield Finding(Wrong.REPLACED, lane, head.position, event, since=since, anchor=place)


def _rows_at(heads: dict[int, Head]) -> dict[tuple[int, int], tuple[bytes, UUID]]:
    if not heads:
        return {}
    places = (Q(lane=lane, position=head.position) for lane, head in heads.items())
    rows = AuditEvent.objects.filter(reduce(or_, places))
    found = rows.values_list("lane", "position", "hash", "pk")
    return {(lane, position): (bytes(hash_), pk) for lane, position, hash_, pk in found}
