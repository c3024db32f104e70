"""What a file that came in really is, and what in it could harm who opens it.

Believed is the content, never the name or what the browser says. Nothing is unpacked or rendered:
PDFs are read as objects, pictures as headers, Office files as a directory and its first bytes.
"""

import codecs
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree

import pikepdf
import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

MEGABYTE = 1024 * 1024
HEAD = 4096
MOST_PIXELS = 80_000_000
MOST_PAGES = 2_000
MOST_PDF_OBJECTS = 200_000
MOST_OBJECT_STREAMS = 500
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100
PROLOG = 64 * 1024

# Process-wide in qpdf: a few bytes of a PDF may not grow into gigabytes.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=8 * MEGABYTE,
    png_max_memory=8 * MEGABYTE,
    run_length_max_memory=8 * MEGABYTE,
    max_stream_filters=5,
    parser_max_nesting=100,
    doc_max_warnings=20,
)


class FileRefused(Exception):
    """This file is not taken; the message says why in words for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file we take: its endings (the first is put where there is none) and its check."""

    media_type: str
    endings: tuple[str, ...]
    check: Callable[[UploadedFile], None]


# What it is -------------------------------------------------------------------------------------

ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TAR_MARK = slice(257, 262)
MARKUP = re.compile(
    rb"<\s*(!doctype|\?xml|html|head|body|script|svg|iframe|object|embed|meta|link|style)\b", re.I
)


def kind_of(upload: UploadedFile) -> Kind:
    """By the first bytes. Raises FileRefused for what we do not take; `check` is still to come."""
    head = upload.read(HEAD)
    for magic, kind in SIGNATURES.items():
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _office_kind(upload)
    if head.startswith(ARCHIVES) or head[TAR_MARK] == b"ustar":
        raise _archive()
    if head.startswith(OLD_OFFICE):
        raise FileRefused(
            _(
                "Old Office files and files with a password are not accepted. "
                "Save it as .docx, .xlsx or PDF without a password."
            )
        )
    if b"\0" in head or MARKUP.search(head) or b"%PDF-" in head:
        raise _unknown(head)
    return TEXT


def _unknown(head: bytes) -> FileRefused:
    taken = _("Accepted are PDF, Word (.docx), Excel (.xlsx), JPEG, PNG and plain text.")
    try:
        guess = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        guess = ""
    if not guess:
        return FileRefused(taken)
    kind = _("This looks like a file of the kind %(ending)s.") % {"ending": guess}
    return FileRefused(f"{kind} {taken}")


def _archive() -> FileRefused:
    return FileRefused(_("Archives are not accepted. Add each file on its own."))


def _no_second_face(upload: UploadedFile) -> None:
    """A picture or PDF that is also an archive or a page says one thing here and another there."""
    upload.seek(0)
    if zipfile.is_zipfile(upload):
        raise FileRefused(_("The file has another file hidden in it."))
    upload.seek(0)
    if MARKUP.match(upload.read(HEAD)[8:].lstrip()):
        raise FileRefused(_("The file has another file hidden in it."))
    upload.seek(0)


# Text and pictures ------------------------------------------------------------------------------


def _check_text(upload: UploadedFile) -> None:
    upload.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in upload.chunks():
            _check_characters(decoder.decode(chunk))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileRefused(_("The text cannot be read. Save it as UTF-8.")) from None


def _check_characters(text: str) -> None:
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        raise FileRefused(_("This is not a plain text: it has characters that cannot be shown."))


