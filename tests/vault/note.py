"""A noun of these tests alone: its app is not installed, its table lives for a transaction."""

import uuid

from django.db import connection, models
from django.db.models import Q

from cases.models.noun import Editable
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


class Paper(Editable):
    """A noun with a version, as people edit it."""

    kind = models.CharField(max_length=20, blank=True)
    narrative = SealedTextField(blank=True)
    summary = SealedTextField(blank=True)

    objects = models.Manager["Paper"]()

    class Meta:
        app_label = "vault_tests"

    def __str__(self):
        return self.kind


def stored(row, column="narrative") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {column} from {row._meta.db_table} where id = %s",  # noqa: S608
            [row.pk],
        )
        return bytes(cursor.fetchone()[0])


def put(row, content, column="narrative"):
    """As somebody does who writes to the database and has no key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {row._meta.db_table} set {column} = %s where id = %s",  # noqa: S608
            [content, row.pk],
        )


def loaded(row):
    return type(row)._default_manager.get(pk=row.pk)
