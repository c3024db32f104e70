"""Mechanisms, and within which windows they write to States."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.fields import TermField, codes_are_known
from cases.models.noun import Noun
from cases.models.term import ReferenceRow, in_active_language
from cases.vocabulary import Certainty, MechanismKind


class Mechanism(ReferenceRow):
    """A mandate, committee or other body that raises a case or receives cooperation."""

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    actor = TermField("V-ACTOR", verbose_name=_("actor"), blank=False)
    names = models.JSONField(_("names"))
    kind = models.CharField(_("kind"), max_length=30, choices=MechanismKind)
    established_year = models.PositiveSmallIntegerField(_("established"), null=True, blank=True)
    founding_resolution = models.TextField(_("founding text"), blank=True)
    active = models.BooleanField(
        _("active"), null=True, blank=True, help_text=_("Unknown where a renewal was not seen.")
    )
    source = models.TextField(_("source"), blank=True)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    names_unsure = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("names to be confirmed"),
        default=list,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="mechanism_has_an_english_name", condition=Q(names__has_key="en")
            )
        ]
        triggers = [codes_are_known(actor="V-ACTOR")]

    def __str__(self) -> str:
        return f"{self.names.get('en', '')} ({self.code})"

    @property
    def name(self) -> str:
        return in_active_language(self.names)


class CommunicationRule(Noun, ReferenceRow):
    """What a mechanism sends, and its windows in days; empty where none is established."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="rules")
    type = TermField("V-ACTION", verbose_name=_("type"), blank=False)
    response_days = models.PositiveSmallIntegerField(_("days to reply"), null=True, blank=True)
    confidentiality_days = models.PositiveSmallIntegerField(
        _("days before publication"), null=True, blank=True
    )
    basis = models.TextField(_("basis"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("communication rule")
        verbose_name_plural = _("communication rules")
        ordering = ["mechanism", "type"]
        constraints = [
            models.UniqueConstraint(
                name="one_rule_for_a_mechanism_and_type", fields=["mechanism", "type"]
            ),
            models.CheckConstraint(
                name="windows_are_at_least_a_day",
                condition=Q(response_days__gt=0) & Q(confidentiality_days__gt=0),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [codes_are_known(type="V-ACTION")]

    def __str__(self) -> str:
        return f"{self.mechanism_id} {self.type}"
