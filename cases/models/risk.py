"""Do no harm: what each person risks when the State or the public learns of the case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, TermsField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, PartOfCase
from cases.models.person import Person
from cases.models.source import Source
from cases.vault import SealedTextField


class RiskAssessment(Searched, EditablePart):
    """Dated, and it ends: an assessment past its day opens no gate (PP11)."""

    past_days = ("assessed_on",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="risks")
    person = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="risks",
        verbose_name=_("for whom"),
    )
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="risks",
        verbose_name=_("or for which source"),
    )
    level = TermField("V-RISK", blank=False, verbose_name=_("risk"))
    threat = SealedTextField(blank=True, verbose_name=_("threat"))
    vulnerability = SealedTextField(blank=True, verbose_name=_("vulnerability"))
    capacity = SealedTextField(blank=True, verbose_name=_("capacity"))
    if_told = SealedTextField(blank=True, verbose_name=_("if the State learns of this"))
    mitigation = SealedTextField(blank=True, verbose_name=_("what lowers the risk"))
    triggers = TermsField("V-RISK-TRIGGER", blank=True, verbose_name=_("look again at"))
    assessed_on = models.DateField(_("assessed on"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["-assessed_on", "-changed_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_is_of_a_person_or_of_a_source",
                condition=Q(person=None, source__isnull=False)
                | Q(person__isnull=False, source=None),
            ),
            models.CheckConstraint(
                name="risk_is_valid_for_a_time", condition=Q(valid_until__gte=F("assessed_on"))
            ),
        ]
        triggers = [codes_are_known(level="V-RISK", triggers="V-RISK-TRIGGER")]

    def __str__(self) -> str:
        return self.level
