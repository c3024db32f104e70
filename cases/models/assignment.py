"""Who works on a case beside its office: another office, or one person, until an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from cases.models.noun import Noun, PartOfCase
from cases.vault import SealedTextField


class Duty(models.TextChoices):
    LEAD = "lead", _("Leads the case")
    SUPPORT = "support", _("Works on the case")
    REVIEW = "review", _("Second pair of eyes")
    LETTER = "letter", _("Writes to the State")


class AssignmentQuerySet(PartOfCase):
    def in_force(self) -> Self:
        ends = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(ends, ended_at=None)

    def to(self, user: User, offices: Sequence[UUID]) -> Self:
        return self.filter(Q(user=user) | Q(office__in=offices))


class Assignment(Noun):
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assignments")
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    duty = models.CharField(max_length=10, choices=Duty)
    reason = SealedTextField(blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="assignment_is_to_an_office_or_to_a_person",
                condition=Q(office=None, user__isnull=False) | Q(office__isnull=False, user=None),
            ),
            models.CheckConstraint(
                name="assignment_expires_after_it_was_given",
                condition=Q(expires_at=None) | Q(expires_at__gt=F("given_at")),
            ),
            models.CheckConstraint(
                name="assignment_ended_at_goes_with_ended_by",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_assignment_of_a_duty_to_an_office",
                fields=["case", "office", "duty"],
                condition=Q(ended_at=None, office__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_assignment_of_a_duty_to_a_person",
                fields=["case", "user", "duty"],
                condition=Q(ended_at=None, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()}: {self.office or self.user}"
