"""What is due on a case, and when. Deadlines are rows; the beat only asks what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import clocks
from cases.models.case import Case
from cases.models.communication import Communication
from cases.models.noun import Noun, PartOfCase


class DeadlineKind(models.TextChoices):
    TRIAGE = "triage", _("Triage")
    DECIDE = "decide", _("Decide")
    RISK_REVIEW = "risk_review", _("Risk review")
    CONSENT_RENEWAL = "consent_renewal", _("Renew consent")
    CONTAINMENT = "containment", _("Contain a withdrawal")
    CLEARANCE = "clearance", _("Clear the letter")
    RESPONSE = "response", _("Reply of the State")
    EXTENSION = "extension", _("Answer the request for time")
    ASSESSMENT = "assessment", _("Assess the reply")
    FEEDBACK = "feedback", _("Tell the source")
    OUTCOME = "outcome", _("Update the outcome")


class DeadlineQuerySet(PartOfCase):
    def open(self) -> Self:
        return self.filter(met_at=None, cancelled_at=None)

    def running(self) -> Self:
        return self.open().filter(paused_at=None)

    def overdue(self, now: datetime) -> Self:
        return self.running().filter(due_at__lt=now)

    def soon(self, now: datetime) -> Self:
        """Due within the next days, however many of them are working days."""
        return self.running().filter(due_at__gte=now, due_at__lt=now + timedelta(days=9))


class Deadline(Noun):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=16, choices=DeadlineKind)
    communication = models.ForeignKey(
        Communication, null=True, blank=True, on_delete=models.CASCADE, related_name="deadlines"
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When somebody is to be reminded next; the sweep asks for nothing else.
    remind_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="deadline_open_by_due",
                condition=Q(met_at=None, cancelled_at=None, paused_at=None),
            ),
            models.Index(
                fields=["remind_at", "id"],
                name="deadline_to_remind_of",
                condition=Q(met_at=None, cancelled_at=None, paused_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="deadline_kind_is_known", condition=Q(kind__in=DeadlineKind.values)
            ),
            models.CheckConstraint(
                name="deadline_is_met_or_cancelled_not_both",
                condition=Q(met_at=None) | Q(cancelled_at=None),
            ),
            models.UniqueConstraint(
                name="one_open_deadline_of_a_kind",
                fields=["case", "kind", "communication"],
                condition=Q(met_at=None, cancelled_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"

    @property
    def state(self) -> str:
        return clocks.state_of(
            self.due_at, timezone.now(), met_at=self.met_at, paused_at=self.paused_at
        )

    @property
    def label(self) -> str:
        return clocks.in_words(
            self.due_at, timezone.now(), met_at=self.met_at, paused_at=self.paused_at
        )
