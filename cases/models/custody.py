"""Through whose hands an original went: the chain of custody of the Berkeley Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.noun import Noun

if TYPE_CHECKING:
    from accounts.models import User


class CustodyStep(models.TextChoices):
    RECEIVED = "received", _("Received and sealed")
    SCANNED = "scanned", _("Scanned for viruses")
    CLEANED = "cleaned", _("Clean copy made")
    HINDERED = "hindered", _("No clean copy can be made")
    OPENED = "opened", _("Original downloaded")
    COPY_OPENED = "copy_opened", _("Clean copy downloaded")
    ENCLOSED = "enclosed", _("Clean copy enclosed with a letter")
    REMOVED = "removed", _("Removed and destroyed")


class CustodyEntryQuerySet(models.QuerySet["CustodyEntry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))


class CustodyEntry(Noun):
    """Written once. No foreign keys: what is destroyed keeps the record of its destruction.

    `sha256` is of the bytes that were read at this step, and equals the one taken when the file
    came; empty where nothing was read to its end. `note` is a code: of a letter, of a finding.
    """

    case = models.UUIDField()
    file = models.UUIDField()
    step = models.CharField(max_length=12, choices=CustodyStep)
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(null=True, blank=True)  # nobody: a worker
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=40, blank=True)

    objects = CustodyEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "custody entries"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="custody_by_case")]
        constraints = [
            models.CheckConstraint(
                name="custody_step_is_known", condition=Q(step__in=CustodyStep.values)
            ),
            models.CheckConstraint(
                name="custody_has_a_sha256_or_none",
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="custody_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.file}"
