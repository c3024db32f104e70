"""Typed but not yet saved: nothing a person writes in a form is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.noun import Noun
from cases.vault import Ring, SealedJSONField

KEPT_FOR = timedelta(days=14)


class TypedQuerySet(models.QuerySet[Any]):
    def over(self) -> Self:
        """Nobody came back for it in time."""
        return self.filter(saved_at__lt=timezone.now() - KEPT_FOR)


class _Typed(Noun):
    """The fields of one form, at one address, as one person left them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    saved_at = models.DateTimeField(auto_now=True)

    objects = TypedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.path


class Draft(_Typed):
    content = SealedJSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_draft_of_a_form", fields=["user", "path"])]


class PortalDraft(_Typed):
    """The same at the portal's door, under the portal's keys."""

    content = SealedJSONField(ring=Ring.PORTAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_portal_draft_of_a_form", fields=["user", "path"])
        ]
