"""What happened, by whom, when: written once, for ever, without foreign keys.

No foreign keys, so that nothing that is deleted can touch what was done with it.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """`detail` holds codes and ids, never a text, a name or a search term."""

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

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="audit_by_case"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="audit_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun}"
