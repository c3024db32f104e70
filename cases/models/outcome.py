"""What became of each person, with its date and its source."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, PartOfCase
from cases.models.person import Person
from cases.models.source import Source
from cases.vault import SealedTextField


class Outcome(Searched, EditablePart):
    past_days = ("as_of",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="outcomes")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("person")
    )
    kind = TermField("V-FOLLOWUP", blank=False, verbose_name=_("situation"))
    impact = TermField("V-FOLLOWUP-IMPACT", verbose_name=_("effect of what the UN did"))
    remedy = TermField("V-FOLLOWUP-REMEDY", verbose_name=_("remedy"))
    as_of = models.DateField(_("as of"), default=timezone.localdate)
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("according to"),
    )
    note = SealedTextField(blank=True, verbose_name=_("note"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["-as_of", "-recorded_at"]
        triggers = [
            codes_are_known(
                kind="V-FOLLOWUP", impact="V-FOLLOWUP-IMPACT", remedy="V-FOLLOWUP-REMEDY"
            )
        ]

    def __str__(self) -> str:
        return self.kind
