"""A letter's questions and elements beside what the mission answers to each."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cases.models import Reply
from cases.portal.words import position_label


class Asked(NamedTuple):
    """One question or element, as the letter puts it, and the answer given."""

    side: str
    number: int
    asked: str
    text: str
    position: str

    @property
    def answered(self) -> bool:
        return bool(self.text or self.position)

    @property
    def title(self) -> str:
        words = _("Question %(number)d") if self.side == "question" else _("Element %(number)d")
        return words % {"number": self.number}


def asked(reply: Reply, side: str) -> list[Asked]:
    """In the order of the letter, answered or not."""
    given = {getattr(answer, side): answer for answer in reply.answers.all()}
    return [
        Asked(
            side,
            row["number"],
            row["text"],
            given[row["number"]].text if row["number"] in given else "",
            position_label(given[row["number"]].position) if row["number"] in given else "",
        )
        for row in reply.package.content[f"{side}s"]
    ]


def written(reply: Reply) -> dict[str, Any]:
    """The reply as the fields of its form: q1 a text, e1 a text, p1 a position."""
    return {"language": reply.language, "text": reply.text, **dict(_fields(reply))}


def _fields(reply: Reply) -> Iterator[tuple[str, str]]:
    for row in reply.answers.all():
        if row.question is not None:
            yield f"q{row.question}", row.text
        else:
            yield f"e{row.element}", row.text
            yield f"p{row.element}", row.position
