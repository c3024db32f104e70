"""What was allegedly done: the act, when, where, to whom, and allegedly by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Noun, PartOfCase
from cases.models.person import Person
from cases.vault import SealedTextField
from cases.vocabulary import DatePrecision


class Act(Searched, EditablePart):
    past_days = ("started_on", "ended_on")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="acts")
    kind = TermField("V-ACT", blank=False, verbose_name=_("alleged act"))
    persons = models.ManyToManyField(
        Person, blank=True, related_name="acts", verbose_name=_("against")
    )
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    precision = models.CharField(
        _("how exact the date is"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    place = SealedTextField(blank=True, verbose_name=_("place"))
    stage = TermField("V-STAGE", verbose_name=_("in relation to the contact with the UN"))
    mode = TermField("V-MODE", verbose_name=_("online or offline"))
    legal_basis = TermField("V-LEGALBASIS", verbose_name=_("law invoked"))
    collective = models.BooleanField(_("against many at once"), default=False)
    transnational = models.BooleanField(_("across a border"), default=False)
    description = SealedTextField(blank=True, verbose_name=_("description"))

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = [F("started_on").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["kind", "case"], name="act_by_kind")]
        constraints = [
            models.CheckConstraint(name="act_has_a_kind", condition=~Q(kind="")),
            models.CheckConstraint(
                name="act_does_not_end_before_it_starts",
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="act_precision_is_known", condition=Q(precision__in=DatePrecision.values)
            ),
        ]
        triggers = [
            codes_are_known(
                kind="V-ACT", stage="V-STAGE", mode="V-MODE", legal_basis="V-LEGALBASIS"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Perpetrator(Noun):
    """Who allegedly did it, by kind: an office of State or another actor, never a name."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="perpetrators")
    kind = TermField("V-PERP", blank=False)
    attribution = TermField("V-PERP-ATTR", default="ALLEGED")
    involvement = TermField("V-PERP-INV")

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                name="one_row_for_a_kind_of_perpetrator", fields=["act", "kind"]
            )
        ]
        triggers = [
            codes_are_known(kind="V-PERP", attribution="V-PERP-ATTR", involvement="V-PERP-INV")
        ]

    def __str__(self) -> str:
        return self.kind
