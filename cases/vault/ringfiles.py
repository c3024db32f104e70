"""Key rings in files: made once, given a new key, divided into shares, brought back from them.

One pair of recovery keys serves all rings of a folder. Its public half stays beside them and seals
a copy of each ring, anew at every rotation; the private half is divided among five people, any
three of whom bring the rings back (SLIP-39: 33 words each). The words outlive rotations.
"""

import base64
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from cases.vault import box
from cases.vault.errors import VaultError
from cases.vault.keyring import KEY_BYTES, KeyRing, entry, new_entry, parsed

RINGS = ("vault", "portal", "search", box.BOX)
SHARES, ENOUGH = 5, 3
RECOVERY = "recovery"


class FileThere(VaultError):
    """What would be written over is there. Nothing was written."""


class SharesRefused(VaultError):
    """The shares are too few, do not belong together, or hold a wrong word."""


def ring_file(folder: Path, ring: str) -> Path:
    return folder / f"{ring}_keys"


def public_file(folder: Path) -> Path:
    return folder / f"{box.BOX}_public_key"


def init(folder: Path) -> list[Path]:
    """A ring of one key for each purpose, and the public key of the box. Raises FileThere."""
    texts = {ring_file(folder, ring): new_entry(f"{ring}-1") for ring in RINGS}
    texts[public_file(folder)] = box.public_line(texts[ring_file(folder, box.BOX)])
    refuse_over(texts)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, text in texts.items():
        _write_new(path, text)
    return list(texts)


def rotate(path: Path, ring: str) -> str:
    """Put a new key first in the file of a ring; those before stay. Gives the id of the new one."""
    text = path.read_text().strip()
    key_id = _next_id(parsed(ring, text), ring)
    text = f"{new_entry(key_id)},{text}"
    if (public := _recovery_public(path.parent)).exists():
        _replace(_copy(path.parent, ring), _sealed_copy(public.read_text(), ring, text))
    _replace(path, text)
    if ring == box.BOX:  # only now is there somebody who opens what it seals
        _replace(public_file(path.parent), box.public_line(text))
    return key_id


def refuse_over(paths: Iterable[Path]) -> None:
    if there := [str(path) for path in paths if path.exists()]:
        raise FileThere(f"Nothing was written: {', '.join(there)} is there already")


# Shares -----------------------------------------------------------------------------------------


def split(folder: Path, to: Path) -> list[Path]:
    """Divide the way back to the rings of `folder` into shares, one file each in `to`.

    Shares that were made before open nothing that is sealed from now on.
    """
    names = [ring for ring in RINGS if ring_file(folder, ring).exists()]
    if not names:
        raise FileNotFoundError(f"There is no key ring in {folder}")
    seed = os.urandom(KEY_BYTES)
    (words,) = generate_mnemonics(1, [(ENOUGH, SHARES)], seed)
    paths = [to / f"share-{number}-of-{SHARES}" for number in range(1, SHARES + 1)]
    refuse_over(paths)
    public = box.public_line(entry(RECOVERY, seed))
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, share in zip(paths, words, strict=True):
        _write_new(path, share)
    for ring in names:
        text = ring_file(folder, ring).read_text().strip()
        _replace(_copy(folder, ring), _sealed_copy(public, ring, text))
    _replace(_recovery_public(folder), public)
    return paths


def restore(folder: Path, shares: Iterable[str]) -> list[Path]:
    """Bring back the rings whose sealed copies lie in `folder`, from any three shares.

    Raises SharesRefused, or FileThere rather than write over a ring that is still there.
    """
    seed = _joined([" ".join(share.split()) for share in shares])
    keys, texts = parsed(RECOVERY, entry(RECOVERY, seed)), {}
    for ring in RINGS:
        if (copy := _copy(folder, ring)).exists():
            sealed = base64.b64decode(copy.read_text())
            texts[ring_file(folder, ring)] = box.unseal_with(keys, sealed, _bound(ring)).decode()
    if not texts:
        raise FileNotFoundError(f"There is no sealed copy of a key ring in {folder}")
    if (submission := ring_file(folder, box.BOX)) in texts:
        texts[public_file(folder)] = box.public_line(texts[submission])
    refuse_over(texts)
    for path, text in texts.items():
        _write_new(path, text)
    return list(texts)


def _joined(shares: list[str]) -> bytes:
    try:
        return combine_mnemonics(list(dict.fromkeys(shares))[:ENOUGH])
    except (MnemonicError, ValueError, IndexError):
        raise SharesRefused(
            f"{ENOUGH} different shares of the same split are needed, every word as it was written"
        ) from None


def _sealed_copy(public: str, ring: str, text: str) -> str:
    return base64.b64encode(box.seal_to(public, text.encode(), _bound(ring))).decode()


def _bound(ring: str) -> bytes:
    return f"{RECOVERY} of the key ring {ring}".encode()


def _copy(folder: Path, ring: str) -> Path:
    return folder / f"{ring}_keys.{RECOVERY}"


def _recovery_public(folder: Path) -> Path:
    return folder / f"{RECOVERY}_public_key"


# Files ------------------------------------------------------------------------------------------


def _next_id(keys: KeyRing, ring: str) -> str:
    """vault-2 after vault-1; the first number that no key of the ring has."""
    numbers = [int(found[1]) for key in keys.keys if (found := re.search(r"(\d{1,6})$", key))]
    return f"{ring}-{max(numbers, default=0) + 1}"


def _write_new(path: Path, text: str) -> None:
    """Readable to its owner alone, and never over another."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        _fill(file, text)


def _replace(path: Path, text: str) -> None:
    """The old words or the new ones, whenever somebody looks; who may read it stays the same."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        try:
            _fill(file, text)
            os.fchmod(file.fileno(), mode)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise


def _fill(file: IO[str], text: str) -> None:
    file.write(f"{text}\n")
    file.flush()
    os.fsync(file.fileno())
