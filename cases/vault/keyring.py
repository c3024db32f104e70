"""The key rings a process holds, each of them one line: `id:base64,id:base64`.

Where a ring comes from is the settings' affair: a word of the environment, the answer of a program
that asks a KMS, or a file. A file is read anew when it changes, so that a rotation needs no stop.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cases.vault.errors import RingBroken, RingMissing, UnknownKey

KEY_BYTES = 32
KEY_ID_BYTES = 32
KEY_ID = re.compile(rf"[A-Za-z0-9_.-]{{1,{KEY_ID_BYTES}}}")


def new_entry(key_id: str) -> str:
    """A key that nobody has used, as a ring writes it."""
    return entry(key_id, os.urandom(KEY_BYTES))


def entry(key_id: str, key: bytes) -> str:
    return f"{key_id}:{base64.b64encode(key).decode()}"


class Ring(StrEnum):
    """Who may open it: the offices alone, or a State as well."""

    VAULT = "vault"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The first key seals; all of them open, so that a ring can be rotated without a stop."""

    name: str
    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def key(self, key_id: str) -> bytes:
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(f"The key ring {self.name!r} has no key {key_id!r}") from None


def ring_of(ring: Ring) -> KeyRing:
    return ring_named(ring.value)


def search_ring() -> KeyRing:
    """The keys of `tokens`, which seal nothing and open nothing. Raises RingMissing."""
    return ring_named("search")


def ring_named(name: str) -> KeyRing:
    """The ring as it stands now. Raises RingMissing where this process has none, or RingBroken."""
    source = settings.KEY_RINGS.get(name, "")
    text = _content(name, source) if isinstance(source, Path) else source
    if not text:
        raise RingMissing(f"This process does not hold the key ring {name!r}")
    return parsed(name, text)


def _content(name: str, path: Path) -> str:
    try:
        at = path.stat()
        return _read(path, (at.st_ino, at.st_mtime_ns, at.st_size))
    except (OSError, UnicodeDecodeError):
        raise RingMissing(f"The file of the key ring {name!r} cannot be read") from None


@lru_cache(maxsize=8)
def _read(path: Path, _stamp: tuple[int, int, int]) -> str:
    """Once for each state of the file."""
    return path.read_text().strip()


@lru_cache(maxsize=8)
def parsed(name: str, text: str) -> KeyRing:
    """Raises RingBroken, without a word of what it read."""
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(text.split(","), start=1):
        key_id, _, encoded = entry.strip().partition(":")
        if not KEY_ID.fullmatch(key_id) or key_id in keys:
            raise RingBroken(f"Key {position} of the ring {name!r} has no name of its own")
        keys[key_id] = _decode(encoded, name, position)
    return KeyRing(name, next(iter(keys)), keys)


def _decode(encoded: str, name: str, position: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise RingBroken(f"Key {position} of the ring {name!r} is not 32 bytes in base64")
    return key
