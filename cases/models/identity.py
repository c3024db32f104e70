"""Who a person or a source really is. Apart from the case; opened through services alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case
from cases.models.noun import Editable
from cases.models.person import Person
from cases.models.source import Source
from cases.vault import SealedJSONField

if TYPE_CHECKING:
    from accounts.models import User


class IdentityQuerySet(models.QuerySet["Identity"]):
    def visible_to(self, user: User) -> Self:
        """That an identity is kept, never what it holds: that takes `services.identities`."""
        cases = Case.objects.visible_to(user).values("pk")
        return self.filter(Q(person__case__in=cases) | Q(source__case__in=cases))


class Identity(Editable):
    """Names, ways to reach the person, documents: one sealed whole.

    `content` holds the keys of FIELDS, each a text. Nothing in it is ever a column of its own.
    """

    FIELDS = ("name", "name_latin", "other_names", "contact", "safe_contact", "documents", "notes")

    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="identity"
    )
    source = models.OneToOneField(
        Source, null=True, blank=True, on_delete=models.CASCADE, related_name="identity"
    )
    content = SealedJSONField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    kept_at = models.DateTimeField(default=timezone.now)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.CheckConstraint(
                name="identity_is_of_a_person_or_of_a_source",
                condition=Q(person=None, source__isnull=False)
                | Q(person__isnull=False, source=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def subject(self) -> Person | Source:
        return self.person or cast(Source, self.source)
