"""Words that stand in one place of the database each, and a nose that finds them in any dress.

A canary is a word nobody else uses, with an accent, so that each form of writing it differs. All
begin alike: where the beginning is not found, no word has to be sought.
"""

import base64
import html
import io
import re
import secrets
import string
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote, unquote_plus

import pypdf

STEM = "Zéqxvkw"
ACCENT = STEM.index("é")
LENGTH = 9
ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
REACH = 200  # bytes before and after a trace that `sniff` looks at
PACKED = re.compile(rb"eJ[\w-]{20,}")  # what Django signs and compresses


class Canaries(dict[str, str]):
    """What lies where: `canaries["act: place"]` is the word for that place, made when asked."""

    def __missing__(self, place: str) -> str:
        letters = (secrets.choice(string.ascii_lowercase) for _ in range(LENGTH))
        self[place] = STEM + "".join(letters)
        return self[place]


def smell(raw: bytes, canaries: Mapping[str, str]) -> set[str]:
    """The places whose words can be read in these bytes, however they are dressed."""
    dresses = "\n".join(set(_undressed(raw)))
    any_word = _stands_in(STEM, dresses)
    return {
        place
        for place, word in canaries.items()
        if (any_word or not _is_made(word)) and _stands_in(word, dresses)
    }


def sniff(raw: bytes, canaries: Mapping[str, str]) -> set[str]:
    """What `smell` would find of the words made here, in bytes too many to undress.

    What follows the accent of a word is the same in most dresses; it is sought in the others as
    it looks there, and what is packed is unpacked.
    """
    low = raw.lower()
    around = [low[max(0, place - REACH) : place + REACH] for place in _traces(low)]
    found = {
        place
        for place, word in canaries.items()
        if any(needle in part for needle in _tails(word) for part in around)
    }
    return found.union(*(smell(packed, canaries) for packed in PACKED.findall(raw)))


def _traces(low: bytes) -> Iterator[int]:
    """Where the common beginning ends, no place twice."""
    last = -REACH
    for place in sorted(place for needle in _tails(STEM) for place in _every(needle, low)):
        if place >= last + REACH // 2:
            last = place
            yield place


def _every(needle: bytes, raw: bytes) -> Iterator[int]:
    place = raw.find(needle)
    while place >= 0:
        yield place
        place = raw.find(needle, place + 1)


def _is_made(word: str) -> bool:
    return word.startswith(STEM)


def _stands_in(word: str, dresses: str) -> bool:
    return any(needle in dresses for needle in _needles(word))


@cache
def _needles(word: str) -> frozenset[str]:
    """As it is, without its accent, and as base64 and hex of what comes after its accent: that
    is the same whatever was done to the accent before.

    Ids, addresses and hashes are many and have no accent: as they are, and without strokes.
    """
    if not _is_made(word) and word != STEM:
        return frozenset({word.casefold(), word.casefold().replace("-", "")})
    composed, spread = (unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    tails = {tail.decode() for tail in _tails(word) if tail.isalnum()}
    return frozenset({composed.casefold(), bare.casefold()} | tails)


@cache
def _tails(word: str) -> frozenset[bytes]:
    """What comes after the accent: in bytes, in hex and in base64, each in small letters."""
    tail = word[ACCENT + 1 :]
    found = {tail.encode(encoding) for encoding in ENCODINGS}
    for plain in (tail, tail.upper()):
        for raw in (plain.encode(encoding) for encoding in ENCODINGS):
            found |= {raw.hex().encode(), *(part.encode() for part in _in_base64(raw))}
    return frozenset(found)


def _in_base64(word: bytes) -> Iterator[str]:
    """Inside a longer text the same bytes are written in three ways."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word).decode()
        cut = {0: 0, 1: 2, 2: 3}[before]
        yield whole[cut : len(whole) - 4].casefold()


def _undressed(raw: bytes) -> Iterator[str]:
    """The bytes as text, and with each wrapping of the web taken off."""
    for text in _texts(raw):
        for plain in (
            text,
            html.unescape(text),
            unquote(text),
            unquote_plus(html.unescape(text)),
            _without_escapes(text),
            text.replace("-", "+").replace("_", "/"),
        ):
            yield unicodedata.normalize("NFC", plain).casefold()


def _texts(raw: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        yield raw.decode(encoding, errors="replace")
    if raw.startswith(b"%PDF"):
        yield _words_of_pdf(raw)
    for packed in PACKED.findall(raw):
        try:
            padded = packed + b"=" * (-len(packed) % 4)
            yield zlib.decompress(base64.urlsafe_b64decode(padded)).decode(errors="replace")
        except (ValueError, zlib.error):
            continue


def _words_of_pdf(raw: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(raw))
    pages = [page.extract_text() for page in reader.pages]
    return " ".join([*pages, str(reader.metadata), str(reader.xmp_metadata)])


def _without_escapes(text: str) -> str:
    r"""\u00e9 and \xe9, as JSON and scripts write them."""
    return re.sub(
        r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))",
        lambda found: chr(int(found[1] or found[2], 16)),
        text,
    )
