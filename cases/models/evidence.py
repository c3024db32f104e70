"""What supports an element: a document, a statement, a photograph."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Numbered, PartOfCase
from cases.models.source import Source
from cases.vault import SealedTextField


class Evidence(Searched, Numbered, EditablePart):
    past_days = ("received_on",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    kind = TermField("V-EVID", blank=False, verbose_name=_("kind of evidence"))
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="evidence",
        verbose_name=_("from which source"),
    )
    description = SealedTextField(blank=True, verbose_name=_("what it shows"))
    language = models.CharField(_("original language"), max_length=40, blank=True)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = PartOfCase.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_number_for_one_evidence", fields=["case", "number"])
        ]
        triggers = [codes_are_known(kind="V-EVID")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"E-{self.number}"
