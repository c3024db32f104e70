"""Files. The bytes lie sealed in the file store under the row's id; here is what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.evidence import Evidence
from cases.models.noun import Noun, changed_but
from cases.models.package import Package
from cases.models.reply import Reply, frozen_with_its_reply
from cases.vault import Ring, SealedTextField
from cases.vocabulary import Hindrance

if TYPE_CHECKING:
    from accounts.models import User


class Attachment(Noun):
    """`ring` says which key ring sealed the bytes, and so which door may open them."""

    ring: Ring

    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Scan(models.TextChoices):
    """What a virus scanner said. `NONE` waits where one is configured: `cases/scanning.py`."""

    NONE = "none", _("Not scanned for viruses")
    CLEAN = "clean", _("No virus found")
    INFECTED = "infected", _("Virus found")


class Incoming(Attachment):
    """A file from outside, kept as it came. Infected, it is opened by nobody."""

    scan = models.CharField(max_length=10, choices=Scan, default=Scan.NONE, editable=False)
    scanned_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Attachment.Meta):
        abstract = True

    @property
    def from_outside(self) -> bool:
        return True


def _scanned(noun: str) -> models.BaseConstraint:
    return models.CheckConstraint(
        name=f"{noun}_scanned_at_iff_scanned",
        condition=Q(scan=Scan.NONE, scanned_at=None)
        | Q(scan__in=[Scan.CLEAN, Scan.INFECTED], scanned_at__isnull=False),
    )


def _whole(noun: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(name=f"{noun}_is_not_empty", condition=Q(size__gt=0)),
        models.CheckConstraint(
            name=f"{noun}_has_a_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
        ),
    ]


class EvidenceAttachmentQuerySet(models.QuerySet["EvidenceAttachment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(evidence__case__in=Case.objects.visible_to(user).values("pk"))


class EvidenceAttachment(Incoming):
    """An original. What leaves is never it, but its clean copy."""

    ring = Ring.VAULT

    class Copy(models.TextChoices):
        ORIGINAL = "original", _("Original")
        REDACTED = "redacted", _("Redacted copy")

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="attachments")
    name = SealedTextField()
    copy = models.CharField(max_length=10, choices=Copy, default=Copy.ORIGINAL)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    # How often a worker began to make the clean copy, and why there will be none.
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    hindrance = models.CharField(max_length=10, choices=Hindrance, blank=True, editable=False)

    objects = EvidenceAttachmentQuerySet.as_manager()

    class Meta(Incoming.Meta):
        constraints = [*_whole("evidence_attachment"), _scanned("evidence_attachment")]
        triggers = [
            pgtrigger.Trigger(
                name="evidence_attachment_is_kept_as_it_came",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=changed_but("scan", "scanned_at", "tries", "hindrance"),
                func="raise exception 'an original is kept as it came';",
            )
        ]

    @property
    def leaving(self) -> CleanCopy | None:
        """The only thing of this file that may ever leave."""
        return getattr(self, "clean_copy", None)


class CleanCopyQuerySet(models.QuerySet["CleanCopy"]):
    def visible_to(self, user: User) -> Self:
        seen = EvidenceAttachment.objects.visible_to(user)
        return self.filter(original__in=seen.values("pk"))


class CleanCopy(Attachment):
    """The same for a reader, without what a file says of its makers: made by a worker, once.

    `text` is what can be read in it, for the leak check; not `legible` is a picture, or a page
    that is one: only a person can look into those.
    """

    ring = Ring.VAULT

    original = models.OneToOneField(
        EvidenceAttachment, on_delete=models.CASCADE, related_name="clean_copy"
    )
    text = SealedTextField(blank=True)
    legible = models.BooleanField()

    objects = CleanCopyQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name_plural = "clean copies"
        constraints = _whole("clean_copy")
        triggers = [pgtrigger.Protect(name="clean_copy_is_made_once", operation=pgtrigger.Update)]


class PackageAttachmentQuerySet(models.QuerySet["PackageAttachment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(package__in=Package.objects.visible_to(user).values("pk"))


class PackageAttachment(Attachment):
    """What travels with a letter: its PDF, and the annexes chosen for sending."""

    ring = Ring.PORTAL

    class Kind(models.TextChoices):
        LETTER = "letter", _("Letter")
        ANNEX = "annex", _("Annex")

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="attachments")
    name = SealedTextField(ring=Ring.PORTAL)
    kind = models.CharField(max_length=10, choices=Kind)

    objects = PackageAttachmentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        constraints = [
            *_whole("package_attachment"),
            models.UniqueConstraint(
                name="one_letter_in_a_package", fields=["package"], condition=Q(kind="letter")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="package_attachment_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]


class ReplyAttachmentQuerySet(models.QuerySet["ReplyAttachment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reply__in=Reply.objects.visible_to(user).values("pk"))


class ReplyAttachment(Incoming):
    ring = Ring.PORTAL

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("Original language")
        TRANSLATION = "translation", _("Translation")
        RECEIPT = "receipt", _("Receipt")

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="attachments")
    name = SealedTextField(ring=Ring.PORTAL)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ORIGINAL)

    objects = ReplyAttachmentQuerySet.as_manager()

    class Meta(Incoming.Meta):
        constraints = [
            *_whole("reply_attachment"),
            _scanned("reply_attachment"),
            models.UniqueConstraint(
                name="one_receipt_of_a_reply", fields=["reply"], condition=Q(kind="receipt")
            ),
        ]
        # The worker scans it after it was submitted: of the frozen row only that may change.
        triggers = frozen_with_its_reply("reply_attachment", but=("scan", "scanned_at"))

    @property
    def from_outside(self) -> bool:
        """The receipt is ours."""
        return self.kind != self.Kind.RECEIPT
