"""Files, sealed piece by piece: constant memory, and nothing missing or out of order goes unseen.

    head as in `sealing` (version 2) | nonce prefix (7) | pieces of 64 KiB, each with its tag

The nonce of a piece is prefix | its number (4) | 1 for the last piece, 0 for the others, under a
data key that no other file has. So a piece that is missing, doubled or moved does not open.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.vault.errors import Tampered
from cases.vault.keyring import KEY_ID_BYTES, Ring
from cases.vault.sealing import TAG_BYTES, WRAPPED_BYTES, Place, new_lock, read_lock

VERSION = 2
PIECE = 64 * 1024
PREFIX_BYTES = 7
COUNTER_BYTES = 4
LONGEST_HEAD = 2 + KEY_ID_BYTES + WRAPPED_BYTES + PREFIX_BYTES


class Reader(Protocol):
    """A file, an upload, a response: whatever gives up to so many bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Stored(NamedTuple):
    """Size and SHA-256 of what was sealed, as it was before."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, repr=False)
class Pieces:
    """Seals and opens the pieces of one file. `head` is everything before the first of them."""

    head: bytes
    cipher: AESGCM
    bound: bytes

    @classmethod
    def new(cls, place: Place, ring: Ring) -> "Pieces":
        lock = new_lock(ring, VERSION)
        head = lock.head + os.urandom(PREFIX_BYTES)
        return cls(head, AESGCM(lock.data_key), head + place.bound(ring))

    @classmethod
    def of(cls, start: bytes, place: Place, ring: Ring) -> "Pieces":
        """Read from the first `LONGEST_HEAD` bytes of a sealed file."""
        lock = read_lock(start, ring, VERSION)
        head = start[: len(lock.head) + PREFIX_BYTES]
        if len(head) < len(lock.head) + PREFIX_BYTES:
            raise Tampered("A sealed file is cut short")
        return cls(head, AESGCM(lock.data_key), head + place.bound(ring))

    def nonce(self, number: int, last: bool) -> bytes:
        return self.head[-PREFIX_BYTES:] + number.to_bytes(COUNTER_BYTES, "big") + bytes([last])

    def seal(self, number: int, last: bool, plain: bytes) -> bytes:
        return self.cipher.encrypt(self.nonce(number, last), plain, self.bound)

    def open(self, number: int, last: bool, sealed: bytes) -> bytes:
        try:
            return self.cipher.decrypt(self.nonce(number, last), sealed, self.bound)
        except (InvalidTag, ValueError):
            raise Tampered("A sealed file was altered, cut, or moved") from None


def seal_stream(reader: Reader, writer: Writer, place: Place, ring: Ring) -> Stored:
    """Copy `reader` to `writer`, sealed."""
    pieces, digest, size = Pieces.new(place, ring), hashlib.sha256(), 0
    writer.write(pieces.head)
    for number, (plain, last) in enumerate(_cut(reader, PIECE)):
        digest.update(plain)
        size += len(plain)
        writer.write(pieces.seal(number, last, plain))
    return Stored(size, digest.hexdigest())


def open_stream(reader: BinaryIO, place: Place, ring: Ring) -> Iterator[bytes]:
    """The pieces in clear, each verified before it is given.

    The head is checked at once, so that a missing ring shows before an answer has begun. A cut end
    shows only when it is reached: whoever needs the whole file must read to the end.
    """
    begins = reader.tell()
    pieces = Pieces.of(reader.read(LONGEST_HEAD), place, ring)
    reader.seek(begins + len(pieces.head))
    return _opened(reader, pieces)


def _opened(reader: Reader, pieces: Pieces) -> Iterator[bytes]:
    for number, (sealed, last) in enumerate(_cut(reader, PIECE + TAG_BYTES)):
        yield pieces.open(number, last, sealed)


def _cut(reader: Reader, size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of exactly `size` and whether each is the last; an empty file is one empty piece."""
    here = _exactly(reader, size)
    while after := _exactly(reader, size):
        yield here, False
        here = after
    yield here, True


def _exactly(reader: Reader, size: int) -> bytes:
    """Uploads and sockets may give less than asked; only the end of the file is shorter."""
    parts: list[bytes] = []
    while size and (part := reader.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
