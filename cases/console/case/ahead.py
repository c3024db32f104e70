"""What comes next for a case: each step from here, who may take it, and what shuts it."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import gates
from cases.console.case.page import CasePage
from cases.gates import Gate
from cases.lifecycles import CASE_MOVES, CaseMove
from cases.models import Case
from cases.policy import May
from cases.services import cases

# The way a case usually goes: these steps are the filled button of the page.
ONWARD = frozenset(
    {
        CaseMove.TRIAGE,
        CaseMove.ASK_CONSENT,
        CaseMove.ASSESS_RISK,
        CaseMove.VERIFY,
        CaseMove.PUT_TO_DECISION,
        CaseMove.PREPARE_LETTER,
        CaseMove.REPORT,
        CaseMove.MONITOR,
    }
)
# What a step does, where it is grave enough to be asked before it is taken.
GRAVE: dict[CaseMove, str | Promise] = {
    CaseMove.CHECK_AGAIN: _(
        "The conclusion of the verification no longer counts. The sources are weighed again, and "
        "a reviewer concludes anew."
    ),
    CaseMove.PREPARE_LETTER: _(
        "Officers may then draft a letter to the State. Nothing leaves before every mandate has "
        "endorsed it and a second person has cleared it."
    ),
    CaseMove.DECIDE_AGAIN: _("No letter is sent until it is decided again to write one."),
    CaseMove.FOLLOW: _("The State is not addressed now. The case goes on to follow-up."),
    CaseMove.NO_REPLY: _(
        "The case goes on without waiting for the State. A reply that comes later is still taken "
        "in and assessed."
    ),
    CaseMove.WRITE_AGAIN: _(
        "Officers may then draft a further letter to the State. Nothing leaves before every "
        "mandate has endorsed it and a second person has cleared it."
    ),
    CaseMove.CLOSE: _(
        "Work on the case ends and its open deadlines are cancelled. Nothing is deleted; a "
        "reviewer can reopen it."
    ),
    CaseMove.REOPEN: _("The case goes back to triage and is worked on again."),
}


class Step(NamedTuple):
    move: CaseMove
    label: str
    gates: list[Gate]
    allowed: bool  # by the policy, for this person
    url: str

    @property
    def shut(self) -> list[Gate]:
        return gates.shut(self.gates)

    @property
    def open(self) -> bool:
        return not self.shut

    @property
    def why(self) -> str:
        return " ".join(dict.fromkeys(gate.reason for gate in self.shut))

    @property
    def asks(self) -> bool:
        return self.move in GRAVE

    @property
    def onward(self) -> bool:
        return self.move in ONWARD

    @property
    def decides(self) -> bool:
        """Whether it takes a reviewer."""
        return needed(self.move) == May.DECIDE_CASE


def needed(move: CaseMove) -> May:
    return cases.NEEDS.get(move, May.MOVE_CASE)


def step_of(case: Case, move: CaseMove, powers: frozenset[May]) -> Step:
    url = reverse("case-move", args=[case.pk, move.value])
    label = str(CASE_MOVES[move].label)
    return Step(move, label, cases.gates_of(case, move), needed(move) in powers, url)


class Ahead:
    """The panel beside a case."""

    def __init__(self, page: CasePage) -> None:
        moves = cases.moves_open(page.case)
        self.steps = [step_of(page.case, move, page.powers) for move in moves]
        onward = [step for step in self.steps if step.onward]
        gated = [step for step in self.steps if step.gates]
        self.first = next(iter([*onward, *gated]), None)
        self.others = [s for s in self.steps if s is not self.first and s.allowed]

    @property
    def shut(self) -> int:
        return len(self.first.shut) if self.first else 0

    @property
    def gates(self) -> list[Gate]:
        return self.first.gates if self.first else []
