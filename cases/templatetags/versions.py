"""Two texts word by word, for the person who saved second."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
NEIGHBOURS = re.compile(r"</(ins|del)>(\s+)<\1>")
# Beyond this many words a comparison takes seconds: the texts then stand side by side unmarked.
LONGEST = 4000


class Row(NamedTuple):
    label: str
    theirs: SafeString
    yours: SafeString


def compared(
    theirs: Mapping[str, Any], yours: Mapping[str, Any], base: Mapping[str, Any] | None
) -> list[Row]:
    rows = []
    for label in dict.fromkeys((*theirs, *yours)):
        one, other = _text(theirs.get(label)), _text(yours.get(label))
        if one != other:
            begun = None if base is None else _text(base.get(label))
            rows.append(Row(label, _marked(begun, one, other), _marked(begun, other, one)))
    return rows


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _marked(base: str | None, text: str, against: str) -> SafeString:
    """`text` with what it adds marked; what it took out too, where the beginning is known."""
    before = WORDS.findall(against if base is None else base)
    after = WORDS.findall(text)
    if len(before) + len(after) > LONGEST:
        return _lines(conditional_escape(text))
    pieces = _pieces(before, after, removed=base is not None)
    joined = NEIGHBOURS.sub(r"\2", "".join(pieces))
    return _lines(mark_safe(joined))  # noqa: S308  every piece went through format_html


def _pieces(before: list[str], after: list[str], *, removed: bool) -> Iterator[str]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            yield conditional_escape(come)
            continue
        if removed and gone.strip():
            yield format_html("<del>{}</del>", gone)
        if come.strip():
            yield format_html("<ins>{}</ins>", come)
        else:
            yield conditional_escape(come)


def _lines(text: SafeString) -> SafeString:
    return mark_safe(text.replace("\n", "<br>"))  # noqa: S308  the rest is escaped already
