"""Compressed pictures as they stand inside other files: their notes cut out, their points kept."""

import re
from collections.abc import Iterator

from cases.cleaning.cleaned import NotCleanable
from cases.vocabulary import Hindrance

# JPEG (ITU-T T.81 B.1): APP0 to APP15 and COM are notes. APP0 and APP14 say how to read colours.
NOTES = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
START, SCAN, END = 0xD8, 0xDA, 0xD9
NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# JPEG 2000 (ISO/IEC 15444-1 annex I): boxes of metadata.
BOX_HEAD = 8
NOTE_BOXES = frozenset({b"xml ", b"uuid", b"uinf", b"jp2i"})


def bare_jpeg(content: bytes) -> bytes:
    """Without EXIF, XMP, IPTC, previews and comments, and without what follows the end."""
    if content[:2] != bytes((0xFF, START)):
        raise NotCleanable(Hindrance.BROKEN)
    return content[:2] + b"".join(_segments(content))


def _segments(content: bytes) -> Iterator[bytes]:
    here = 2
    while content[here : here + 1] == b"\xff":
        marker, begins = content[here + 1], here
        if marker == END:
            yield content[here : here + 2]
            return
        here += 2 + int.from_bytes(content[here + 2 : here + 4], "big")
        if marker == SCAN:
            here = _after_scan(content, here)
        if marker not in NOTES:
            yield content[begins:here]
    raise NotCleanable(Hindrance.BROKEN)


def _after_scan(content: bytes, here: int) -> int:
    """Points run until a marker that is neither a stuffed zero nor a restart."""
    found = NEXT.search(content, here)
    if found is None:
        raise NotCleanable(Hindrance.BROKEN)
    return found.start()


def bare_jpeg2000(content: bytes) -> bytes:
    if content[:2] == b"\xff\x4f":  # the bare codestream has no boxes
        return content
    return b"".join(_boxes(content))


def _boxes(content: bytes) -> Iterator[bytes]:
    here = 0
    while here < len(content):
        size = int.from_bytes(content[here : here + 4], "big")
        if size == 1:
            size = int.from_bytes(content[here + 8 : here + 16], "big")
        size = size or len(content) - here  # the last may be open
        if size < BOX_HEAD:
            raise NotCleanable(Hindrance.BROKEN)
        if content[here + 4 : here + 8] not in NOTE_BOXES:
            yield content[here : here + size]
        here += size
