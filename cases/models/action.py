"""What the United Nations did about a case: a call, a statement, protection, a letter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from cases.models.case import Case
from cases.models.communication import Communication
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart, PartOfCase
from cases.models.person import Person
from cases.vault import SealedTextField


class Action(Searched, EditablePart):
    """A response (V-ACTION) or a protective one (V-PROT), public or quiet."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="actions")
    kind = TermField("V-ACTION", verbose_name=_("response"))
    protection = TermField("V-PROT", verbose_name=_("protective action"))
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("by which office")
    )
    communication = models.OneToOneField(
        Communication, null=True, blank=True, on_delete=models.PROTECT, related_name="action"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    public = models.BooleanField(_("public"), default=False)
    named = models.ManyToManyField(
        Person, blank=True, related_name="named_in", verbose_name=_("who is named in it")
    )
    planned_for = models.DateField(_("planned for"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    description = SealedTextField(blank=True, verbose_name=_("what was done"))
    outcome = SealedTextField(blank=True, verbose_name=_("what came of it"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = [F("done_on").desc(nulls_first=True), "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="action_is_a_response_or_a_protection",
                condition=(Q(kind="") & ~Q(protection="")) | (~Q(kind="") & Q(protection="")),
            )
        ]
        triggers = [codes_are_known(kind="V-ACTION", protection="V-PROT")]

    def __str__(self) -> str:
        return self.kind or self.protection