def _check_picture(upload: UploadedFile) -> None:
    _no_second_face(upload)
    try:
        with Image.open(upload, formats=["JPEG", "PNG"]) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        width = height = MOST_PIXELS
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise FileRefused(_("The picture is broken.")) from None
    if width * height > MOST_PIXELS:
        raise FileRefused(
            _("The picture is larger than %(limit)d megapixels.")
            % {"limit": MOST_PIXELS // 1_000_000}
        )


# PDF --------------------------------------------------------------------------------------------

ACTIVE = frozenset({"/JavaScript", "/Launch", "/GoToE", "/ImportData", "/SubmitForm", "/RichMedia"})
ACTIVE_KEYS = ACTIVE | {"/JS", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/XFA"}


def _check_pdf(upload: UploadedFile) -> None:
    _no_second_face(upload)
    object_streams = sum(chunk.count(b"/ObjStm") for chunk in upload.chunks())
    upload.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, upload), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            _check_pdf_size(pdf, object_streams)
            _check_pdf_objects(pdf)
    except pikepdf.PasswordError:
        raise FileRefused(_("The PDF is protected by a password. Remove it first.")) from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise FileRefused(_("The PDF is broken. Save or print it as PDF again.")) from None


def _check_pdf_size(pdf: pikepdf.Pdf, object_streams: int) -> None:
    objects = int(pdf.trailer.get("/Size", 0))
    if objects > MOST_PDF_OBJECTS or object_streams > MOST_OBJECT_STREAMS:
        raise FileRefused(_("The PDF has too many parts."))
    if len(pdf.pages) > MOST_PAGES:
        raise FileRefused(_("The PDF has more than %(limit)d pages.") % {"limit": MOST_PAGES})


def _check_pdf_objects(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if any(_is_active(part) for part in _parts_of(thing)):
            raise FileRefused(
                _("The PDF contains a script, a form that sends data, or another file.")
            )


def _parts_of(thing: Any) -> Iterator[Any]:
    """The dictionaries in one object; what is indirect is met on its own."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            children = [value for _name, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            children = list(part)
        else:
            continue
        waiting += [child for child in children if not getattr(child, "is_indirect", False)]


def _is_active(part: Any) -> bool:
    named = {str(part.get(key)) for key in ("/S", "/Subtype", "/Type") if key in part}
    return not ACTIVE_KEYS.isdisjoint(part.keys()) or not ACTIVE_KEYS.isdisjoint(named)


# Office -----------------------------------------------------------------------------------------

OFFICE_LINK = "/hyperlink"
OFFICE_REFUSED = re.compile(r"vbaProject|/activeX/|/embeddings/|\.(bin|exe|js|vbs)$", re.I)
OFFICE_KEPT_BIN = re.compile(r"/printerSettings/[^/]+\.bin$", re.I)


def _office_kind(upload: UploadedFile) -> Kind:
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefused(_("The file is broken. Open it, save it again and add that.")) from None
    if "[Content_Types].xml" in names:
        for part, kind in OFFICE.items():
            if part in names:
                return kind
    raise _archive()


def _check_office(upload: UploadedFile) -> None:
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            _check_entries(package.infolist(), upload.size or 0)
            for entry in package.infolist():
                _check_part(package, entry)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise FileRefused(_("The file is broken. Open it, save it again and add that.")) from None


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Read from the directory alone; nothing is unpacked to find out that it is a bomb."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, MOST_RATIO * size):
        raise FileRefused(_("The file would unpack to far more than its size."))
    names = [entry.filename for entry in entries]
    if packed > size or len(set(names)) < len(names) or any(e.flag_bits & 1 for e in entries):
        raise FileRefused(_("The file is broken. Open it, save it again and add that."))


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = "/" + entry.filename
    if OFFICE_REFUSED.search(name) and not OFFICE_KEPT_BIN.search(name):
        raise FileRefused(_("The file contains a macro or another file."))
    if not name.lower().endswith((".xml", ".rels")):
        return
    with package.open(entry) as part:
        prolog = part.read(PROLOG)
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog or prolog[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(_("The file is broken. Open it, save it again and add that."))
    if name == "/[Content_Types].xml" and b"macroenabled" in package.read(entry).lower():
        raise FileRefused(_("The file contains a macro or another file."))
    if name.lower().endswith(".rels"):
        _check_relations(package.read(entry))


def _check_relations(content: bytes) -> None:
    """Links for a reader are fine; what Office would fetch by itself tells who opened the file."""
    try:
        relations = ElementTree.fromstring(content)  # noqa: S314  no DOCTYPE came this far
    except ElementTree.ParseError:
        raise FileRefused(_("The file is broken. Open it, save it again and add that.")) from None
    for relation in relations:
        outside = relation.get("TargetMode", "").lower() == "external"
        if outside and not relation.get("Type", "").endswith(OFFICE_LINK):
            raise FileRefused(_("The file loads something from another place when it is opened."))


TEXT = Kind("text/plain", (".txt",), _check_text)
SIGNATURES = {
    b"%PDF-": Kind("application/pdf", (".pdf",), _check_pdf),
    b"\xff\xd8\xff": Kind("image/jpeg", (".jpg", ".jpeg", ".jpe"), _check_picture),
    b"\x89PNG\r\n\x1a\n": Kind("image/png", (".png",), _check_picture),
}
_OOXML = "application/vnd.openxmlformats-officedocument"
OFFICE = {
    "word/document.xml": Kind(f"{_OOXML}.wordprocessingml.document", (".docx",), _check_office),
    "xl/workbook.xml": Kind(f"{_OOXML}.spreadsheetml.sheet", (".xlsx",), _check_office),
}
