"""The receipt that a mission gets for a reply it submitted."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cases import clocks
from cases.documents.render import MissingGlyph, day_in_words, render


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
    language: str
    synthetic: bool


def receipt_pdf(receipt: Receipt) -> bytes:
    """The same receipt gives the same bytes.

    What a mission called its files never keeps a reply from being submitted: a sign of a name
    that no font has is drawn as unknown, and the digest still says which file it is.
    """
    while True:
        try:
            return _render(receipt)
        except MissingGlyph as missing:
            files = [(missing.replaced_in(name), sha256) for name, sha256 in receipt.attachments]
            if files == receipt.attachments:
                raise
            receipt = replace(receipt, attachments=files)


def _render(receipt: Receipt) -> bytes:
    moment = clocks.geneva(receipt.submitted_at)
    day = day_in_words(moment.date(), receipt.language)
    data = {**asdict(receipt), "moment": f"{day}, {moment:%H:%M}"}
    return render("receipt.typ", data, receipt.language, moment.date())
