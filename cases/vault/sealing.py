"""The envelope: a fresh data key for each value, wrapped by the ring, bound to its place.

    version (1) | length of key id (1) | key id | wrapped data key (40) | nonce (12) | AES-256-GCM

Everything before the ciphertext, the ring and the place are associated data. Who copies a sealed
value to another row, column, table or ring gets `Tampered`, never a text.
Not hidden: how long the text is, and that it changed.
"""

import os
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from cases.vault.errors import Tampered
from cases.vault.keyring import KEY_BYTES, Ring, ring_of

VERSION = 1
WRAPPED_BYTES = KEY_BYTES + 8
NONCE_BYTES = 12
TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. Renaming a table or column means sealing its rows anew."""

    table: str
    column: str
    row: UUID | str

    def bound(self, ring: Ring) -> bytes:
        """The place as bytes that no other place has: each part carries its length."""
        parts = (ring.value, self.table, self.column, str(self.row))
        encoded = (part.encode() for part in parts)
        return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


class Lock(NamedTuple):
    """The head of an envelope and the data key it holds."""

    head: bytes
    data_key: bytes

    def __repr__(self) -> str:
        return "<Lock>"


def new_lock(ring: Ring, version: int) -> Lock:
    """A data key nobody has used, and the head that only this ring can open."""
    keys = ring_of(ring)
    data_key = os.urandom(KEY_BYTES)
    key_id = keys.current.encode()
    wrapped = aes_key_wrap(keys.key(keys.current), data_key)
    return Lock(bytes([version, len(key_id)]) + key_id + wrapped, data_key)


def read_lock(sealed: bytes, ring: Ring, version: int) -> Lock:
    """The lock at the start of `sealed`. Raises UnknownKey, or Tampered for anything else."""
    keys = ring_of(ring)
    if len(sealed) < 2 or sealed[0] != version:  # noqa: PLR2004  version and length
        raise Tampered("This is not something the vault has sealed")
    name_ends = 2 + sealed[1]
    head = sealed[: name_ends + WRAPPED_BYTES]
    if len(head) < name_ends + WRAPPED_BYTES:
        raise Tampered("A sealed value is cut short")
    wrapping_key = keys.key(head[2:name_ends].decode("ascii", "backslashreplace"))
    try:
        return Lock(head, aes_key_unwrap(wrapping_key, head[name_ends:]))
    except InvalidUnwrap:
        raise Tampered("The data key of a sealed value was altered") from None


def seal(plain: bytes, place: Place, ring: Ring) -> bytes:
    """`plain`, readable only with the ring and only as this place."""
    lock = new_lock(ring, VERSION)
    nonce = os.urandom(NONCE_BYTES)
    head = lock.head + nonce
    return head + AESGCM(lock.data_key).encrypt(nonce, plain, head + place.bound(ring))


def unseal(sealed: bytes, place: Place, ring: Ring) -> bytes:
    """What was sealed for this place. Raises Tampered, UnknownKey or RingMissing."""
    lock = read_lock(sealed, ring, VERSION)
    body = len(lock.head) + NONCE_BYTES
    head, nonce = sealed[:body], sealed[len(lock.head) : body]
    if len(sealed) < body + TAG_BYTES:
        raise Tampered("A sealed value is cut short")
    try:
        return AESGCM(lock.data_key).decrypt(nonce, sealed[body:], head + place.bound(ring))
    except InvalidTag:
        raise Tampered("A sealed value was altered, or moved from another place") from None
