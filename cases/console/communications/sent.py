"""What became of a letter that left: receipts, files, requests for time, replies."""

from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone

from cases import clocks
from cases.lifecycles import ReplyStatus
from cases.models import (
    Communication,
    Extension,
    Package,
    PackageAttachment,
    Receipt,
    Reply,
)
from cases.models.package import ExtensionDecision, ReceiptKind


class Due(NamedTuple):
    state: str
    due_at: object
    label: str


class Sent:
    """A package with all that hangs on it; reads only rows that were prefetched."""

    def __init__(self, package: Package) -> None:
        self.package = package

    @cached_property
    def receipts(self) -> dict[str, Receipt]:
        return {receipt.kind: receipt for receipt in self.package.receipts.all()}

    @property
    def read(self) -> Receipt | None:
        return self.receipts.get(ReceiptKind.READ)

    @property
    def acknowledged(self) -> Receipt | None:
        return self.receipts.get(ReceiptKind.ACKNOWLEDGED)

    @cached_property
    def extensions(self) -> list[Extension]:
        return list(self.package.extensions.all())

    @property
    def asked(self) -> Extension | None:
        """The request for time that waits for an answer; there is one at most."""
        open_ = (row for row in self.extensions if row.decision == ExtensionDecision.ASKED)
        return next(open_, None)

    @property
    def decided(self) -> list[Extension]:
        return [row for row in self.extensions if row.decision != ExtensionDecision.ASKED]

    @cached_property
    def files(self) -> list[PackageAttachment]:
        return list(self.package.attachments.all())

    @cached_property
    def replies(self) -> list[Reply]:
        """Submitted ones, the newest first."""
        return list(self.package.replies.all())

    @property
    def due(self) -> Due | None:
        due_at = self.package.due_at
        if due_at is None:
            return None
        came = min((r.submitted_at for r in self.replies if r.submitted_at), default=None)
        now = timezone.now()
        state = clocks.state_of(due_at, now, met_at=came)
        return Due(state, due_at, clocks.in_words(due_at, now, met_at=came))


def sent_of(letter: Communication) -> Sent | None:
    submitted = Reply.objects.filter(status=ReplyStatus.SUBMITTED).select_related("assessment")
    related = Package.objects.select_related("state").prefetch_related(
        "receipts", "extensions", "attachments", Prefetch("replies", queryset=submitted)
    )
    package = related.filter(communication=letter.pk).first()
    return Sent(package) if package else None
