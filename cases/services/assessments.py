"""What a reply amounts to, in the reading of the officers."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, clocks, deadlines, moves
from cases.lifecycles import CaseMove, LetterMove, LetterStatus, ReplyStatus
from cases.models import Assessment, Finding, Reply
from cases.models.deadline import DeadlineKind
from cases.policy import May, require
from cases.refusals import MoveRefused, Refused
from cases.services import records
from cases.vocabulary import ReplyProcedure, Stage

TO_TELL = 5  # working days until the source is told
NEXT_LOOK = timedelta(days=30)


def procedure_of(reply: Reply) -> ReplyProcedure:
    """On time or late, by the due date as it stood when the reply came."""
    due_at, sent_at = reply.package.due_at, reply.submitted_at
    late = bool(due_at and sent_at and sent_at > due_at)
    return ReplyProcedure.LATE if late else ReplyProcedure.SUB


@transaction.atomic
def assess_reply(
    reply: Reply,
    *,
    by: User,
    procedure: str,
    grade: str,
    findings: Mapping[int, tuple[str, str]],
    note: str = "",
    version: int | None = None,
) -> Assessment:
    """Code a submitted reply: procedure and substance apart, element by element, and a grade.

    `findings` gives, for each element of the letter by its number, the substance and a note.
    `version` is that of the assessment to change, None for the first. The case goes on to
    follow-up; the source is owed word, and the outcome of the people a look.
    """
    letter = reply.package.communication
    case = records.locked_case(letter.case)
    require(by, May.ASSESS_REPLY, case)
    _check(reply, findings)
    row = _row(reply, version)
    row.case, row.procedure, row.grade, row.note = case, procedure, grade, note
    row.assessed_by, row.assessed_at = by, timezone.now()
    row.full_clean(exclude=["case", "reply", "assessed_by"], validate_unique=False)
    row.save()
    _set_findings(row, findings)
    audit.record("assessed", row, by=by, case=case, detail={"grade": grade})
    _go_on(reply, by=by)
    return row


def _check(reply: Reply, findings: Mapping[int, tuple[str, str]]) -> None:
    if reply.status != ReplyStatus.SUBMITTED:
        raise MoveRefused(_("Only a submitted reply is assessed."))
    if reply.package.replies.submitted().filter(edition__gt=reply.edition).exists():
        raise MoveRefused(_("The State corrected this reply. Assess the newest version."))
    asked = {element["number"] for element in reply.package.content["elements"]}
    if set(findings) != asked:
        raise Refused(_("Say what the reply does with each element of the allegation."))


def _row(reply: Reply, version: int | None) -> Assessment:
    found = Assessment.objects.filter(reply=reply).first()
    if found is None:
        return Assessment(reply=reply)
    found = records.unchanged(found, version or 0)  # two cannot both be the first
    found.version += 1
    return found


def _set_findings(row: Assessment, findings: Mapping[int, tuple[str, str]]) -> None:
    row.findings.all().delete()
    for element, (substance, note) in sorted(findings.items()):
        finding = Finding(assessment=row, element=element, substance=substance, note=note)
        finding.full_clean(exclude=["assessment"], validate_unique=False)
        finding.save()


def _go_on(reply: Reply, *, by: User) -> None:
    letter = reply.package.communication
    case = letter.case
    case.refresh_from_db()
    if letter.status == LetterStatus.ANSWERED:
        moves.advance_letter(letter, LetterMove.ASSESS, by=by)
        letter.save(update_fields=["status", "changed_at"])
    if case.stage == Stage.ASSESS:
        moves.advance(case, CaseMove.REPLY_ASSESSED, by=by)
    deadlines.meet(case, DeadlineKind.ASSESSMENT, communication=letter)
    tell_by = clocks.end_of(clocks.add_working_days(timezone.localdate(), TO_TELL))
    deadlines.open_deadline(case, DeadlineKind.FEEDBACK, due_at=tell_by)
    deadlines.open_deadline(case, DeadlineKind.OUTCOME, due_at=timezone.now() + NEXT_LOOK)
