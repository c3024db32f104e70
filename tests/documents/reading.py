"""Reading a PDF back: its words, whatever the lines and the shapes of its letters."""

import io
import unicodedata

from pypdf import PdfReader

STOPS = "،.:,"


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    return squeezed("\n".join(page.extract_text() for page in opened(pdf).pages))


def squeezed(text: str) -> str:
    """Without spaces and marks of direction, which each reader sets as it likes."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def says(pdf: bytes, text: str) -> bool:
    """Arabic word by word: a reader that goes from left to right turns their order around."""
    found = words_of(pdf)
    if any("\u0600" <= sign <= "\u06ff" for sign in text):
        return all(squeezed(word).strip(STOPS) in found for word in text.split())
    return squeezed(text) in found
