"""An emergency lock shuts a person or an office out, until another person lifts it."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, Role, User
from cases.models.noun import Noun
from cases.vault import SealedTextField

# Who may pull the emergency brake, and for whom: see `LockQuerySet.visible_to`.
LOCKERS = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})


class LockQuerySet(models.QuerySet["Lock"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def visible_to(self, user: User) -> Self:
        """Administrators see all locks, reviewers those of their offices and their people."""
        if user.offices_with({Role.ADMINISTRATOR}):
            return self
        offices = user.offices_with({Role.REVIEWER})
        people = User.objects.filter(memberships__office__in=offices).values("pk")
        return self.filter(Q(office__in=offices) | Q(user__in=people))


class Lock(Noun):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="locks",
    )
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="locks"
    )
    reason = SealedTextField(verbose_name=_("reason"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(default=timezone.now, editable=False)
    lifting_reason = SealedTextField(blank=True, verbose_name=_("why it is lifted"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-locked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="lock_is_of_a_person_or_of_an_office",
                condition=Q(office=None, user__isnull=False) | Q(office__isnull=False, user=None),
            ),
            models.CheckConstraint(
                name="lock_lifted_at_goes_with_lifted_by",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="lock_is_lifted_by_a_second_person",
                condition=Q(lifted_by=None)
                | (~Q(lifted_by=F("locked_by")) & (Q(user=None) | ~Q(lifted_by=F("user")))),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(lifted_at=None), name="one_lock_of_a_person_in_force"
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(lifted_at=None),
                name="one_lock_of_an_office_in_force",
            ),
        ]
        triggers = [pgtrigger.Protect(name="locks_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.user or self.office)
