"""The envelope: a fresh data key for each value, wrapped by the ring, bound to its place.

    format (1) | length of key id (1) | key id | wrapped data key (40) | nonce (12) | AES-256-GCM

The format, the ring and the place are associated data: who copies a sealed value to another row,
column, table or ring, or puts an earlier one back, gets `Tampered`, never a text. Key id and
wrapped key are not, so that `rewrap` puts a value under another key without touching its body; a
wrapping is whole or does not open (RFC 3394), and a foreign one does not open the body.
Not hidden: how long the text is, and that it changed.
"""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from cases.vault.errors import Tampered
from cases.vault.keyring import KEY_BYTES, KEY_ID_BYTES, Ring, ring_of

FORMAT = bytes([1])
WRAPPED_BYTES = KEY_BYTES + 8
LONGEST_WRAPPING = 1 + KEY_ID_BYTES + WRAPPED_BYTES
NONCE_BYTES = 12
TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. Renaming a table or column means sealing its rows anew.

    `version` is that of the row, where rows have one: what an earlier version held is refused.
    """

    table: str
    column: str
    row: UUID | str
    version: int | None = None

    def bound(self, ring: str) -> bytes:
        """The place as bytes that no other place has: each part carries its length."""
        version = "" if self.version is None else str(self.version)
        parts = (str(ring), self.table, self.column, str(self.row), version)
        encoded = (part.encode() for part in parts)
        return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def seal(plain: bytes, place: Place, ring: Ring) -> bytes:
    """`plain`, readable only with the ring and only as this place."""
    data_key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
    body = AESGCM(data_key).encrypt(nonce, plain, FORMAT + place.bound(ring))
    return FORMAT + wrap(data_key, ring) + nonce + body


def unseal(sealed: bytes, place: Place, ring: Ring) -> bytes:
    """What was sealed for this place. Raises Tampered, UnknownKey or RingMissing."""
    wrapping, rest = _parted(sealed)
    data_key = unwrap(wrapping, ring)
    nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        return AESGCM(data_key).decrypt(nonce, body, FORMAT + place.bound(ring))
    except InvalidTag:
        raise Tampered("A sealed value was altered, moved, or put back after a change") from None


def rewrap(sealed: bytes, ring: Ring) -> bytes:
    """The same value under the key that seals now. Its text is not opened."""
    wrapping, rest = _parted(sealed)
    return FORMAT + wrap(unwrap(wrapping, ring), ring) + rest


# The wrapping of a data key: also at the head of a sealed file ----------------------------------


def wrap(data_key: bytes, ring: Ring) -> bytes:
    """Length of key id | key id | data key under the key of the ring that seals now."""
    keys = ring_of(ring)
    key_id = keys.current.encode()
    return bytes([len(key_id)]) + key_id + aes_key_wrap(keys.key(keys.current), data_key)


def unwrap(wrapping: bytes, ring: Ring) -> bytes:
    """The data key. Raises UnknownKey, or Tampered for anything else."""
    key = ring_of(ring).key(key_id_of(wrapping))
    try:
        return aes_key_unwrap(key, wrapping[1 + wrapping[0] :])
    except InvalidUnwrap:
        raise Tampered("The data key of a sealed value was altered") from None


def key_id_of(wrapping: bytes) -> str:
    return wrapping[1 : 1 + wrapping[0]].decode("ascii", "backslashreplace")


def _parted(sealed: bytes) -> tuple[bytes, bytes]:
    """The wrapping, and what comes after it."""
    if len(sealed) < 2 or sealed[:1] != FORMAT:  # noqa: PLR2004  format and length
        raise Tampered("This is not something the vault has sealed")
    ends = 2 + sealed[1] + WRAPPED_BYTES
    if len(sealed) < ends + NONCE_BYTES + TAG_BYTES:
        raise Tampered("A sealed value is cut short")
    return sealed[1:ends], sealed[ends:]
