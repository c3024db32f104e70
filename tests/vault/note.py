"""A noun of these tests alone: its app is not installed, its table lives for a transaction."""

import uuid

from django.db import connection, models
from django.db.models import Q

from cases.vault import Ring, SealedJSONField, SealedQuerySet, SealedTextField

TEXT = "What was done to her — أمل — and by whom"


class Note(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, blank=True)
    narrative = SealedTextField(blank=True, max_length=200)
    answer = SealedTextField(ring=Ring.PORTAL, blank=True)
    content = SealedJSONField(blank=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        app_label = "vault_tests"
        constraints = [
            models.CheckConstraint(
                name="closed_note_has_a_narrative",
                condition=~Q(kind="closed") | Q(narrative__blank=False),
            )
        ]

    def __str__(self):
        return self.kind


def stored(note, column="narrative") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {column} from vault_tests_note where id = %s",  # noqa: S608
            [note.pk],
        )
        return bytes(cursor.fetchone()[0])


def loaded(note) -> Note:
    return Note.objects.get(pk=note.pk)
