"""What a reply amounts to: procedure and substance coded apart, and a grade."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Noun, PartOfCase
from cases.models.reply import Reply
from cases.vault import SealedTextField


class Assessment(Searched, EditablePart):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="assessment")
    procedure = TermField("V-REPLY-P", blank=False, verbose_name=_("procedure"))
    grade = TermField("V-GRADE", blank=False, verbose_name=_("grade"))
    note = SealedTextField(blank=True, verbose_name=_("reasons"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField(default=timezone.now)

    objects = PartOfCase.as_manager()

    class Meta:
        triggers = [codes_are_known(procedure="V-REPLY-P", grade="V-GRADE")]

    def __str__(self) -> str:
        return f"{self.reply}: {self.grade}"


class Finding(Searched, Noun):
    """What the reply says, in our reading, on one element of the package by its number."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    element = models.PositiveSmallIntegerField()
    substance = TermField("V-REPLY-S", blank=False)
    note = SealedTextField(blank=True)

    class Meta:
        ordering = ["element"]
        constraints = [
            models.UniqueConstraint(
                name="one_finding_on_an_element", fields=["assessment", "element"]
            )
        ]
        triggers = [codes_are_known(substance="V-REPLY-S")]

    @property
    def case_of_text(self) -> UUID:
        return self.assessment.case_id

    def __str__(self) -> str:
        return f"{self.element}: {self.substance}"
