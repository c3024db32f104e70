"""The cooperation with the United Nations that was punished or prevented, and the link to it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, TermsField, codes_are_known
from cases.models.index import Searched
from cases.models.mechanism import Mechanism
from cases.models.noun import EditablePart, PartOfCase
from cases.models.person import Person
from cases.vault import SealedTextField
from cases.vocabulary import LINKED


class Cooperation(Searched, EditablePart):
    """OP4 and PP5 of A/HRC/RES/54/24: sought, ongoing, past, perceived or by association."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cooperations")
    persons = models.ManyToManyField(
        Person, blank=True, related_name="cooperations", verbose_name=_("who cooperated")
    )
    kind = TermField("V-COOP", blank=False, verbose_name=_("form of cooperation"))
    actor = TermField("V-ACTOR", blank=False, verbose_name=_("with which body"))
    mechanism = models.ForeignKey(
        Mechanism, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("which mandate")
    )
    tense = TermField("V-TENSE", blank=False, verbose_name=_("state of cooperation"))
    channel = TermField("V-COOP-CHANNEL", verbose_name=_("where"))
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    evidence = TermsField("V-COOP-EVID", blank=True, verbose_name=_("evidence of cooperation"))
    description = SealedTextField(blank=True, verbose_name=_("description"))
    nexus = TermField("V-NEXUS", verbose_name=_("strength of the link"))
    basis = SealedTextField(blank=True, verbose_name=_("what the link rests on"))
    how_known = SealedTextField(
        blank=True, verbose_name=_("how those responsible allegedly knew of it")
    )

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = [F("started_on").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                name="cooperation_says_what_with_whom_and_when",
                condition=~Q(kind="") & ~Q(actor="") & ~Q(tense=""),
            ),
            models.CheckConstraint(
                name="cooperation_does_not_end_before_it_starts",
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
            ),
        ]
        triggers = [
            codes_are_known(
                kind="V-COOP",
                actor="V-ACTOR",
                tense="V-TENSE",
                channel="V-COOP-CHANNEL",
                evidence="V-COOP-EVID",
                nexus="V-NEXUS",
            )
        ]

    def __str__(self) -> str:
        return self.kind

    def clean(self) -> None:
        super().clean()
        if self.nexus in LINKED and not self.basis:
            raise ValidationError({"basis": gettext("Say what the link rests on.")})
