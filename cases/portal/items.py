"""Letters as the lists of the portal show them: where each stands, and the one thing to do."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Prefetch
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from cases import clocks
from cases.lifecycles import ReplyStatus
from cases.models import Extension, Package, Receipt, Reply
from cases.models.package import ExtensionDecision, ReceiptKind


class Due(NamedTuple):
    state: str
    due_at: datetime | None
    label: str


class Item:
    """One letter with what the mission did about it; reads only rows that were prefetched."""

    def __init__(self, package: Package) -> None:
        self.package = package

    @cached_property
    def receipts(self) -> dict[str, Receipt]:
        return {receipt.kind: receipt for receipt in self.package.receipts.all()}

    @cached_property
    def acknowledged(self) -> Receipt | None:
        return self.receipts.get(ReceiptKind.ACKNOWLEDGED)

    @cached_property
    def extensions(self) -> list[Extension]:
        return list(self.package.extensions.all())

    @cached_property
    def submitted(self) -> list[Reply]:
        """The first reply, then each correction of it."""
        sent = [r for r in self.package.replies.all() if r.status == ReplyStatus.SUBMITTED]
        return sorted(sent, key=lambda reply: reply.edition)

    @property
    def latest(self) -> Reply | None:
        return self.submitted[-1] if self.submitted else None

    @property
    def editions(self) -> list[Reply]:
        return self.submitted[::-1]

    @cached_property
    def draft(self) -> Reply | None:
        return next((r for r in self.package.replies.all() if r.status == ReplyStatus.DRAFT), None)

    @property
    def subject(self) -> str:
        return str(self.package.content["subject"])

    @property
    def asks_time(self) -> bool:
        return any(row.decision == ExtensionDecision.ASKED for row in self.extensions)

    @property
    def may_ask_time(self) -> bool:
        return bool(self.package.due_at) and not self.submitted and not self.asks_time

    @property
    def status(self) -> tuple[str, str]:
        if self.draft:
            return "draft", _("Correction begun") if self.submitted else _("Draft saved")
        if self.submitted:
            return "done", _("Answered")
        if self.asks_time:
            return "wait", _("More time asked")
        return "new", _("Not yet answered") if self.receipts else _("Not yet read")

    @property
    def due(self) -> Due | None:
        due_at = self.package.due_at
        if due_at is None:
            return None
        if not self.submitted:
            now = timezone.now()
            return Due(clocks.state_of(due_at, now), due_at, clocks.in_words(due_at, now))
        in_time = _sent(self.submitted[0]) <= due_at
        return Due("met", None, _("Answered in time") if in_time else _("Answered"))

    @property
    def way(self) -> tuple[str, str]:
        """Where to go next, and what the button says."""
        if self.draft:
            return reverse("reply-edit", args=[self.draft.pk]), _("Continue the draft")
        words = _("Prepare the reply") if self.receipts else _("Read the letter")
        return reverse("package-detail", args=[self.package.pk]), words


def _sent(reply: Reply) -> datetime:
    return reply.submitted_at or reply.started_at


def _letters(user: User) -> QuerySet[Package]:
    replies = Prefetch("replies", queryset=Reply.objects.defer("text"))
    visible = Package.objects.visible_to(user)
    return visible.prefetch_related("receipts", "extensions", replies)


def open_items(user: User) -> list[Item]:
    """What waits for a first reply, the nearest date first."""
    waiting = _letters(user).exclude(replies__status=ReplyStatus.SUBMITTED)
    ordered = waiting.order_by(F("due_at").asc(nulls_last=True), "transmitted_at", "id")
    return [Item(package) for package in ordered]


def earlier_items(user: User, most: int) -> list[Item]:
    answered = Reply.objects.visible_to(user).submitted().values("package")
    return [Item(package) for package in _letters(user).filter(pk__in=answered)[:most]]


def all_packages(user: User) -> QuerySet[Package]:
    return _letters(user)
