"""Free text, identities and files at rest, and the only way to open them."""

from cases.vault.errors import (
    NotSealable,
    RingBroken,
    RingMissing,
    Tampered,
    UnknownKey,
    VaultError,
)
from cases.vault.fields import SealedJSONField, SealedQuerySet, SealedTextField
from cases.vault.holding import Sealed
from cases.vault.keyring import Ring
from cases.vault.sealing import Place, seal, unseal

__all__ = [
    "NotSealable",
    "Place",
    "Ring",
    "RingBroken",
    "RingMissing",
    "Sealed",
    "SealedJSONField",
    "SealedQuerySet",
    "SealedTextField",
    "Tampered",
    "UnknownKey",
    "VaultError",
    "seal",
    "unseal",
]
