"""Two colleagues write in one draft: what only one of them changed is taken from that one.

The page carries a mark of each field as it was when the page was drawn. A field whose mark still
fits was not touched here, so the colleague's words stand; only what both changed is a conflict.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from cases.forms import plain

MARK_LENGTH = 16


class Merged(NamedTuple):
    fields: dict[str, str]
    # What both wrote, differently: shown side by side, decided by the person.
    conflicts: list[str]


def marks(fields: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{_mark(text)}" for name, text in fields.items())


def merge(mine: Mapping[str, str], theirs: Mapping[str, str], base: str) -> Merged:
    """`base` is what `marks` said when the page was drawn; a field it lost counts as changed."""
    before = dict(pair.partition(":")[::2] for pair in base.split())
    fields, conflicts = {}, []
    for name, text in mine.items():
        other, mark = theirs.get(name, ""), before.get(name, "")
        empty = mark or _mark("")
        untouched = _mark(text) == empty
        fields[name] = other if untouched else text
        if not untouched and _mark(other) != empty and plain(text) != plain(other):
            conflicts.append(name)
    return Merged(fields, conflicts)


def _mark(text: str) -> str:
    return hashlib.sha256(plain(text).encode()).hexdigest()[:MARK_LENGTH]
