"""A case offered to another office for good: it changes hands only when that office accepts."""

from __future__ import annotations

from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, Role, User
from cases.models.noun import Noun, PartOfCase
from cases.vault import SealedTextField


class TransferAnswer(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TransferQuerySet(PartOfCase):
    def open(self) -> Self:
        return self.filter(answer="", expires_at__gt=timezone.now())

    def offered_to(self, user: User) -> Self:
        """What the offices of this person may accept: a label made of codes, no text, no name.

        Nothing of a case that a rule keeps them from.
        """
        desks = {Role.FOCAL_POINT, Role.REVIEWER}
        cases: Any = apps.get_model("cases", "Case")
        mine = self.open().filter(to_office__in=user.offices_with(desks))
        return mine.filter(case__in=cases.objects.open_to(user).values("pk"))


class Transfer(Noun):
    """`expires_at` ends the offer, not the transfer; what was accepted stays."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="transfers")
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="offered")
    reason = SealedTextField(verbose_name=_("why"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(verbose_name=_("the offer ends"))
    answer = models.CharField(max_length=10, choices=TransferAnswer, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "id"]
        indexes = [
            models.Index(
                fields=["to_office", "expires_at"],
                condition=Q(answer=""),
                name="transfer_open_by_office",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_answer_is_known",
                condition=Q(answer__in=["", *TransferAnswer.values]),
            ),
            models.CheckConstraint(
                name="transfer_is_answered_by_somebody_at_some_time",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="transfer_is_to_another_office", condition=~Q(to_office=F("from_office"))
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(answer=""), name="one_transfer_offered_at_a_time"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_transfer_that_is_answered_stays_as_it_is",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__answer=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.to_office}"
