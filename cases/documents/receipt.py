"""The receipt that a mission gets for a reply it submitted."""

from dataclasses import asdict, dataclass
from datetime import datetime

from cases.documents.render import render


@dataclass(frozen=True)
class Receipt:
    reference: str
    subject: str
    state_name: str
    submitted_at: datetime
    version: int
    digest: str
    questions_answered: int
    questions_asked: int
    elements_answered: int
    elements_asked: int
    attachments: list[tuple[str, str]]
    on_behalf_of: str
    language: str
    synthetic: bool


def receipt_pdf(receipt: Receipt) -> bytes:
    """The same receipt gives the same bytes. Raises MissingGlyph where a font lacks a sign."""
    return render("receipt.typ", asdict(receipt), receipt.language, receipt.submitted_at.date())
