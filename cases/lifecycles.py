"""The lives of a case, a letter, a reply, a request to see a name and a containment, as tables.

Buttons, checks, the database's own guards and the diagram in docs/ read the same tables. Pure
data on codes: it imports nothing above the vocabulary, so that models can make triggers of it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.refusals import MoveRefused
from cases.vocabulary import Stage

M = TypeVar("M", bound=TextChoices)


class Move(NamedTuple):
    sources: frozenset[str]
    target: str
    label: str | Promise
    # Moves by a person are buttons; the others follow from an event (a letter sent, a reply).
    by_person: bool = True


class CaseMove(TextChoices):
    TRIAGE = "triage"
    ASK_CONSENT = "ask_consent"
    ASSESS_RISK = "assess_risk"
    VERIFY = "verify"
    PUT_TO_DECISION = "put_to_decision"
    CHECK_AGAIN = "check_again"
    PREPARE_LETTER = "prepare_letter"
    DECIDE_AGAIN = "decide_again"
    FOLLOW = "follow"
    LETTER_SENT = "letter_sent"
    REPLY_RECEIVED = "reply_received"
    REPLY_ASSESSED = "reply_assessed"
    NO_REPLY = "no_reply"
    WRITE_AGAIN = "write_again"
    REPORT = "report"
    MONITOR = "monitor"
    CLOSE = "close"
    REOPEN = "reopen"


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stage.value for stage in stages)


_WORKING = _from(Stage.INTAKE, Stage.TRIAGE, Stage.CONSENT, Stage.RISK, Stage.VERIFY, Stage.DECIDE)
_AFTER = _from(Stage.FOLLOW, Stage.REPORT, Stage.MONITOR)
_OPEN = _WORKING | _AFTER | _from(Stage.TRANSMIT, Stage.AWAIT, Stage.ASSESS)

CASE_MOVES: Mapping[CaseMove, Move] = {
    CaseMove.TRIAGE: Move(_from(Stage.INTAKE), Stage.TRIAGE, _("Take into triage")),
    CaseMove.ASK_CONSENT: Move(_from(Stage.TRIAGE), Stage.CONSENT, _("Go on to consent")),
    CaseMove.ASSESS_RISK: Move(_from(Stage.CONSENT), Stage.RISK, _("Go on to risk")),
    CaseMove.VERIFY: Move(_from(Stage.RISK), Stage.VERIFY, _("Start verifying")),
    CaseMove.PUT_TO_DECISION: Move(_from(Stage.VERIFY), Stage.DECIDE, _("Put to decision")),
    CaseMove.CHECK_AGAIN: Move(
        _from(Stage.DECIDE, Stage.TRANSMIT), Stage.VERIFY, _("Send back to verification")
    ),
    CaseMove.PREPARE_LETTER: Move(
        _from(Stage.DECIDE), Stage.TRANSMIT, _("Decide to write to the State")
    ),
    CaseMove.DECIDE_AGAIN: Move(_from(Stage.TRANSMIT), Stage.DECIDE, _("Decide again")),
    CaseMove.FOLLOW: Move(
        _from(Stage.DECIDE, Stage.REPORT, Stage.MONITOR),
        Stage.FOLLOW,
        _("Follow up without a letter"),
    ),
    CaseMove.LETTER_SENT: Move(
        _from(Stage.TRANSMIT, Stage.AWAIT, Stage.ASSESS) | _AFTER,
        Stage.AWAIT,
        _("Letter sent"),
        by_person=False,
    ),
    CaseMove.REPLY_RECEIVED: Move(
        _from(Stage.AWAIT) | _AFTER, Stage.ASSESS, _("Reply received"), by_person=False
    ),
    CaseMove.REPLY_ASSESSED: Move(
        _from(Stage.ASSESS), Stage.FOLLOW, _("Reply assessed"), by_person=False
    ),
    CaseMove.NO_REPLY: Move(
        _from(Stage.AWAIT), Stage.FOLLOW, _("Follow up without waiting longer")
    ),
    CaseMove.WRITE_AGAIN: Move(_AFTER, Stage.TRANSMIT, _("Write to the State again")),
    CaseMove.REPORT: Move(
        _from(Stage.FOLLOW, Stage.MONITOR), Stage.REPORT, _("Put to the next report")
    ),
    CaseMove.MONITOR: Move(_from(Stage.FOLLOW, Stage.REPORT), Stage.MONITOR, _("Monitor")),
    CaseMove.CLOSE: Move(_OPEN - _from(Stage.TRANSMIT), Stage.CLOSE, _("Close")),
    CaseMove.REOPEN: Move(_from(Stage.CLOSE), Stage.TRIAGE, _("Reopen")),
}


class LetterStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_CLEARANCE = "in_clearance", _("In clearance")
    CLEARED = "cleared", _("Cleared")
    TRANSMITTED = "transmitted", _("Transmitted")
    ANSWERED = "answered", _("Answered")
    ASSESSED = "assessed", _("Reply assessed")
    DISCARDED = "discarded", _("Discarded")


class LetterMove(TextChoices):
    ASK_CLEARANCE = "ask_clearance"
    CLEAR = "clear"
    SEND_BACK = "send_back"
    EDIT = "edit"
    REOPEN = "reopen"
    TRANSMIT = "transmit"
    ANSWER = "answer"
    ASSESS = "assess"
    DISCARD = "discard"


_UNSENT = frozenset({LetterStatus.DRAFT, LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED})
_SENT = frozenset({LetterStatus.TRANSMITTED, LetterStatus.ANSWERED, LetterStatus.ASSESSED})

LETTER_MOVES: Mapping[LetterMove, Move] = {
    LetterMove.ASK_CLEARANCE: Move(
        frozenset({LetterStatus.DRAFT}), LetterStatus.IN_CLEARANCE, _("Ask for clearance")
    ),
    LetterMove.CLEAR: Move(
        frozenset({LetterStatus.IN_CLEARANCE}), LetterStatus.CLEARED, _("Clear")
    ),
    LetterMove.SEND_BACK: Move(
        frozenset({LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED}),
        LetterStatus.DRAFT,
        _("Send back to the drafter"),
    ),
    # Any change of the text ends the clearance given.
    LetterMove.EDIT: Move(_UNSENT, LetterStatus.DRAFT, _("Change the text"), by_person=False),
    # Somebody took a consent back: what was endorsed and cleared counts no more.
    LetterMove.REOPEN: Move(_UNSENT, LetterStatus.DRAFT, _("Re-open"), by_person=False),
    LetterMove.TRANSMIT: Move(
        frozenset({LetterStatus.CLEARED}), LetterStatus.TRANSMITTED, _("Transmit")
    ),
    # A correction of a reply, or an update after the assessment, is an answer too.
    LetterMove.ANSWER: Move(_SENT, LetterStatus.ANSWERED, _("Reply received"), by_person=False),
    LetterMove.ASSESS: Move(
        frozenset({LetterStatus.ANSWERED}), LetterStatus.ASSESSED, _("Assess the reply")
    ),
    LetterMove.DISCARD: Move(_UNSENT, LetterStatus.DISCARDED, _("Discard")),
}


class ReplyStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class ReplyMove(TextChoices):
    SUBMIT = "submit"


REPLY_MOVES: Mapping[ReplyMove, Move] = {
    ReplyMove.SUBMIT: Move(
        frozenset({ReplyStatus.DRAFT}), ReplyStatus.SUBMITTED, _("Submit the reply")
    ),
}


class RequestStatus(TextChoices):
    """Of a request to see who somebody is; one made in an emergency begins as approved."""

    ASKED = "asked", _("Waiting for the custodian")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended")


class RequestMove(TextChoices):
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    END = "end"


_ASKED = frozenset({RequestStatus.ASKED})

REQUEST_MOVES: Mapping[RequestMove, Move] = {
    RequestMove.APPROVE: Move(_ASKED, RequestStatus.APPROVED, _("Approve")),
    RequestMove.REFUSE: Move(_ASKED, RequestStatus.REFUSED, _("Refuse")),
    RequestMove.WITHDRAW: Move(_ASKED, RequestStatus.WITHDRAWN, _("Withdraw")),
    # Time ends it too, to the second and without a step: `IdentityRequest.in_force` looks.
    RequestMove.END: Move(
        frozenset({RequestStatus.APPROVED}), RequestStatus.ENDED, _("End it now")
    ),
}


class ContainmentStatus(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class ContainmentMove(TextChoices):
    FINISH = "finish"
    GIVE_UP = "give_up"


CONTAINMENT_MOVES: Mapping[ContainmentMove, Move] = {
    ContainmentMove.FINISH: Move(
        frozenset({ContainmentStatus.OPEN}), ContainmentStatus.DONE, _("It is done")
    ),
    ContainmentMove.GIVE_UP: Move(
        frozenset({ContainmentStatus.OPEN}), ContainmentStatus.NOT_POSSIBLE, _("It is not possible")
    ),
}


def target_of(moves: Mapping[M, Move], name: M, status: str) -> str:
    """Where this move leads from here. Raises MoveRefused where it does not start here."""
    move = moves[name]
    if status not in move.sources:
        raise MoveRefused(
            str(_("“%(move)s” is not possible any more: look at where this stands now."))
            % {"move": move.label}
        )
    return move.target


def moves_from(moves: Mapping[M, Move], status: str) -> Iterator[M]:
    """The moves a person could ask for here: the buttons of a page, before the policy."""
    return (name for name, move in moves.items() if move.by_person and status in move.sources)


def steps(moves: Mapping[M, Move]) -> list[tuple[str, str]]:
    """Every pair of statuses that some move joins, for the database's guard."""
    pairs = {(source, str(move.target)) for move in moves.values() for source in move.sources}
    return sorted((str(source), target) for source, target in pairs if source != target)
