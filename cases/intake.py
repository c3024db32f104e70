"""Bringing to a case what its State did at the portal.

The portal writes receipts, requests for time and replies, and knows no case. This is the other
half, run by a worker: what it has taken in is marked, so that the queue may say it twice and the
sweep once more.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from cases import audit, clocks, deadlines, moves, notices
from cases.lifecycles import CaseMove, LetterMove, ReplyStatus
from cases.models import Case, Communication, Extension, Package, Receipt, Reply
from cases.models.deadline import DeadlineKind
from cases.refusals import MoveRefused

# Working days that officers have to answer a request for time, and to assess a reply.
TO_DECIDE, TO_ASSESS = 3, 10
BATCH = 200


def waiting() -> list[UUID]:
    """Packages where the mission did something that has not reached the case, one batch."""
    new = Q(pk__in=Receipt.objects.filter(taken_in_at=None).values("package"))
    new |= Q(pk__in=Extension.objects.filter(taken_in_at=None).values("package"))
    new |= Q(pk__in=_submitted().values("package"))
    found = Package.objects.filter(new).order_by("transmitted_at")
    return list(found.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def take_in(package_id: UUID) -> list[UUID]:
    """Bring everything new of this package to its case. Returns the notices owed."""
    case = Case.objects.filter(communications__package=package_id)
    held = case.select_for_update(of=("self",)).first()  # first, as everywhere
    if held is None:
        return []
    letter = Communication.objects.select_for_update(of=("self",)).get(package=package_id)
    letter.case = held
    owed: list[UUID] = []
    for receipt in Receipt.objects.filter(package=package_id, taken_in_at=None):
        owed += _take_receipt(letter, receipt)
    for extension in Extension.objects.filter(package=package_id, taken_in_at=None):
        owed += _take_extension(letter, extension)
    for reply in _submitted().filter(package=package_id).order_by("edition"):
        owed += _take_reply(letter, reply)
    return owed


def _submitted() -> QuerySet[Reply]:
    return Reply.objects.filter(status=ReplyStatus.SUBMITTED, taken_in_at=None)


def _take_receipt(letter: Communication, receipt: Receipt) -> list[UUID]:
    _mark(receipt)
    audit.record(f"letter_{receipt.kind}", letter, by=receipt.by, case=letter.case_id)
    return []


def _take_extension(letter: Communication, asked: Extension) -> list[UUID]:
    _mark(asked)
    audit.record("extension_asked", asked, by=asked.asked_by, case=letter.case_id)
    _due(letter, DeadlineKind.EXTENSION, TO_DECIDE)
    return notices.owe(_whom(letter), f"extension:{asked.pk}")


def _take_reply(letter: Communication, reply: Reply) -> list[UUID]:
    _mark(reply)
    moves.advance_letter(letter, LetterMove.ANSWER, by=reply.submitted_by)
    letter.save(update_fields=["status", "changed_at"])
    try:
        moves.advance(letter.case, CaseMove.REPLY_RECEIVED, by=reply.submitted_by)
    except MoveRefused:  # another letter of the case is being assessed, or it was closed
        audit.record("reply_received", reply, by=reply.submitted_by, case=letter.case_id)
    deadlines.meet(letter.case, DeadlineKind.RESPONSE, communication=letter)
    _due(letter, DeadlineKind.ASSESSMENT, TO_ASSESS)
    return notices.owe(_whom(letter), f"reply:{reply.pk}")


def _mark(row: Receipt | Extension | Reply) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(taken_in_at=timezone.now())


def _due(letter: Communication, kind: DeadlineKind, working_days: int) -> None:
    day = clocks.add_working_days(timezone.localdate(), working_days)
    deadlines.open_deadline(letter.case, kind, due_at=clocks.end_of(day), communication=letter)


def _whom(letter: Communication) -> list[User]:
    """Who answers for the case, and who drafted the letter."""
    people = {person.pk: person for person in notices.officers_of(letter.case)}
    people |= {letter.drafted_by_id: letter.drafted_by}
    return list(people.values())
