"""Evidence: a description, and files kept sealed as they came."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, custody, files, tasks
from cases.models import Case, Evidence, EvidenceAttachment
from cases.models.custody import CustodyStep
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import records


@files.settled
@transaction.atomic
def record_evidence(
    case: Case, *, by: User, upload: UploadedFile | None = None, **fields: Any
) -> Evidence:
    """Add evidence, with its file if there is one. Raises FileRefused before anything is kept."""
    evidence = records.record(Evidence, case, by=by, fields={**fields, "added_by": by})
    if upload:
        attach(evidence, upload, by=by)
    return evidence


def edit_evidence(evidence: Evidence, *, by: User, version: int, **fields: Any) -> Evidence:
    return records.edit(evidence, by=by, version=version, fields=fields)


@files.settled
@transaction.atomic
def attach(
    evidence: Evidence,
    upload: UploadedFile,
    *,
    by: User,
    copy: str = EvidenceAttachment.Copy.ORIGINAL,
) -> EvidenceAttachment:
    """Seal a file beside its evidence; the SHA-256 is of the bytes as they came.

    A worker scans it and makes the clean copy that may leave.
    """
    case = records.locked_case(evidence.case)
    require(by, May.EDIT_CASE, case)
    if not case.evidence.filter(pk=evidence.pk).exists():
        raise Refused(_("Somebody removed this evidence meanwhile."))
    attachment = _sealed(upload, evidence=evidence, copy=copy, added_by=by)
    custody.enter(attachment, CustodyStep.RECEIVED, case=case.pk, by=by, sha256=attachment.sha256)
    audit.record("attached", attachment, by=by, case=case)
    records.touch(case)
    transaction.on_commit(partial(tasks.examine_evidence.delay, str(attachment.pk)))
    return attachment


def _sealed(upload: UploadedFile, **fields: Any) -> EvidenceAttachment:
    accepted = files.accept(upload)
    row = uuid4()
    stored = files.store(upload, place_row=row, ring=EvidenceAttachment.ring)
    return EvidenceAttachment.objects.create(
        id=row,
        name=accepted.name,
        media_type=accepted.media_type,
        size=stored.size,
        sha256=stored.sha256,
        **fields,
    )


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """What a sent letter carried stays. The sealed files go when the removal is certain."""
    records.locked_case(evidence.case)  # no letter leaves between the look and the removal
    if evidence.attachments.filter(communications__transmitted_at__isnull=False).exists():
        raise Refused(_("A letter carried this file; it stays with the case."))
    originals = list(evidence.attachments.select_related("clean_copy"))
    records.remove(evidence, by=by)
    for original in originals:
        custody.enter(original, CustodyStep.REMOVED, case=evidence.case_id, by=by)
        kept = [original.pk, *([original.leaving.pk] if original.leaving else [])]
        for row in kept:
            transaction.on_commit(partial(files.remove, row, original.ring))
