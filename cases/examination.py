"""Looking into files that came in: for viruses, and to make the clean copy that may leave.

Run by a worker, who may be killed at any point and told twice: what is found is written down in
one transaction each, and a sweep finds whatever is still to do.
"""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cases import audit, cleaning, custody, files, scanning
from cases.models import CleanCopy, EvidenceAttachment, ReplyAttachment
from cases.models.attachment import Incoming, Scan
from cases.models.custody import CustodyStep
from cases.vault import Tampered
from cases.vocabulary import Hindrance

Kind = ReplyAttachment.Kind
# So often a worker begins with a file that it does not come back from.
MOST_TRIES = 3
# The queue had this long; then the sweep takes over.
STALE = timedelta(minutes=5)
BATCH = 200


def evidence_waiting() -> list[UUID]:
    undone = Q(clean_copy=None, hindrance="") | _unscanned()
    return _old(EvidenceAttachment.objects.filter(undone))


def replies_waiting() -> list[UUID]:
    return _old(ReplyAttachment.objects.filter(_unscanned()).exclude(kind=Kind.RECEIPT))


def examine_evidence(file_id: UUID) -> None:
    """Scan an original, then make its clean copy. Raises ScannerSilent where nobody answers:
    nothing is taken apart then."""
    file = EvidenceAttachment.objects.select_related("evidence").filter(pk=file_id).first()
    if file is None:
        return
    content = _content(file)
    if custody.waiting(file):
        _note_scan(file, scanning.is_infected([content]))
    if _begin(file):
        _clean(file, content)


def scan_reply(file_id: UUID) -> None:
    """Before anybody opens what a mission attached. Raises ScannerSilent as above."""
    file = ReplyAttachment.objects.filter(pk=file_id).first()
    if file is None or not custody.waiting(file):
        return
    _mark(file, scanning.is_infected(files.read(file.pk, file.ring)))
    audit.record("scanned", file, by=None, detail={"scan": file.scan})


def _unscanned() -> Q:
    return Q(scan=Scan.NONE) if scanning.configured() else Q(pk__in=[])


def _old(rows: QuerySet) -> list[UUID]:
    old = rows.filter(added_at__lt=timezone.now() - STALE).order_by("added_at")
    return list(old.values_list("pk", flat=True)[:BATCH])


def _content(file: EvidenceAttachment) -> bytes:
    content = b"".join(files.read(file.pk, file.ring))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Tampered("An original is not what it was when it came")
    return content


def _mark(file: Incoming, infected: bool) -> None:
    file.scan = Scan.INFECTED if infected else Scan.CLEAN
    file.scanned_at = timezone.now()
    file.save(update_fields=["scan", "scanned_at"])


@transaction.atomic
def _note_scan(file: EvidenceAttachment, infected: bool) -> None:
    _mark(file, infected)
    _enter(file, CustodyStep.SCANNED, file.scan)
    audit.record("scanned", file, by=None, case=_case(file), detail={"scan": file.scan})
    if infected and not file.hindrance:
        _hinder(file, Hindrance.INFECTED)


def _begin(file: EvidenceAttachment) -> bool:
    """Count before beginning, so that a file that kills the worker does not kill it for ever."""
    if file.hindrance or CleanCopy.objects.filter(original=file.pk).exists():
        return False
    if file.tries >= MOST_TRIES:
        _hinder(file, Hindrance.FAILED)
        return False
    EvidenceAttachment.objects.filter(pk=file.pk).update(tries=F("tries") + 1)
    return True


def _clean(file: EvidenceAttachment, content: bytes) -> None:
    try:
        made = cleaning.clean(content, file.media_type)
    except cleaning.NotCleanable as refused:
        _hinder(file, refused.hindrance)
        return
    _keep(file, made)


@files.settled
@transaction.atomic
def _keep(file: EvidenceAttachment, made: cleaning.Cleaned) -> None:
    held = EvidenceAttachment.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if held is None or CleanCopy.objects.filter(original=file.pk).exists():
        return  # removed, or made by another worker meanwhile
    row = uuid4()
    upload = SimpleUploadedFile("copy", made.content, file.media_type)
    stored = files.store(upload, place_row=row, ring=CleanCopy.ring)
    copy = CleanCopy.objects.create(
        id=row,
        original=file,
        media_type=file.media_type,
        size=stored.size,
        sha256=stored.sha256,
        text=made.text,
        legible=made.legible,
    )
    _enter(file, CustodyStep.CLEANED)
    audit.record("cleaned", copy, by=None, case=_case(file))


@transaction.atomic
def _hinder(file: EvidenceAttachment, hindrance: Hindrance) -> None:
    file.hindrance = hindrance
    file.save(update_fields=["hindrance"])
    _enter(file, CustodyStep.HINDERED, hindrance)
    audit.record("hindered", file, by=None, case=_case(file), detail={"hindrance": hindrance})


def _enter(file: EvidenceAttachment, step: CustodyStep, note: str = "") -> None:
    """Every byte was read and found as it came."""
    custody.enter(file, step, case=_case(file), by=None, sha256=file.sha256, note=note)


def _case(file: EvidenceAttachment) -> UUID:
    return file.evidence.case_id
