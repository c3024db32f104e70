"""Files, sealed piece by piece: constant memory, and nothing missing or out of order goes unseen.

    format (1) | two places for a wrapping (73 each) | nonce prefix (7) | pieces of 64 KiB + tag

The nonce of a piece is prefix | its number (4) | 1 for the last piece, 0 for the others, under a
data key that no other file has. So a piece that is missing, doubled or moved does not open.

One place for a wrapping is empty, but for the moment in which a file is put under another key: the
new wrapping is on disk before the old one goes, so a crash at any byte leaves one that opens.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.vault.errors import Tampered, VaultError
from cases.vault.keyring import KEY_BYTES, Ring, ring_of
from cases.vault.sealing import (
    LONGEST_WRAPPING,
    TAG_BYTES,
    WRAPPED_BYTES,
    Place,
    key_id_of,
    unwrap,
    wrap,
)

FORMAT = bytes([2])
PIECE = 64 * 1024
PREFIX_BYTES = 7
COUNTER_BYTES = 4
EMPTY = bytes(LONGEST_WRAPPING)
STARTS = (len(FORMAT), len(FORMAT) + LONGEST_WRAPPING)
HEAD_BYTES = len(FORMAT) + 2 * LONGEST_WRAPPING + PREFIX_BYTES


class Reader(Protocol):
    """A file, an upload, a response: whatever gives up to so many bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Stored(NamedTuple):
    """Size and SHA-256 of what was sealed, as it was before."""

    size: int
    sha256: str


class Wrapping(NamedTuple):
    """The wrapping of a sealed file that opens, where it starts, and the data key in it."""

    start: int
    key_id: str
    data_key: bytes

    def __repr__(self) -> str:
        return f"<Wrapping under {self.key_id}>"


@dataclass(frozen=True, slots=True, repr=False)
class Pieces:
    """Seals and opens the pieces of one file."""

    prefix: bytes
    cipher: AESGCM
    bound: bytes

    @classmethod
    def under(cls, data_key: bytes, prefix: bytes, place: Place, ring: Ring) -> "Pieces":
        return cls(prefix, AESGCM(data_key), FORMAT + place.bound(ring))

    def nonce(self, number: int, last: bool) -> bytes:
        return self.prefix + number.to_bytes(COUNTER_BYTES, "big") + bytes([last])

    def seal(self, number: int, last: bool, plain: bytes) -> bytes:
        return self.cipher.encrypt(self.nonce(number, last), plain, self.bound)

    def open(self, number: int, last: bool, sealed: bytes) -> bytes:
        try:
            return self.cipher.decrypt(self.nonce(number, last), sealed, self.bound)
        except (InvalidTag, ValueError):
            raise Tampered("A sealed file was altered, cut, or moved") from None


def seal_stream(reader: Reader, writer: Writer, place: Place, ring: Ring) -> Stored:
    """Copy `reader` to `writer`, sealed."""
    data_key, prefix = os.urandom(KEY_BYTES), os.urandom(PREFIX_BYTES)
    pieces, digest, size = Pieces.under(data_key, prefix, place, ring), hashlib.sha256(), 0
    writer.write(FORMAT + _filled(wrap(data_key, ring)) + EMPTY + prefix)
    for number, (plain, last) in enumerate(_cut(reader, PIECE)):
        digest.update(plain)
        size += len(plain)
        writer.write(pieces.seal(number, last, plain))
    return Stored(size, digest.hexdigest())


def open_stream(reader: Reader, place: Place, ring: Ring) -> Iterator[bytes]:
    """The pieces in clear, each verified before it is given.

    The head is checked at once, so that a missing ring shows before an answer has begun. A cut end
    shows only when it is reached: whoever needs the whole file must read to the end.
    """
    head = _exactly(reader, HEAD_BYTES)
    data_key = wrapping_of(head, ring).data_key
    return _opened(reader, Pieces.under(data_key, head[-PREFIX_BYTES:], place, ring))


def rewrap_file(file: BinaryIO, ring: Ring) -> bool:
    """Put a sealed file, open for reading and writing, under the key that seals now.

    False where it was already. Its pieces are neither read nor moved; readers are not disturbed.
    A change that was cut short is finished. `file` stays locked until it is closed.
    """
    fcntl.flock(file, fcntl.LOCK_EX)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    found = wrapping_of(head, ring)
    other = next(start for start in STARTS if start != found.start)
    if found.key_id != ring_of(ring).current:
        _write(file, other, _filled(wrap(found.data_key, ring)))
        _write(file, found.start, EMPTY)
        return True
    if head[other : other + LONGEST_WRAPPING] != EMPTY:
        _write(file, other, EMPTY)
    return False


def wrapping_of(head: bytes, ring: Ring) -> Wrapping:
    """From the head of a sealed file: the wrapping under the key that seals now, else any other.

    Raises Tampered, UnknownKey or RingMissing where none opens.
    """
    if len(head) < HEAD_BYTES or head[:1] != FORMAT:
        raise Tampered("This is not a file the vault has sealed, or it is cut short")
    opened: list[Wrapping] = []
    refused: VaultError = Tampered("A sealed file has lost its data key")
    for start in STARTS:
        padded = head[start : start + LONGEST_WRAPPING]
        if padded != EMPTY:
            try:
                opened.append(_opened_wrapping(start, padded, ring))
            except VaultError as error:
                refused = error
    if not opened:
        raise refused
    current = ring_of(ring).current
    return next((found for found in opened if found.key_id == current), opened[0])


def key_ids_of(head: bytes) -> list[str]:
    """Under which keys a file lies, as its head says: one, or two in the moment of a change."""
    padded = [head[start : start + LONGEST_WRAPPING] for start in STARTS]
    return [key_id_of(wrapping) for wrapping in padded if wrapping.strip(b"\0")]


def _opened_wrapping(start: int, padded: bytes, ring: Ring) -> Wrapping:
    wrapping = padded[: 1 + padded[0] + WRAPPED_BYTES]
    if padded != _filled(wrapping):
        raise Tampered("The wrapping of a data key was altered")
    return Wrapping(start, key_id_of(wrapping), unwrap(wrapping, ring))


def _filled(wrapping: bytes) -> bytes:
    return wrapping.ljust(LONGEST_WRAPPING, b"\0")


def _write(file: BinaryIO, start: int, content: bytes) -> None:
    """On disk when this returns."""
    file.seek(start)
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


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
