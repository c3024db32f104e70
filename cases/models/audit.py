"""What happened, by whom, when: written once, for ever, without foreign keys.

No foreign keys, so that nothing that is deleted can touch what was done with it. PostgreSQL chains
the rows (docs/adr/0015) and refuses that one is changed, deleted or the table emptied: migration
`the_audit_is_chained`. The id is made here, so that a door which may write and not read needs no
answer from the database.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class Audit(models.QuerySet["AuditEvent"]):
    def refusals(self) -> Self:
        return self.filter(verb__startswith="refused")

    def holds(self) -> Self:
        """Where an account was shown as much as one may be: cases/looks.py."""
        return self.filter(verb="refused_as_too_much")

    def reads_of(self, *people: User) -> Self:
        """What these people were shown: cases, letters, names, files, lists."""
        looks = self.filter(actor__in=[person.pk for person in people], read=True)
        return looks.exclude(verb__startswith="refused")


class AuditEvent(models.Model):
    """`detail` holds codes and ids, never a text, a name or a search term.

    The trigger writes `lane`, `position`, `written_at` and `hash`, whatever the insert says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    door = models.CharField(max_length=12)
    actor = models.UUIDField(null=True, blank=True)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    case = models.UUIDField(null=True, blank=True)
    # Reads and refusals are kept with the writes but are no part of a case's timeline.
    read = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    lane = models.IntegerField(editable=False)
    position = models.BigIntegerField(editable=False)
    written_at = models.DateTimeField(editable=False)
    hash = models.BinaryField(editable=False)

    objects = Audit.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [
            models.Index(fields=["case", "-written_at", "-id"], name="audit_by_case"),
            models.Index(fields=["actor", "-written_at", "-id"], name="audit_by_actor"),
            models.Index(fields=["-written_at", "-id"], name="audit_by_time"),
            models.Index(fields=["verb", "-written_at"], name="audit_by_verb"),
            # The quota of names is counted from it at each opening.
            models.Index(
                fields=["actor", "at"], name="audit_of_names", condition=Q(verb="revealed")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lane", "position"], name="audit_lane_never_forks")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun}"
