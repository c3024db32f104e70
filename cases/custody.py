"""Write down through whose hands an original went; and whether it may be opened at all."""

from uuid import UUID

from accounts.models import User
from cases import scanning
from cases.models import CleanCopy, CustodyEntry, EvidenceAttachment
from cases.models.attachment import Attachment, Incoming, Scan
from cases.models.custody import CustodyStep


def enter(
    file: EvidenceAttachment,
    step: CustodyStep,
    *,
    case: UUID,
    by: User | None,
    sha256: str = "",
    note: str = "",
) -> CustodyEntry:
    """`sha256` as it was found at this step, never as it should be. `note` is a code."""
    return CustodyEntry.objects.create(
        case=case, file=file.pk, step=step, by=by.pk if by else None, sha256=sha256, note=note
    )


def opened(row: Attachment, *, by: User, case: UUID) -> None:
    """An original, or its clean copy, is about to be downloaded."""
    if isinstance(row, CleanCopy):
        enter(row.original, CustodyStep.COPY_OPENED, case=case, by=by)
    elif isinstance(row, EvidenceAttachment):
        enter(row, CustodyStep.OPENED, case=case, by=by)


def quarantined(row: Attachment) -> bool:
    """Infected, or waiting for a scanner that is configured: opened by nobody, on no road."""
    if isinstance(row, CleanCopy):
        row = row.original
    return isinstance(row, Incoming) and (row.scan == Scan.INFECTED or waiting(row))


def waiting(row: Incoming) -> bool:
    return row.from_outside and row.scan == Scan.NONE and scanning.configured()
