"""A box into which anybody may put something and which the offices alone open: HPKE, RFC 9180.

    format (1) | length of key id (1) | key id | encapsulated key, AES-256-GCM

The submission door holds the public key and nothing else: whoever takes that door over reads what
comes in from then on, and nothing that came before. Keys are agreed on by ML-KEM-768 and X25519
together: what is recorded today stays closed even when one of the two is broken. A private key is
32 bytes like any other; SHAKE256 makes the keys of both from it, as X-Wing does.
"""

import base64
import binascii
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from django.conf import settings

from cases.vault.errors import RingBroken, RingMissing, Tampered
from cases.vault.keyring import KEY_ID, KeyRing, parsed, ring_named
from cases.vault.sealing import Place

FORMAT = bytes([3])
BOX = "submission"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MLKEM_SEED_BYTES = 64
X25519_BYTES = 32
PUBLIC_BYTES = 1184 + X25519_BYTES


def seal(plain: bytes, place: Place) -> bytes:
    """Readable only to the offices, and only as this place. Needs the public key alone."""
    if not settings.SUBMISSION_PUBLIC_KEY:
        raise RingMissing("This process does not hold the public key of the submission box")
    return seal_to(settings.SUBMISSION_PUBLIC_KEY, plain, place.bound(BOX))


def unseal(sealed: bytes, place: Place) -> bytes:
    """What was put in for this place. Raises Tampered, UnknownKey or RingMissing."""
    return unseal_with(ring_named(BOX), sealed, place.bound(BOX))


def seal_to(public: str, plain: bytes, bound: bytes) -> bytes:
    """`public` is a line as `public_line` makes it; `bound` must be known again to open."""
    key_id, key = _public(public)
    head = FORMAT + bytes([len(key_id)]) + key_id.encode()
    return head + SUITE.encrypt(plain, key, info=bound)


def unseal_with(keys: KeyRing, sealed: bytes, bound: bytes) -> bytes:
    if len(sealed) < 2 or sealed[:1] != FORMAT:  # noqa: PLR2004  format and length
        raise Tampered("This was not put into the box")
    ends = 2 + sealed[1]
    key = _private(keys.key(sealed[2:ends].decode("ascii", "backslashreplace")))
    try:
        return SUITE.decrypt(sealed[ends:], key, info=bound)
    except (InvalidTag, ValueError):
        raise Tampered("What was put into the box was altered, cut short, or moved") from None


def public_line(ring: str) -> str:
    """`id:base64` of the public half of the first key of a ring: tells nothing of the private."""
    keys = parsed(BOX, ring)
    mlkem, x25519 = _halves(keys.key(keys.current))
    raw = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return f"{keys.current}:{base64.b64encode(raw).decode()}"


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    long = hashlib.shake_256(seed).digest(MLKEM_SEED_BYTES + X25519_BYTES)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(long[:MLKEM_SEED_BYTES])
    return mlkem, X25519PrivateKey.from_private_bytes(long[MLKEM_SEED_BYTES:])


def _private(seed: bytes) -> MLKEM768X25519PrivateKey:
    return MLKEM768X25519PrivateKey(*_halves(seed))


@lru_cache(maxsize=4)
def _public(line: str) -> tuple[str, MLKEM768X25519PublicKey]:
    key_id, _, encoded = line.strip().partition(":")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not KEY_ID.fullmatch(key_id) or len(raw) != PUBLIC_BYTES:
        raise RingBroken("The public key of the box is not `id:base64` of its 1216 bytes")
    mlkem = MLKEM768PublicKey.from_public_bytes(raw[:-X25519_BYTES])
    x25519 = X25519PublicKey.from_public_bytes(raw[-X25519_BYTES:])
    return key_id, MLKEM768X25519PublicKey(mlkem, x25519)
