"""Free text, identities and files at rest, and the only way to open them."""

from cases.vault.errors import (
    Closed,
    NotSealable,
    RingBroken,
    RingMissing,
    Tampered,
    UnknownKey,
    VaultError,
)
from cases.vault.fields import (
    SealedJSONField,
    SealedQuerySet,
    SealedTextField,
    VersionField,
    written_together,
)
from cases.vault.holding import Sealed
from cases.vault.keyring import Ring
from cases.vault.sealing import Place, seal, unseal
from cases.vault.streams import Stored, open_stream, seal_stream

__all__ = [
    "Closed",
    "NotSealable",
    "Place",
    "Ring",
    "RingBroken",
    "RingMissing",
    "Sealed",
    "SealedJSONField",
    "SealedQuerySet",
    "SealedTextField",
    "Stored",
    "Tampered",
    "UnknownKey",
    "VaultError",
    "VersionField",
    "open_stream",
    "seal",
    "seal_stream",
    "unseal",
    "written_together",
]
