"""Words as numbers that only the search ring can make: equal words give equal numbers.

A token is the first 64 bits of an HMAC-SHA256, as PostgreSQL's bigint has them. Not fewer: two
words that met by chance would show somebody a case that does not hold what they sought; that any
two of six million words meet is one chance in a million at 64 bits. Not more: nobody can turn a
token back without the key however long it is, and an index of bigints is small.

Each kind has a key of its own, derived by HKDF: a token of a name is never that of a word.
"""

import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cases.vault.keyring import KEY_BYTES, search_ring

TOKEN_BYTES = 8


class Kind(StrEnum):
    WORDS = "words"  # of the texts of a case
    NAMES = "names"  # of people, with their numbers and addresses
    AUDIT = "audit"  # of what was sought


def current_key() -> str:
    """The name of the key that tokens are made with now. Raises RingMissing."""
    return search_ring().current


def tokens(kind: Kind, words: Iterable[str]) -> list[int]:
    """To be kept with a row: each word once, in an order that tells nothing of the text's."""
    ring = search_ring()
    return sorted({_token(ring.key(ring.current), kind, word) for word in words})


def sought(kind: Kind, words: Iterable[str]) -> list[int]:
    """Under every key of the ring: rows that wait for `reindex` are found as well."""
    keys = search_ring().keys.values()
    return sorted({_token(key, kind, word) for word in words for key in keys})


def mark(text: str) -> str:
    """What the audit keeps of a text that was sought: equal texts are equal, no text is told."""
    ring = search_ring()
    return _digest(ring.key(ring.current), Kind.AUDIT, text)[: KEY_BYTES // 2].hex()


def _token(key: bytes, kind: Kind, word: str) -> int:
    return int.from_bytes(_digest(key, kind, word)[:TOKEN_BYTES], "big", signed=True)


def _digest(key: bytes, kind: Kind, word: str) -> bytes:
    return hmac.digest(_derived(key, kind), word.encode(), hashlib.sha256)


@lru_cache(maxsize=32)
def _derived(key: bytes, kind: Kind) -> bytes:
    info = f"reprisals search {kind}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
