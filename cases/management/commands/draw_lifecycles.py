from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from cases.lifecycles import (
    CASE_MOVES,
    CONTAINMENT_MOVES,
    LETTER_MOVES,
    REPLY_MOVES,
    REQUEST_MOVES,
    ContainmentStatus,
    LetterStatus,
    M,
    Move,
    ReplyStatus,
    RequestStatus,
)
from cases.vocabulary import Stage

PAGE = Path(settings.BASE_DIR) / "docs" / "lifecycles.md"
HEAD = """\
# Lives of a case, a letter, a reply, a request to see a name and a containment

Drawn by `manage.py draw_lifecycles` from `cases/lifecycles.py`, the table that buttons, services
and the triggers in PostgreSQL read; a test holds this page to it. A dashed line is no button: the
step follows from an event.
"""


class Command(BaseCommand):
    help = "Draw docs/lifecycles.md anew from the tables of lives."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
        self.stdout.write(f"{PAGE.name} is drawn.")


def page() -> str:
    """The whole page, in English whatever language this process speaks."""
    with override("en"):
        parts = [
            HEAD,
            "## A case\n",
            diagram(CASE_MOVES, {stage.value: str(stage.label) for stage in Stage}),
            "## A letter\n",
            diagram(LETTER_MOVES, {status.value: str(status.label) for status in LetterStatus}),
            "## A reply\n",
            diagram(REPLY_MOVES, {status.value: str(status.label) for status in ReplyStatus}),
            "## A request to see a name\n",
            diagram(REQUEST_MOVES, {status.value: str(status.label) for status in RequestStatus}),
            "## A containment\n",
            diagram(
                CONTAINMENT_MOVES,
                {status.value: str(status.label) for status in ContainmentStatus},
            ),
        ]
    return "\n".join(parts)


def diagram(moves: Mapping[M, Move], labels: Mapping[str, str]) -> str:
    """One flow chart: a line from each status where a move starts to the one it leads to."""
    used = {status for move in moves.values() for status in (*move.sources, str(move.target))}
    boxes = [f'  {code}["{label}"]' for code, label in labels.items() if code in used]
    lines = [
        f'  {source} {"-->" if move.by_person else "-.->"}|"{move.label}"| {move.target}'
        for move in moves.values()
        for source in labels
        if source in move.sources
    ]
    return "\n".join(["```mermaid", "flowchart TD", *boxes, *lines, "```", ""])
