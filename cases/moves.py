"""Taking a case or a letter one step along its table, and writing that down.

No permission is asked here: services ask before, and events of the portal need none.
"""

from django.utils import timezone

from accounts.models import User
from cases import audit
from cases.lifecycles import CASE_MOVES, LETTER_MOVES, CaseMove, LetterMove, target_of
from cases.models import Case, Communication
from cases.vocabulary import Stage


def advance(case: Case, move: CaseMove, *, by: User | None) -> Case:
    """Move a locked case. Raises MoveRefused where the move does not start here."""
    target = target_of(CASE_MOVES, move, case.stage)
    if target != case.stage:
        case.stage = target
        case.closed_at = timezone.now() if target == Stage.CLOSE else None
        case.save(update_fields=["stage", "closed_at", "changed_at"])
    audit.record(f"case_{move}", case, by=by, case=case)
    return case


def advance_letter(communication: Communication, move: LetterMove, *, by: User | None) -> None:
    """Set where a letter stands; the caller saves it with whatever else the step changes."""
    communication.status = target_of(LETTER_MOVES, move, communication.status)
    audit.record(f"letter_{move}", communication, by=by, case=communication.case_id)
