"""What a State says or is known to have done: an investigation, a release, a law (OP3, OP8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import EditablePart
from cases.models.reply import Reply
from cases.models.state import State
from cases.vault import SealedTextField

if TYPE_CHECKING:
    from accounts.models import User


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        """Measures of no single case belong to the State's record, open to who reads cases."""
        cases = Case.objects.visible_to(user)
        general = Q(case=None, state__in=cases.values("state"))
        return self.filter(general | Q(case__in=cases.values("pk")))


class Measure(Searched, EditablePart):
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="measures")
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="measures"
    )
    reply = models.ForeignKey(
        Reply, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    kind = TermField("V-MEAS", blank=False, verbose_name=_("measure"))
    taken_on = models.DateField(_("date"), null=True, blank=True)
    body = SealedTextField(blank=True, verbose_name=_("by which body"))
    description = SealedTextField(blank=True, verbose_name=_("what was done"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_on", "-recorded_at"]
        triggers = [codes_are_known(kind="V-MEAS")]

    def __str__(self) -> str:
        return self.kind
