"""A mail we owe somebody. It says that something waits, and where to log in; nothing else."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.noun import Noun


class NoticeQuerySet(models.QuerySet["Notice"]):
    def owed(self) -> Self:
        return self.filter(sent_at=None)


class Notice(Noun):
    """Owed until `sent_at` is set. `key` says what for, so that nobody is told twice."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["recipient", "key"]),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="notice_owed", condition=Q(sent_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
