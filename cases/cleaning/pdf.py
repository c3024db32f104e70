"""PDF: its pages as they look, in a new document.

Only pages cross, with what they draw: no properties, XMP, attachments, scripts, actions, outlines,
tags, layers. Notes and form fields become part of the page as it is printed; links lose where
they lead. Pictures inside lose their own EXIF and XMP.
"""

import io
from typing import Any

import pikepdf
import pypdf

from cases.cleaning.cleaned import Cleaned, NotCleanable, checked
from cases.cleaning.segments import bare_jpeg, bare_jpeg2000
from cases.vocabulary import Hindrance

PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit"}
)
# Wherever they stand: properties, private data of programs, previews, actions, other files.
DROPPED = frozenset(
    {"/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF", "/EF", "/OPI"}
    | {
        "/StructParent",
        "/StructParents",
        "/Measure",
        "/PtData",
        "/Alternates",
        "/OC",
        "/Properties",
    }
)
# What a page says without drawing it: tags with texts for readers aloud, names of layers.
SAID = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})
PICTURES = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}


def clean(content: bytes) -> Cleaned:
    try:
        with pikepdf.open(io.BytesIO(content)) as came, pikepdf.new() as bare:
            _flatten(came)
            bare.pages.extend(came.pages)
            pictures = _scrub(bare)
            target = io.BytesIO()
            bare.save(target, deterministic_id=True)
        pages = _read(target.getvalue())
    except (pikepdf.PdfError, pypdf.errors.PyPdfError, ValueError, TypeError, RecursionError):
        raise NotCleanable(Hindrance.BROKEN) from None
    return checked(target.getvalue(), "\n".join(pages), not pictures and all(map(str.strip, pages)))


def _flatten(came: pikepdf.Pdf) -> None:
    """What notes and fields show becomes part of their page."""
    if "/AcroForm" in came.Root:
        came.Root.AcroForm.NeedAppearances = True  # else fields without a look are left out
        came.generate_appearance_streams()
    came.flatten_annotations("all")
    for holder, key in [(came.Root, "/AcroForm"), *((page.obj, "/Annots") for page in came.pages)]:
        if key in holder:
            del holder[key]


def _scrub(bare: pikepdf.Pdf) -> bool:
    """Take out what is not drawn. Returns whether there are pictures."""
    pages = {page.objgen for page in bare.pages}
    for page in bare.pages:
        page.contents_coalesce()
        if "/Contents" in page.obj:
            _keep_drawing(page, page.obj.Contents)
    pictures = False
    for thing in bare.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _drop(thing, PAGE if thing.objgen in pages else None)
        if isinstance(thing, pikepdf.Stream):
            pictures |= _scrub_stream(thing)
    return pictures


def _scrub_stream(stream: pikepdf.Stream) -> bool:
    kind = stream.get("/Subtype")
    if kind == "/Form" or stream.get("/PatternType") == 1:
        _keep_drawing(stream, stream)
    if kind == "/Image":
        _bare_picture(stream)
    return bool(kind == "/Image")


def _drop(thing: Any, kept: frozenset[str] | None) -> None:
    """From a dictionary and those that stand in it directly."""
    for key in list(thing.keys()):
        if key in DROPPED or (kept is not None and key not in kept):
            del thing[key]
        elif isinstance(value := thing[key], pikepdf.Dictionary) and not value.is_indirect:
            _drop(value, None)


def _keep_drawing(drawn: Any, stream: Any) -> None:
    steps = [step for step in pikepdf.parse_content_stream(drawn) if str(step.operator) not in SAID]
    stream.write(pikepdf.unparse_content_stream(steps))


def _bare_picture(stream: Any) -> None:
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    for name, bare in PICTURES.items():
        if names == [name]:
            stream.write(
                bare(stream.read_raw_bytes()),
                filter=pikepdf.Name(name),
                decode_parms=stream.get("/DecodeParms"),
            )
        elif name in names:
            raise NotCleanable(Hindrance.PART)


def _read(content: bytes) -> list[str]:
    """What can be read on each page, also where it is drawn invisibly."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
