"""Who told us, or what: never part of anything that leaves the house."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Numbered, PartOfCase
from cases.vault import SealedTextField
from cases.vocabulary import Reliability


class Source(Searched, Numbered, EditablePart):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sources")
    kind = TermField("V-SRC", blank=False, verbose_name=_("kind of source"))
    connection = TermField("V-SRC-CONN", blank=False, verbose_name=_("how it knows"))
    reliability = TermField("V-REL", default=Reliability.F, verbose_name=_("reliability"))
    independent_of = models.ManyToManyField(
        "self", blank=True, symmetrical=True, verbose_name=_("independent of")
    )
    description = SealedTextField(blank=True, verbose_name=_("description without a name"))

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_number_for_one_source", fields=["case", "number"])
        ]
        triggers = [
            codes_are_known(kind="V-SRC", connection="V-SRC-CONN", reliability="V-REL"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"S-{self.number}"
