"""The key rings a process holds: ARCHITECTURE 2, one for the vault, one for the portal."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from cases.vault.errors import RingBroken, RingMissing, UnknownKey

KEY_BYTES = 32
KEY_ID_BYTES = 32
KEY_ID = re.compile(rf"[A-Za-z0-9_.-]{{1,{KEY_ID_BYTES}}}")


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
    """The ring as the settings stand now. Raises RingMissing where this process has none."""
    return _named(ring.value)


def search_ring() -> KeyRing:
    """The keys of `tokens`, which seal nothing and open nothing. Raises RingMissing."""
    return _named("search")


def _named(name: str) -> KeyRing:
    text = settings.KEY_RINGS.get(name, "")
    if not text:
        raise RingMissing(f"This process does not hold the key ring {name!r}")
    return _parse(name, text)


@lru_cache(maxsize=8)
def _parse(name: str, text: str) -> KeyRing:
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
