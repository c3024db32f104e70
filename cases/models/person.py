"""A person whom an act is alleged against: an individual, a group or an organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, TermsField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, Numbered, PartOfCase
from cases.vault import SealedTextField
from cases.vocabulary import PersonKind

LETTER_OF_KIND = {PersonKind.INDIVIDUAL: "V", PersonKind.GROUP: "G", PersonKind.ORGANISATION: "O"}


class Person(Searched, Numbered, EditablePart):
    """Coded attributes only; whatever names or finds the person is the Identity's."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="persons")
    kind = models.CharField(_("kind"), max_length=12, choices=PersonKind, default="individual")
    sex = TermField("V-DEMOG-SEX", verbose_name=_("sex or gender"))
    age = TermField("V-DEMOG-AGE", verbose_name=_("age group"))
    roles = TermsField("V-VICTIM", verbose_name=_("role"))
    vulnerabilities = TermsField("V-DEMOG-VULN", blank=True, verbose_name=_("at special risk"))
    gender_dimensions = TermsField("V-DEMOG-GENDER", blank=True, verbose_name=_("gender dimension"))
    # OP4 (a)-(d): which protected class makes this a matter of the resolution.
    protected_class = TermField("V-CLASS", verbose_name=_("protected class"))
    size = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    related_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="relatives",
        verbose_name=_("related to"),
    )
    description = SealedTextField(blank=True, verbose_name=_("description without a name"))

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_number_for_one_person", fields=["case", "number"]),
            models.CheckConstraint(
                name="person_kind_is_known", condition=Q(kind__in=PersonKind.values)
            ),
            models.CheckConstraint(
                name="person_size_is_of_a_group",
                condition=Q(size=None) | ~Q(kind=PersonKind.INDIVIDUAL),
            ),
            models.CheckConstraint(
                name="person_is_not_related_to_itself",
                condition=Q(related_to=None) | ~Q(related_to=F("id")),
            ),
        ]
        triggers = [
            codes_are_known(
                sex="V-DEMOG-SEX",
                age="V-DEMOG-AGE",
                roles="V-VICTIM",
                vulnerabilities="V-DEMOG-VULN",
                gender_dimensions="V-DEMOG-GENDER",
                protected_class="V-CLASS",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What the house calls this person: V-1 an individual, G-2 a group, O-3 an organisation."""
        return f"{LETTER_OF_KIND[PersonKind(self.kind)]}-{self.number}"
