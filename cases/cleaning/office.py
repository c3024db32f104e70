"""Word and Excel files: what is read on their pages, in a new package.

Parts that say who wrote and when are left out: properties, thumbnails, comments, people, labels,
data bound to the document, printers, revisions. In the rest the marks of editing sessions go,
tracked changes are accepted, links lose where they lead, pictures are drawn anew.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from cases.cleaning import pictures
from cases.cleaning.cleaned import Cleaned, NotCleanable, checked
from cases.vocabulary import Hindrance

MOST_XML = 30 * 1024 * 1024
TYPES = "[Content_Types].xml"
LEFT_OUT = re.compile(
    r"^(docProps|customXml|docMetadata|_xmlsignatures|userCustomization|customUI)/"
    r"|/(comments|people|persons|threadedComments|printerSettings|webextensions|revisions"
    r"|externalLinks|attachedToolbars|customXml|ctrlProps|glossary)[^/]*(/|\.xml$|\.bin$)"
    r"|/vmlDrawing[^/]*\.vml$|/(customizations|stylesWithEffects|recipientData)[^/]*\.xml$"
)
DRAWN = (".jpeg", ".jpg", ".png")
XML = (".xml", ".rels")

# By local name, whatever the prefix.
REMOVED = frozenset(
    {"del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "rsids"}
    | {"attachedTemplate", "docVars", "mailMerge", "absPath", "fileSharing", "legacyDrawing"}
    | {
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "dataBinding",
    }
    | {"documentProtection", "writeProtection", "saveThroughXslt", "documentId", "docId"}
    | {"legacyDrawingHF", "customWorkbookViews", "customSheetViews", "revisionPtr", "webPublishing"}
)
UNWRAPPED = frozenset({"ins", "moveTo"})
CHANGE = re.compile(r"^\w+(Change|Del|Ins)$")
ATTRIBUTE = re.compile(
    r"^(rsid\w*|paraId|textId|uid|author|initials|date|descr|title|userId|guid)$"
)
# What a person wrote that stands in an attribute.
NAMES = {("sheet", "name"), ("definedName", "name"), ("bookmarkStart", "name")}
NAMES |= {("alias", "val"), ("tag", "val")}
PARAGRAPHS = frozenset({"p", "si", "c", "is", "br", "tab", "row"})


def clean(content: bytes) -> Cleaned:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in _kept(package)}
        text: list[str] = []
        made = {name: _bare(name, part, set(parts), text) for name, part in parts.items()}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, ValueError, RuntimeError, EOFError):
        raise NotCleanable(Hindrance.BROKEN) from None
    seen = any(name.lower().endswith(DRAWN) for name in made)
    return checked(_packed(made), "\n".join(text), not seen)


def _kept(package: zipfile.ZipFile) -> Iterator[str]:
    entries = [e for e in package.infolist() if not (e.is_dir() or LEFT_OUT.search(e.filename))]
    names = {entry.filename for entry in entries}
    for entry in entries:
        if entry.filename.lower().endswith(XML) and entry.file_size > MOST_XML:
            raise NotCleanable(Hindrance.LONG)
        if (owner := _owner(entry.filename)) is None or owner in names:
            yield entry.filename


def _owner(name: str) -> str | None:
    """Of which part these are the relations; None for the package itself and other parts."""
    folder, file = posixpath.split(name)
    if not file.endswith(".rels") or file == ".rels":
        return None
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def _bare(name: str, part: bytes, parts: set[str], text: list[str]) -> bytes:
    lower = name.lower()
    if lower.endswith(DRAWN):
        return pictures.clean(part).content
    if not lower.endswith(XML):
        raise NotCleanable(Hindrance.PART)
    root = etree.fromstring(part, _parser())
    if name == TYPES:
        _only_of(root, parts)
    elif lower.endswith(".rels"):
        _lead_nowhere(root, name, parts)
    else:
        _bare_tree(root)
        text.extend(_words(root))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )


def _only_of(types: Any, parts: set[str]) -> None:
    for override in list(types):
        name = override.get("PartName", "").lstrip("/")
        if name and name not in parts:
            types.remove(override)


def _lead_nowhere(relations: Any, name: str, parts: set[str]) -> None:
    """Relations to what was left out go; a link keeps its place and loses its address."""
    home = posixpath.dirname(posixpath.dirname(name))
    for relation in list(relations):
        target = relation.get("Target", "")
        if relation.get("TargetMode", "").lower() == "external":
            relation.set("Target", "about:blank")
            continue
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(home, target)
        if posixpath.normpath(path.partition("#")[0]) not in parts:
            relations.remove(relation)


def _bare_tree(root: Any) -> None:
    for element in list(root.iter()):
        local = etree.QName(element).localname
        for attribute in list(element.attrib):
            if ATTRIBUTE.match(etree.QName(attribute).localname):
                del element.attrib[attribute]
        if local in ("docPr", "cNvPr"):
            element.set("name", "Object")
        if local in REMOVED or CHANGE.match(local):
            _remove(element)
        elif local in UNWRAPPED:
            _unwrap(element)


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        _keep_tail(element, parent)
        parent.remove(element)


def _unwrap(element: Any) -> None:
    """An inserted passage stays; that and by whom it was inserted does not."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    _remove(element)


def _keep_tail(element: Any, parent: Any) -> None:
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail


def _words(root: Any) -> Iterator[str]:
    """A name may be cut into many runs: whatever stands in one paragraph is one text."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        local = etree.QName(element).localname
        if local in PARAGRAPHS:
            yield "".join(pieces)
            pieces = []
        pieces.append((element.text if event == "start" else element.tail) or "")
        if event == "start":
            yield from _named(local, element)
    yield "".join(pieces)


def _named(local: str, element: Any) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        if (local, etree.QName(attribute).localname) in NAMES:
            yield str(value)


def _packed(parts: dict[str, bytes]) -> bytes:
    """In one order, of one day, by no program in particular."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != TYPES, name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, parts[name])
    return target.getvalue()
