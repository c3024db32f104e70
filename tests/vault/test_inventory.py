"""No text of a person lies in clear, unless it says here why it may."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from cases.models.fields import TermField, TermsField
from cases.vault import upkeep
from cases.vault.fields import SealedField

WORDS = (models.CharField, models.TextField, models.JSONField, ArrayField)
CODES = (SealedField, TermField, TermsField)
# What a digest or a type of file says is made by us.
MADE = ("digest", "sha256", "media_type")

# Read by everybody, published, about nobody.
REFERENCE = {"Term", "State", "CouncilTerm", "Mechanism", "CommunicationRule", "LetterTemplate"}
IN_CLEAR = {
    "Alias.word": "stands for a name in a letter that the State reads",
    "AuditEvent.detail": "codes and ids; tests/promises/test_nothing_in_clear.py",
    "AuditEvent.door": "a code",
    "AuditEvent.noun": "the name of a model",
    "AuditEvent.subject": "an id",
    "AuditEvent.verb": "a code",
    "Case.reference": "random, told to whoever may know of the case",
    "Consent.language": "the name of a language",
    "Consent.withheld": "codes",
    "CustodyEntry.note": "a code of ours",
    "Draft.path": "the address of a form: ids",
    "Evidence.language": "the name of a language",
    "IdentityRequest.code": "the pseudonym of a person: V-1",
    "NameIndex.made_by": "the name of a key",
    "NameIndex.tokens": "numbers that only the search ring can make: ADR 0011",
    "Notice.key": "ids",
    "Package.code": "random, told to the State",
    "PortalDraft.path": "the address of a form: ids",
    "Reply.language": "a code",
    "TextIndex.made_by": "the name of a key",
    "Tombstone.acts": "codes",
    "Tombstone.cooperation": "codes",
    "Tombstone.kind": "a code",
    "Tombstone.people": "numbers by kind, sex and age group",
    "Tombstone.verification": "a code",
    "TextIndex.tokens": "numbers that only the search ring can make: ADR 0011",
}
# Bytes that are no sealed text.
OTHER_BYTES = {("cases_auditevent", "hash")}


def words() -> set[str]:
    """Columns that take words of somebody's own: no codes to choose from, no reference data."""
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("cases").get_models()
        if model.__name__ not in REFERENCE
        for field in model._meta.local_concrete_fields
        if isinstance(field, WORDS) and not isinstance(field, CODES) and not field.choices
        if not field.name.endswith(MADE)
    }


def test_each_text_is_sealed_or_says_why_not():
    assert words() == set(IN_CLEAR)


def test_a_text_in_clear_would_be_found():
    class Open(models.Model):
        words = models.TextField()

        class Meta:
            app_label = "cases"

        def __str__(self):
            return ""

    try:
        assert "Open.words" in words()
    finally:
        del apps.all_models["cases"]["open"]
        apps.clear_cache()


@pytest.mark.django_db
def test_every_column_of_bytes_is_walked():
    """As the database has them, whatever the models say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type = 'bytea'"
            " AND table_name LIKE 'cases_%'"
        )
        columns = set(cursor.fetchall())
    walked = {
        (model._meta.db_table, field.column)
        for model in upkeep.nouns()
        for field in upkeep.sealed_fields(model)
    }

    assert len(walked) > 40
    assert columns - OTHER_BYTES == walked
