"""The ledger of what each person allowed: entries are added, never changed."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import Part, PartOfCase
from cases.models.person import Person
from cases.models.source import Source
from cases.vault import SealedTextField
from cases.vocabulary import BY_NAME, GRANTING, ConsentStatus, DataClass


class Consent(Searched, Part):
    """One answer of one person on one use (V-CONSENT-SCOPE); the latest entry is in force."""

    past_days = ("given_on",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="consents", verbose_name=_("person")
    )
    scope = TermField("V-CONSENT-SCOPE", blank=False, verbose_name=_("what for"))
    status = TermField("V-CONSENT-STATUS", blank=False, verbose_name=_("answer"))
    # Classes of data the person keeps back under this use, even where it is granted.
    withheld = ArrayField(
        models.CharField(max_length=12, choices=DataClass),
        default=list,
        blank=True,
        verbose_name=_("kept back"),
    )
    conditions = SealedTextField(blank=True, verbose_name=_("conditions"))
    given_through = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("given through"),
    )
    explanation = SealedTextField(blank=True, verbose_name=_("how the risks were explained"))
    # Any language, also one that the interface does not speak.
    language = models.CharField(_("in which language"), max_length=40, blank=True)
    witness = SealedTextField(blank=True, verbose_name=_("who witnessed it"))
    given_on = models.DateField(_("date of the answer"), default=timezone.localdate)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # The letters, not yet sent, that this answer took back to their drafters.
    reopened = models.ManyToManyField(
        "cases.Communication", related_name="reopened_by", editable=False
    )

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [
            models.Index(fields=["person", "scope", "-recorded_at"], name="consent_in_force")
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_says_what_for_and_what",
                condition=~Q(scope="") & ~Q(status=""),
            ),
            models.CheckConstraint(
                name="consent_does_not_end_before_it_is_given",
                condition=Q(expires_on=None) | Q(expires_on__gte=F("given_on")),
            ),
        ]
        triggers = [
            codes_are_known(scope="V-CONSENT-SCOPE", status="V-CONSENT-STATUS"),
            pgtrigger.Protect(name="consent_is_written_once", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.status}"

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.status == ConsentStatus.CONDITIONS and not self.conditions:
            wrong["conditions"] = gettext("Write the conditions.")
        if self.status not in GRANTING:
            limits = [name for name in ("withheld", "expires_on") if getattr(self, name)]
            words = gettext("Only for an answer that allows something.")
            wrong |= dict.fromkeys(limits, words)
        elif self.scope in BY_NAME and DataClass.NAME in self.withheld:
            words = gettext("With the name kept back, record the use without name instead.")
            wrong["withheld"] = words
        if wrong:
            raise ValidationError(wrong)
