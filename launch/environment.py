"""What every process of a run finds in its environment: the names that settings.py reads."""

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cases.vault.box import public_line
from cases.vault.keyring import new_entry


def environment(folder: Path) -> dict[str, str]:
    """Settings of a run on this machine alone, in `folder`. Synthetic data, no TLS."""
    return {
        **_secrets(folder / "secrets.json"),
        "HTTPS": "0",
        "SYNTHETIC": "1",
        "EMAIL_DIR": str(_made(folder / "mail")),
        "FILES_DIR": str(_made(folder / "files")),
        "AUDIT_ANCHORS": str(_made(folder / "anchors")),
    }


def random_secrets() -> dict[str, str]:
    """Fresh ones, in the form that settings.py reads."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": new_entry("vault-1"),
        "PORTAL_KEYS": new_entry("portal-1"),
        "SEARCH_KEYS": new_entry("search-1"),
        **_box(new_entry("submission-1")),
        **_signing_pair(),
    }


def _secrets(path: Path) -> dict[str, str]:
    """Made once, readable to their owner only: what they sealed opens next time too.

    A secret that a later version asks for is added to those of an older demo.
    """
    held = dict(json.loads(path.read_text())) if path.exists() else {}
    wanted = paired(random_secrets() | held)
    if wanted != held:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(wanted, file)
    return wanted


def paired(texts: dict[str, str]) -> dict[str, str]:
    """With the public key that belongs to the ring: what another one sealed nobody could open."""
    return texts | _box(texts["SUBMISSION_KEYS"])


def _box(ring: str) -> dict[str, str]:
    """The submission door puts in with the one what the offices take out with the other."""
    return {"SUBMISSION_KEYS": ring, "SUBMISSION_PUBLIC_KEY": public_line(ring)}


def _signing_pair() -> dict[str, str]:
    """Anchors of the audit are signed with the one and believed by the other."""
    key = Ed25519PrivateKey.generate()
    pair = {"AUDIT_KEY": key.private_bytes_raw(), "AUDIT_PUBLIC_KEYS": _public(key)}
    return {name: base64.b64encode(raw).decode() for name, raw in pair.items()}


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
