"""The factual elements of a case, and what each source says of each (OP9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.act import Act
from cases.models.case import Case
from cases.models.evidence import Evidence
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Numbered, Part, PartOfCase
from cases.models.source import Source
from cases.vault import SealedTextField
from cases.vocabulary import ElementKind, Stance


class Element(Searched, Numbered, EditablePart):
    """One fact that is alleged. `statement` is worded so that it may be put to the State."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="elements")
    kind = models.CharField(_("kind of fact"), max_length=12, choices=ElementKind)
    act = models.ForeignKey(
        Act,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="elements",
        verbose_name=_("act"),
    )
    statement = SealedTextField(verbose_name=_("what is alleged"))

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_number_for_one_element", fields=["case", "number"]),
            models.CheckConstraint(
                name="element_kind_is_known", condition=Q(kind__in=ElementKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Corroboration(Searched, Part):
    """What one source says of one element. Contradictions are kept and weighed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corroborations")
    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="corroborations")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="corroborations")
    evidence = models.ForeignKey(
        Evidence,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="corroborations",
        verbose_name=_("evidence"),
    )
    stance = models.CharField(_("what it says"), max_length=12, choices=Stance)
    credibility = TermField("V-CRED", blank=False, verbose_name=_("credibility"))
    first_hand = models.BooleanField(_("first-hand"), default=False)
    note = SealedTextField(blank=True, verbose_name=_("note"))

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["element", "source"]
        constraints = [
            models.UniqueConstraint(
                name="one_word_of_a_source_on_an_element", fields=["element", "source"]
            ),
            models.CheckConstraint(name="stance_is_known", condition=Q(stance__in=Stance.values)),
        ]
        triggers = [codes_are_known(credibility="V-CRED")]

    def __str__(self) -> str:
        return f"{self.element} {self.stance}"
