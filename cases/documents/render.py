"""From data to PDF. Texts travel as data and never become typst's source."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

HERE = Path(__file__).parent
# Archivable and accessible; both also refuse a sign that is not in the fonts.
STANDARDS: list[Any] = ["a-2a", "ua-1"]
UNDRAWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class MissingGlyph(Exception):
    """Signs that no vendored font can draw; named by their code points, never by their text."""

    def __init__(self, signs: Iterable[str]) -> None:
        self.signs = "".join(sorted(set("".join(signs)) - {" ", "\n"}))
        super().__init__(", ".join(self.points))

    @property
    def points(self) -> list[str]:
        return [f"U+{ord(sign):04X}" for sign in self.signs]

    def replaced_in(self, text: str) -> str:
        return text.translate(dict.fromkeys(map(ord, self.signs), UNKNOWN))


def render(template: str, data: Mapping[str, Any], language: str, day: date) -> bytes:
    """The same input gives the same bytes on every machine: no font, clock or path of its own."""
    # typst costs 0.4 s to import; only what makes a document pays.
    import typst  # noqa: PLC0415

    try:
        pdf: bytes = typst.compile(
            str(HERE / template),
            root=str(HERE),
            format="pdf",
            font_paths=_fonts(),
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            sys_inputs={"data": json.dumps(data, default=str), "language": language},
            timestamp=datetime.combine(day, time(), UTC),
        )
    except typst.TypstError as error:
        if signs := [_plain(found) for found in UNDRAWN.findall(error.diagnostic)]:
            raise MissingGlyph(signs) from None
        raise
    return pdf


@cache
def _fonts() -> Any:
    """Ours alone: a document looks the same wherever it is made."""
    from typst import Fonts  # noqa: PLC0415

    return Fonts(False, False, [str(HERE / "fonts")])


def _plain(quoted: str) -> str:
    """The signs of a text as typst quotes it."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), quoted)


def day_in_words(day: date, language: str) -> str:
    with override(language):
        return date_format(day, "j F Y" if language == "en" else "DATE_FORMAT")
