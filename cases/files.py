"""Files that come in: taken or refused, named, and laid to rest sealed.

Nothing in clear is written to disk: an upload waits in memory (`FILE_UPLOAD_HANDLERS`).
"""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from cases.inspection import MEGABYTE, FileRefused, Kind, kind_of
from cases.vault import Place, Ring, Stored, open_stream, seal_stream
from cases.vault.streams import HEAD_BYTES, key_ids_of, rewrap_file

__all__ = [
    "Accepted",
    "FileRefused",
    "UploadField",
    "accept",
    "at_rest",
    "clean_name",
    "copy",
    "fingerprint",
    "key_ids",
    "read",
    "remove",
    "resting",
    "rewrap",
    "settled",
    "store",
]

P = ParamSpec("P")
T = TypeVar("T")
NAME_LENGTH = 120
LONGEST_ENDING = 10
# What the service that runs now has sealed so far.
_sealed: ContextVar[list[tuple[UUID, Ring]] | None] = ContextVar("sealed", default=None)


class Accepted(NamedTuple):
    name: str
    media_type: str
    size: int


def accept(upload: UploadedFile, *, limit_mb: int = 25) -> Accepted:
    """What the file is, if we take it. Leaves `upload` at its beginning. Raises FileRefused."""
    size = upload.size or 0
    if size == 0:
        raise FileRefused(_("The file is empty."))
    if size > limit_mb * MEGABYTE:
        raise FileRefused(_("The file is larger than %(limit)d MB.") % {"limit": limit_mb})
    upload.seek(0)
    try:
        kind = kind_of(upload)
        name = _named(clean_name(upload.name or ""), kind)
        kind.check(upload)
    finally:
        upload.seek(0)
    return Accepted(name, kind.media_type, size)


# Names ------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """The last part of the path, without characters that hide or turn what follows them."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    joiners = "\u200c\u200d"  # Persian and Indic names are misspelt without them
    kept = (c for c in name if c in joiners or not unicodedata.category(c).startswith("C"))
    name = re.sub(r'[<>:"|?*]', "_", "".join(kept))
    name = re.sub(r"\s+", " ", name).strip(" .")
    stem, ending = PurePosixPath(name or "file").stem, PurePosixPath(name).suffix
    ending = ending if len(ending) <= LONGEST_ENDING else ""
    return (stem if ending else name or "file")[: NAME_LENGTH - len(ending)] + ending


def _named(name: str, kind: Kind) -> str:
    ending = PurePosixPath(name).suffix.lower()
    if not ending:
        return name[: NAME_LENGTH - len(kind.endings[0])] + kind.endings[0]
    if ending not in kind.endings:
        raise FileRefused(
            _("The name ends in %(ending)s, but the content is of the kind %(kind)s.")
            % {"ending": ending, "kind": kind.endings[0]}
        )
    return name


class UploadField(forms.FileField):
    """A file in a form: refused in words beside the field, otherwise under its cleaned name."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(data, UploadedFile):
            try:
                accepted = accept(upload)
            except FileRefused as refused:
                raise ValidationError(str(refused), code="refused") from None
            upload.name, upload.content_type = accepted.name, accepted.media_type
        return upload


# Where it rests ---------------------------------------------------------------------------------


def store(upload: UploadedFile, *, place_row: UUID, ring: Ring) -> Stored:
    """Seal the file for its row. All of it is on disk when this returns, or nothing is."""
    upload.seek(0)
    return _write(upload, place_row, ring)


def settled(service: Callable[P, T]) -> Callable[P, T]:
    """Around the transaction of a service: what it sealed goes again when it fails.

    Where the connection broke nobody knows whether it failed; then the sweep asks the database.
    """

    @wraps(service)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        if _sealed.get() is not None:
            return service(*args, **kwargs)  # the outermost settles
        mark = _sealed.set([])
        try:
            return service(*args, **kwargs)
        except (OperationalError, InterfaceError):
            raise
        except BaseException:
            for row, ring in _sealed.get() or []:
                remove(row, ring)
            raise
        finally:
            _sealed.reset(mark)

    return guarded


def at_rest(ring: Ring, *, before: datetime) -> Iterator[tuple[UUID | None, Path]]:
    """Sealed files not touched since `before`, with the row they are of; None: never finished."""
    for path in (Path(settings.FILES_DIR) / ring.value).glob("*/*"):
        with suppress(FileNotFoundError):  # removed meanwhile
            if path.stat().st_mtime < before.timestamp():
                yield UUID(path.stem) if path.suffix == ".sealed" else None, path


def read(row: UUID, ring: Ring) -> Iterator[bytes]:
    """The file in clear, piece by piece. A missing ring or file is raised at once."""
    with _path(row, ring).open("rb") as sealed:
        open_stream(sealed, _place(row), ring)
    return _pieces(row, ring)


def remove(row: UUID, ring: Ring) -> None:
    _path(row, ring).unlink(missing_ok=True)


def copy(row_from: UUID, ring_from: Ring, row_to: UUID, ring_to: Ring) -> Stored:
    """Seal the same content anew for another row and ring, without it ever resting in clear."""
    return _write(_Pieces(read(row_from, ring_from)), row_to, ring_to)


# All of them --------------------------------------------------------------------------------------


def resting(ring: Ring) -> Iterator[UUID]:
    """The row of each file that a ring sealed, in order."""
    for path in sorted((Path(settings.FILES_DIR) / Ring(ring).value).glob("*/*.sealed")):
        yield UUID(path.stem)


def key_ids(row: UUID, ring: Ring) -> list[str]:
    """Under which keys a file lies. Opens nothing."""
    with _path(row, ring).open("rb") as sealed:
        return key_ids_of(sealed.read(HEAD_BYTES))


def fingerprint(row: UUID, ring: Ring) -> Stored | None:
    """Size and SHA-256 of a file as it lies there, sealed. None where it does not."""
    path = _path(row, ring)
    if not path.exists():
        return None
    with path.open("rb") as sealed:
        return Stored(path.stat().st_size, hashlib.file_digest(sealed, "sha256").hexdigest())


def rewrap(row: UUID, ring: Ring) -> bool:
    """Put a file under the key that seals now; False where it is already."""
    with _path(row, ring).open("r+b") as sealed:
        return rewrap_file(sealed, ring)


class _Pieces:
    """Opened pieces have the very size that sealing asks for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, _size: int = -1, /) -> bytes:
        return next(self.pieces, b"")


def _place(row: UUID) -> Place:
    return Place("files", "content", row)


def _path(row: UUID, ring: Ring) -> Path:
    """From the row's id alone: no word of a person ever becomes part of a path."""
    name = str(UUID(str(row)))
    return Path(settings.FILES_DIR) / Ring(ring).value / name[:2] / f"{name}.sealed"


def _pieces(row: UUID, ring: Ring) -> Iterator[bytes]:
    with _path(row, ring).open("rb") as sealed:
        yield from open_stream(sealed, _place(row), ring)


def _write(reader: Any, row: UUID, ring: Ring) -> Stored:
    path = _path(row, ring)
    for folder in (path.parent.parent, path.parent):  # each closed to others, not the last alone
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(f"The file of row {row} is written once")
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            stored = seal_stream(reader, part, _place(row), ring)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink()
            raise
    if (sealed := _sealed.get()) is not None:
        sealed.append((row, ring))
    return stored
