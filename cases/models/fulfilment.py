"""That what a person asked for is kept in one outward act: said by an officer, never assumed."""

from __future__ import annotations

from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.action import Action
from cases.models.assignment import Assignment
from cases.models.case import Case
from cases.models.communication import Communication
from cases.models.consent import Consent
from cases.models.noun import Part, PartOfCase
from cases.vault import SealedTextField


def _one_of(*names: str) -> Q:
    """Exactly one of these columns is filled."""
    ways = [Q(**{f"{name}__isnull": name != filled for name in names}) for filled in names]
    return reduce(or_, ways)


class Fulfilment(Part):
    """The conditions of one answer are met in one letter, assignment or public action, or before
    one guest.

    In a letter it holds for the exact text whose SHA-256 is `digest`: a change of the text ends
    it, as it ends an endorsement. A new answer of the person ends it too, being another row.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="fulfilments")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="fulfilments")
    communication = models.ForeignKey(
        Communication, null=True, on_delete=models.CASCADE, related_name="fulfilments"
    )
    digest = models.CharField(max_length=64, blank=True)
    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.CASCADE, related_name="fulfilments"
    )
    action = models.ForeignKey(
        Action, null=True, on_delete=models.CASCADE, related_name="fulfilments"
    )
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    words = SealedTextField(verbose_name=_("how they are met"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartOfCase.as_manager()

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="fulfilment_is_for_one_act",
                condition=_one_of("communication", "assignment", "action", "guest")
                & (
                    Q(communication=None, digest="")
                    | Q(communication__isnull=False) & ~Q(digest="")
                ),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="fulfilment_is_written_once", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.consent_id}"
