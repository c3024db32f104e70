"""From data to PDF. Texts travel as data and never become typst's source."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RTL = frozenset({"ar"})


class MissingGlyph(Exception):
    """A sign that no vendored font can draw; named by its code point, never by its text."""


def render(template: str, data: Mapping[str, Any], language: str, day: date) -> bytes:
    # typst costs 0.4 s to import; only what makes a document pays.
    import typst  # noqa: PLC0415

    inputs = {
        "data": json.dumps(data, default=str, ensure_ascii=False),
        "language": language,
        "direction": "rtl" if language in RTL else "ltr",
    }
    pdf: bytes = typst.compile(
        str(HERE / template),
        root=str(HERE),
        format="pdf",
        sys_inputs=inputs,
        timestamp=datetime.combine(day, time(), UTC),
    )
    return pdf
