"""Transmission: freezing the package that a State receives, and only that."""

from datetime import datetime
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, clocks, custody, deadlines, files, gates, moves
from cases.documents.letter import Letter, letter_pdf
from cases.documents.render import MissingGlyph
from cases.letters import Composed
from cases.lifecycles import CaseMove, LetterMove
from cases.models import (
    Action,
    Communication,
    CommunicationRule,
    EvidenceAttachment,
    Package,
    PackageAttachment,
)
from cases.models.custody import CustodyStep
from cases.models.deadline import DeadlineKind
from cases.models.package import new_code
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import communications, notices, records
from cases.vault import Tampered


@files.settled
@transaction.atomic
def transmit(letter: Communication, *, by: User, digest: str) -> Package:
    """Send a cleared letter: what the person saw, if every gate is open at this moment.

    The State is the case's; nobody types it. Freezes the composed text with its digest, its PDF,
    and the annexes under neutral names; starts the clocks of the lead mandate's rule.
    """
    case = records.locked_case(letter.case)
    require(by, May.TRANSMIT_LETTER, case)
    held = Communication.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    moves.advance_letter(held, LetterMove.TRANSMIT, by=by)
    whole = communications.whole(held)
    made, found = communications.to_send(whole, by=by)
    if made.digest != digest:
        raise Refused(_("The text changed while you were reading. Look at it again."))
    gates.require_open(found)
    moves.advance(case, CaseMove.LETTER_SENT, by=by)
    now = timezone.now()
    package = _freeze(whole, made, now, by=by)
    held.transmitted_at, held.transmitted_by = now, by
    held.save(update_fields=["status", "transmitted_at", "transmitted_by", "changed_at"])
    _clocks(held, package)
    _enter_action(held, by=by)
    audit.record("transmitted", package, by=by, case=case, detail={"digest": made.digest})
    notices.owe(notices.mission_of(case.state), f"package:{package.pk}")
    return package


def _enter_action(letter: Communication, *, by: User) -> None:
    """That the United Nations wrote stands with whatever else it did about the case."""
    Action.objects.create(
        case=letter.case,
        kind=letter.type,
        office=letter.case.office,
        communication=letter,
        owner=by,
        done_on=timezone.localdate(letter.transmitted_at),
    )


def rule_of(letter: Communication) -> CommunicationRule | None:
    """The windows that the lead mandate gives for this type of letter."""
    return CommunicationRule.objects.filter(mechanism=letter.lead_id, type=letter.type).first()


def _freeze(letter: Communication, made: Composed, now: datetime, *, by: User) -> Package:
    rule = rule_of(letter)
    response = rule.response_days if rule else None
    confidential = rule.confidentiality_days if rule else None
    package = Package.objects.create(
        code=new_code(letter.type, letter.case.state_id),
        communication=letter,
        state=letter.case.state,
        type=letter.type,
        language=letter.language,
        content=made.content,
        digest=made.digest,
        transmitted_at=now,
        due_at=clocks.response_due(now, response) if response else None,
        confidential_until=clocks.confidential_until(now, confidential) if confidential else None,
    )
    _enclose_pdf(package)
    for number, annex in enumerate(letter.annexes.all(), start=1):
        _enclose_annex(package, annex, number, by=by)
    return package


def _enclose_pdf(package: Package) -> None:
    pdf = _printed(package)
    name = f"{package.code}.pdf"
    row = uuid4()
    upload = SimpleUploadedFile(name, pdf, "application/pdf")
    stored = files.store(upload, place_row=row, ring=PackageAttachment.ring)
    PackageAttachment.objects.create(
        id=row,
        package=package,
        name=name,
        kind=PackageAttachment.Kind.LETTER,
        media_type="application/pdf",
        size=stored.size,
        sha256=stored.sha256,
    )


def _enclose_annex(package: Package, annex: EvidenceAttachment, number: int, *, by: User) -> None:
    """The clean copy under the portal's keys, its name a number: file names name people.

    A gate saw to it that there is one; its bytes are those that were cleared.
    """
    copy, row = annex.clean_copy, uuid4()
    stored = files.copy(copy.pk, copy.ring, row, PackageAttachment.ring)
    if stored.sha256 != copy.sha256:
        raise Tampered("A clean copy is not what was cleared")
    ending = annex.name.rpartition(".")[2]
    PackageAttachment.objects.create(
        id=row,
        package=package,
        name=f"{package.code}-annex-{number}.{ending}",
        kind=PackageAttachment.Kind.ANNEX,
        media_type=copy.media_type,
        size=stored.size,
        sha256=stored.sha256,
    )
    case, note = annex.evidence.case_id, package.code
    custody.enter(annex, CustodyStep.ENCLOSED, case=case, by=by, sha256=stored.sha256, note=note)


def document_of(package: Package) -> Letter:
    """The frozen content as the page that is printed."""
    content = package.content
    return Letter(
        reference=package.code,
        type_label=content["type_label"],
        date=clocks.geneva(package.transmitted_at).date(),
        state_name=content["state_name"],
        signatories=content["signatories"],
        language=package.language,
        subject=content["subject"],
        paragraphs=content["paragraphs"],
        elements=[element["text"] for element in content["elements"]],
        questions=[question["text"] for question in content["questions"]],
        closing=content["closing"],
        response_days=content["response_days"],
        annexes=[annex["name"] for annex in content["annexes"]],
        synthetic=package.state.status == "synthetic",
    )


def _printed(package: Package) -> bytes:
    """The PDF; a sign that cannot be printed is named, and nothing is sent without it."""
    try:
        return letter_pdf(document_of(package))
    except MissingGlyph as missing:
        words = _("The letter holds a sign that cannot be printed: %(signs)s. Write it otherwise.")
        raise Refused(words % {"signs": str(missing)}) from None


def _clocks(letter: Communication, package: Package) -> None:
    if package.due_at:
        deadlines.open_deadline(
            letter.case, DeadlineKind.RESPONSE, due_at=package.due_at, communication=letter
        )
