"""The letter that a State receives, as a page that is printed."""

from dataclasses import asdict, dataclass
from datetime import date

from cases.documents.render import day_in_words, render


@dataclass(frozen=True)
class Letter:
    reference: str
    type_label: str
    date: date
    state_name: str
    signatories: list[str]
    language: str
    subject: str
    paragraphs: list[str]
    elements: list[str]
    questions: list[str]
    closing: list[str]
    response_days: int | None
    annexes: list[str]
    synthetic: bool


def letter_pdf(letter: Letter) -> bytes:
    """The same letter gives the same bytes. Raises MissingGlyph where a font lacks a sign."""
    data = {**asdict(letter), "day": day_in_words(letter.date, letter.language)}
    return render("letter.typ", data, letter.language, letter.date)
