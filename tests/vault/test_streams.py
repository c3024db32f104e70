"""A sealed file is whole and in order, or it is refused; its size costs no memory."""

import hashlib
import io
import tracemalloc
from uuid import uuid4

import pytest

from cases.vault import (
    Place,
    Ring,
    RingMissing,
    Tampered,
    UnknownKey,
    VaultError,
    open_stream,
    seal_stream,
)
from cases.vault.streams import PIECE, Pieces
from tests.vault.conftest import NEW, OLD

HERE = Place("files", "content", uuid4())
STEP = PIECE + 16


def sealed(content: bytes, place: Place = HERE) -> bytes:
    target = io.BytesIO()
    seal_stream(io.BytesIO(content), target, place, Ring.VAULT)
    return target.getvalue()


def opened(content: bytes, place: Place = HERE, ring: Ring = Ring.VAULT) -> bytes:
    return b"".join(open_stream(io.BytesIO(content), place, ring))


def head_of(content: bytes) -> int:
    return len(Pieces.of(content, HERE, Ring.VAULT).head)


@pytest.mark.parametrize("size", [0, 1, 15, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_a_file_of_any_size_comes_back(size):
    content = bytes(n % 251 for n in range(size))
    target = io.BytesIO()

    stored = seal_stream(io.BytesIO(content), target, HERE, Ring.VAULT)

    assert stored == (size, hashlib.sha256(content).hexdigest())
    assert opened(target.getvalue()) == content


def test_a_reader_that_gives_little_at_a_time_is_read_to_its_end():
    class Slow(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 1000))

    target = io.BytesIO()
    seal_stream(Slow(b"x" * 150_000), target, HERE, Ring.VAULT)

    assert b"".join(open_stream(Slow(target.getvalue()), HERE, Ring.VAULT)) == b"x" * 150_000


def test_a_cut_file_is_refused_wherever_it_is_cut():
    content = sealed(b"x" * (2 * PIECE + 100))
    head = head_of(content)
    ends = [*range(head + 40), head + STEP, head + 2 * STEP, len(content) - 1, len(content) - 116]

    for end in ends:
        with pytest.raises(VaultError):
            opened(content[:end])


def test_pieces_moved_doubled_or_added_are_refused():
    content = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE)
    head = head_of(content)
    start, pieces = (
        content[:head],
        [content[n : n + STEP] for n in range(head, len(content), STEP)],
    )
    a, b, c = pieces

    for wrong in ([b, a, c], [a, a, b, c], [a, c], [a, b], [a, b, c, c], [a, b, c, b"\0"], []):
        with pytest.raises(Tampered):
            opened(start + b"".join(wrong))


def test_pieces_of_another_file_are_refused():
    one, other = sealed(b"a" * PIECE), sealed(b"b" * PIECE)

    with pytest.raises(Tampered):
        opened(one[: head_of(one)] + other[head_of(other) :])


def test_any_changed_bit_is_refused():
    content = sealed(b"x" * 200)

    for position in range(len(content)):
        altered = bytearray(content)
        altered[position] ^= 0x10
        with pytest.raises((Tampered, UnknownKey)):
            opened(bytes(altered))


def test_a_file_moved_to_another_row_or_ring_is_refused(settings):
    content = sealed(b"x")
    settings.KEY_RINGS = {"vault": OLD, "portal": OLD}

    with pytest.raises(Tampered):
        opened(content, Place("files", "content", uuid4()))
    with pytest.raises(Tampered):
        opened(content, ring=Ring.PORTAL)


def test_a_missing_ring_shows_before_the_first_piece_is_asked_for(settings):
    content = sealed(b"x")
    settings.KEY_RINGS = {}

    with pytest.raises(RingMissing):
        open_stream(io.BytesIO(content), HERE, Ring.VAULT)


def test_an_old_file_opens_after_a_rotation(settings):
    content = sealed(b"x")
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}

    assert opened(content) == b"x"


class Endless(io.RawIOBase):
    """So many bytes that were never anywhere at once."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1, /):
        part = bytes(min(size, self.left))
        self.left -= len(part)
        return part


def test_twenty_megabytes_need_the_memory_of_a_few_pieces(tmp_path):
    path = tmp_path / "sealed"
    tracemalloc.start()

    with path.open("wb") as target:
        stored = seal_stream(Endless(20 * 1024 * 1024), target, HERE, Ring.VAULT)
    with path.open("rb") as source:
        size = sum(len(piece) for piece in open_stream(source, HERE, Ring.VAULT))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert stored.size == size == 20 * 1024 * 1024
    assert peak < 12 * PIECE
