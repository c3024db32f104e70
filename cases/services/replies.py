"""A mission's reply: a draft its members share, then submitted and immutable."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, files, tasks
from cases.documents.receipt import Receipt, receipt_pdf
from cases.lifecycles import REPLY_MOVES, ReplyMove, ReplyStatus, target_of
from cases.models import Answer, Package, Reply, ReplyAttachment
from cases.models.attachment import Scan
from cases.policy import May, require_on_package
from cases.refusals import MoveRefused, Refused
from cases.services import records

MOST_FILES = 20


class Words(NamedTuple):
    """What a reply says to one question, or on one element of the allegation."""

    text: str = ""
    position: str = ""


class Answered(NamedTuple):
    """How many of the questions and elements of the letter a reply speaks to."""

    questions: int
    of_questions: int
    elements: int
    of_elements: int

    @property
    def whole(self) -> bool:
        return (self.questions, self.elements) == (self.of_questions, self.of_elements)


@transaction.atomic
def start_reply(package: Package, *, by: User) -> Reply:
    """The draft of this package; where a reply was submitted already, a correction of it."""
    require_on_package(by, May.WRITE_REPLY, package)
    Package.objects.select_for_update().get(pk=package.pk)
    last = package.replies.order_by("-edition").first()
    if last and last.status == ReplyStatus.DRAFT:
        return last
    reply = Reply.objects.create(
        package=package,
        edition=last.edition + 1 if last else 1,
        corrects=last,
        language=last.language if last else package.language,
        text=last.text if last else "",
        started_by=by,
        saved_by=by,
    )
    for answer in last.answers.all() if last else []:
        Answer.objects.create(
            reply=reply,
            question=answer.question,
            element=answer.element,
            position=answer.position,
            text=answer.text,
        )
    audit.record("started", reply, by=by)
    return reply


@transaction.atomic
def save_reply(
    reply: Reply,
    *,
    by: User,
    version: int,
    questions: Mapping[int, Words] | None = None,
    elements: Mapping[int, Words] | None = None,
    **fields: Any,
) -> Reply:
    """Save the draft. Raises Stale if a colleague saved first; MoveRefused once submitted.

    Numbers that the letter does not have are refused.
    """
    require_on_package(by, May.WRITE_REPLY, reply.package)
    reply = _draft(reply, version)
    for name, value in fields.items():
        setattr(reply, name, value)
    reply.saved_by = by
    reply.full_clean(
        exclude=["package", "corrects", "started_by", "saved_by", "submitted_by"],
        validate_unique=False,
    )
    reply.version += 1
    reply.save()
    _set_answers(reply, "question", questions or {})
    _set_answers(reply, "element", elements or {})
    audit.record("saved", reply, by=by)
    return reply


@files.settled
@transaction.atomic
def attach(
    reply: Reply,
    upload: UploadedFile,
    *,
    by: User,
    kind: str = ReplyAttachment.Kind.ORIGINAL,
) -> ReplyAttachment:
    """Add a file to the draft. Raises FileRefused before anything is kept."""
    require_on_package(by, May.WRITE_REPLY, reply.package)
    reply = _draft(reply)
    if reply.attachments.count() >= MOST_FILES:
        raise Refused(_("A reply carries at most %(number)d files.") % {"number": MOST_FILES})
    accepted = files.accept(upload)
    row = uuid4()
    stored = files.store(upload, place_row=row, ring=ReplyAttachment.ring)
    attachment = ReplyAttachment.objects.create(
        id=row,
        reply=reply,
        name=accepted.name,
        kind=ReplyAttachment.Kind(kind),
        media_type=accepted.media_type,
        size=stored.size,
        sha256=stored.sha256,
    )
    audit.record("attached", attachment, by=by)
    transaction.on_commit(partial(tasks.scan_reply.delay, str(row)))
    return attachment


@transaction.atomic
def detach(attachment: ReplyAttachment, *, by: User) -> None:
    """Take a file off the draft; a submitted reply keeps what it has."""
    require_on_package(by, May.WRITE_REPLY, attachment.reply.package)
    _draft(attachment.reply)
    row = attachment.pk
    audit.record("detached", attachment, by=by)
    attachment.delete()
    transaction.on_commit(partial(files.remove, row, ReplyAttachment.ring))


@files.settled
@transaction.atomic
def submit_reply(reply: Reply, *, by: User, version: int) -> Reply:
    """Submit the draft as it stands: it becomes immutable and gets a receipt.

    A worker brings it to the case; the portal itself knows none.
    """
    require_on_package(by, May.SUBMIT_REPLY, reply.package)
    reply = _draft(reply, version)
    if not says_something(reply):
        raise Refused(_("Write an answer, take a position or attach a document first."))
    if reply.attachments.filter(scan=Scan.INFECTED).exists():
        raise Refused(_("A virus was found in a document. Remove it, then submit."))
    reply.status = target_of(REPLY_MOVES, ReplyMove.SUBMIT, reply.status)
    reply.submitted_by, reply.submitted_at = by, timezone.now()
    reply.digest = digest_of(reply)
    _add_receipt(reply)
    reply.save()
    audit.record("submitted", reply, by=by, detail={"digest": reply.digest})
    transaction.on_commit(partial(tasks.take_in.delay, str(reply.package_id)))
    return reply


def says_something(reply: Reply) -> bool:
    return bool(
        reply.text
        or reply.attachments.exists()
        or any(answer.text or answer.position for answer in reply.answers.all())
    )


def answered(reply: Reply) -> Answered:
    content = reply.package.content
    given = [answer for answer in reply.answers.all() if answer.text or answer.position]
    return Answered(
        sum(answer.question is not None for answer in given),
        len(content["questions"]),
        sum(answer.element is not None for answer in given),
        len(content["elements"]),
    )


def digest_of(reply: Reply) -> str:
    """SHA-256 over everything the reply says and carries, and the letter it answers.

    The receipt tells of it and is no part of it: the digest can be found again at any time.
    """
    carried = reply.attachments.exclude(kind=ReplyAttachment.Kind.RECEIPT)
    whole = {
        "letter": reply.package.digest,
        "edition": reply.edition,
        "language": reply.language,
        "text": reply.text,
        "answers": [
            [answer.question, answer.element, answer.position, answer.text]
            for answer in reply.answers.all()
        ],
        "attachments": sorted(carried.values_list("sha256", flat=True)),
    }
    canonical = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _draft(reply: Reply, version: int | None = None) -> Reply:
    """The reply, locked, if it is still a draft with this version."""
    if version is not None:
        found = records.unchanged(reply, version)
    else:
        found = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if found.status != ReplyStatus.DRAFT:
        raise MoveRefused(_("This reply was submitted and cannot be changed. Start a correction."))
    return found


def _set_answers(reply: Reply, side: str, given: Mapping[int, Words]) -> None:
    asked = {row["number"] for row in reply.package.content[f"{side}s"]}
    if set(given) - asked:
        raise Refused(_("The letter has no such number."))
    for number, words in given.items():
        answer = _answer(reply, side, number)
        answer.text, answer.position = words.text, words.position
        answer.full_clean(exclude=["reply"], validate_unique=False)
        answer.save()


def _answer(reply: Reply, side: str, number: int) -> Answer:
    found = {getattr(answer, side): answer for answer in reply.answers.all()}
    return found.get(number) or Answer(reply=reply, **{side: number})


def _add_receipt(reply: Reply) -> None:
    pdf = receipt_pdf(_receipt_of(reply))
    name = f"{reply.package.code}-receipt-{reply.edition}.pdf"
    row = uuid4()
    upload = SimpleUploadedFile(name, pdf, "application/pdf")
    stored = files.store(upload, place_row=row, ring=ReplyAttachment.ring)
    ReplyAttachment.objects.create(
        id=row,
        reply=reply,
        name=name,
        kind=ReplyAttachment.Kind.RECEIPT,
        media_type="application/pdf",
        size=stored.size,
        sha256=stored.sha256,
    )


def _receipt_of(reply: Reply) -> Receipt:
    content, counts = reply.package.content, answered(reply)
    return Receipt(
        reference=reply.package.code,
        subject=content["subject"],
        state_name=content["state_name"],
        submitted_at=reply.submitted_at or timezone.now(),
        version=reply.edition,
        digest=reply.digest,
        questions_answered=counts.questions,
        questions_asked=counts.of_questions,
        elements_answered=counts.elements,
        elements_asked=counts.of_elements,
        attachments=[(file.name, file.sha256) for file in reply.attachments.all()],
        language=reply.package.language,
        synthetic=reply.package.state.status == "synthetic",
    )
