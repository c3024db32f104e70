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
from cases.vault.sealing import LONGEST_WRAPPING
from cases.vault.streams import HEAD_BYTES, PIECE, STARTS, rewrap_file
from tests.vault.conftest import NEW, OLD

HERE = Place("files", "content", uuid4())
STEP = PIECE + 16


def sealed(content: bytes, place: Place = HERE) -> bytes:
    target = io.BytesIO()
    seal_stream(io.BytesIO(content), target, place, Ring.VAULT)
    return target.getvalue()


def opened(content: bytes, place: Place = HERE, ring: Ring = Ring.VAULT) -> bytes:
    return b"".join(open_stream(io.BytesIO(content), place, ring))


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
    head = HEAD_BYTES
    ends = [*range(head + 40), head + STEP, head + 2 * STEP, len(content) - 1, len(content) - 116]

    for end in ends:
        with pytest.raises(VaultError):
            opened(content[:end])


def test_pieces_moved_doubled_or_added_are_refused():
    content = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE)
    head = HEAD_BYTES
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
        opened(one[:HEAD_BYTES] + other[HEAD_BYTES:])


def test_any_changed_bit_is_refused_or_lies_where_nothing_is_read():
    content = sealed(b"x" * 200)
    spare = range(STARTS[1], STARTS[1] + LONGEST_WRAPPING)

    for position in range(len(content)):
        altered = bytearray(content)
        altered[position] ^= 0x10
        if position in spare:
            assert opened(bytes(altered)) == b"x" * 200
            continue
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


# Under another key --------------------------------------------------------------------------------


@pytest.fixture
def resting(tmp_path):
    """A sealed file on disk, and what it held when it was written."""
    path = tmp_path / "sealed"
    path.write_bytes(sealed(b"x" * 100_000))
    return path, path.read_bytes()


def rewrapped(path) -> bool:
    with path.open("r+b") as file:
        return rewrap_file(file, Ring.VAULT)


def test_a_file_under_another_key_keeps_its_pieces_to_the_byte(resting, settings):
    path, before = resting
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}

    assert rewrapped(path)
    assert not rewrapped(path)

    settings.KEY_RINGS = {"vault": NEW}
    after = path.read_bytes()
    assert opened(after) == b"x" * 100_000
    assert after[HEAD_BYTES - 7 :] == before[HEAD_BYTES - 7 :]
    settings.KEY_RINGS = {"vault": OLD}
    with pytest.raises(UnknownKey):
        opened(after)


def test_a_file_goes_from_key_to_key_and_back(resting, settings):
    path, _before = resting
    for ring in (f"{NEW},{OLD}", f"{OLD},{NEW}", f"{NEW},{OLD}"):
        settings.KEY_RINGS = {"vault": ring}
        assert rewrapped(path)
        assert opened(path.read_bytes()) == b"x" * 100_000


class Dying(io.FileIO):
    """A file whose process is killed after so many bytes were written."""

    left = 0

    def write(self, data):
        part = bytes(data)[: self.left]
        self.left -= len(part)
        super().write(part)
        if len(part) < len(data):
            raise KeyboardInterrupt
        return len(part)


def test_a_crash_at_any_byte_leaves_a_file_that_opens_and_is_finished_later(resting, settings):
    path, before = resting
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}

    for survived in range(2 * LONGEST_WRAPPING):
        path.write_bytes(before)
        with pytest.raises(KeyboardInterrupt), Dying(path, "r+") as file:
            file.left = survived
            rewrap_file(file, Ring.VAULT)
        assert opened(path.read_bytes()) == b"x" * 100_000
        rewrapped(path)
        assert path.read_bytes().count(bytes(LONGEST_WRAPPING)) == 1
        assert b"2025" not in path.read_bytes()[:HEAD_BYTES]


def test_who_reads_while_the_key_changes_reads_on(resting, settings):
    path, _before = resting
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}

    with path.open("rb") as reader:
        pieces = open_stream(reader, HERE, Ring.VAULT)
        first = next(pieces)
        rewrapped(path)
        assert first + b"".join(pieces) == b"x" * 100_000


def test_a_file_that_lost_its_data_key_says_so(resting):
    _path, before = resting

    with pytest.raises(Tampered, match="lost its data key"):
        opened(before[:1] + bytes(HEAD_BYTES - 8) + before[HEAD_BYTES - 7 :])


# Memory -----------------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """So many bytes that were never anywhere at once."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1, /):
        part = bytes(min(size, self.left))
        self.left -= len(part)
        return part


def test_two_hundred_megabytes_need_the_memory_of_a_few_pieces(tmp_path):
    path, size = tmp_path / "sealed", 200 * 1024 * 1024
    tracemalloc.start()
    try:
        with path.open("wb") as target:
            stored = seal_stream(Endless(size), target, HERE, Ring.VAULT)
        with path.open("rb") as source:
            read = sum(len(piece) for piece in open_stream(source, HERE, Ring.VAULT))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert stored.size == read == size
    assert peak < 12 * PIECE
