"""What somebody typed into a search: sealed, theirs alone, and soon gone.

The address of a list names the row of it, so that no typed word stands in an address, a history
or a log.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.noun import Noun
from cases.vault import SealedTextField

if TYPE_CHECKING:
    from accounts.models import User

KEPT_FOR = timedelta(days=1)


class SearchQuerySet(models.QuerySet["Search"]):
    def of(self, user: User) -> Self:
        """Those that this person made and may still come back to."""
        return self.filter(user=user, made_at__gte=timezone.now() - KEPT_FOR)

    def over(self) -> Self:
        return self.filter(made_at__lt=timezone.now() - KEPT_FOR)


class Search(Noun):
    """`people`: whether names were looked through as well."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = SealedTextField()
    people = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "searches"
        indexes = [models.Index(fields=["user", "-made_at"], name="search_by_user")]

    def __str__(self) -> str:
        return str(self.pk)
