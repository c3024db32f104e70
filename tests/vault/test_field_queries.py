"""What a query may do with a sealed column, and every road by which a text could get out."""

import copy
import pickle

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from cases.vault import (
    NotSealable,
    Sealed,
)
from tests.vault.note import TEXT, Note, loaded, stored

pytestmark = pytest.mark.usefixtures("table")


# Bulk and queries ------------------------------------------------------------------------------


def test_many_rows_are_created_and_updated_at_once():
    notes = Note.objects.bulk_create([Note(narrative=f"text {n}") for n in range(30)])
    unread = list(Note.objects.order_by("id"))
    for n, note in enumerate(notes):
        note.narrative, note.content = f"new {n}", {"n": n}

    Note.objects.bulk_update(notes, ["narrative", "content"], batch_size=7)
    Note.objects.bulk_update(unread[:0], ["narrative"])

    assert [loaded(note).narrative for note in notes] == [f"new {n}" for n in range(30)]
    assert loaded(notes[3]).content == {"n": 3}


def test_a_bulk_update_opens_nothing(note, settings):
    before, again = stored(note), loaded(note)
    settings.KEY_RINGS = {}
    again.kind = "sent"

    Note.objects.bulk_update([again], ["kind", "narrative"])

    assert (loaded(note).kind, stored(note)) == ("sent", before)


@pytest.mark.parametrize(
    "value", ["text", b"bytes", {"a": 1}, F("kind"), F("content"), Value(""), Concat("kind", "id")]
)
def test_a_query_never_sets_a_text(note, value):
    before = stored(note)

    with pytest.raises((NotSealable, FieldError)), transaction.atomic():
        Note.objects.update(narrative=value)

    assert stored(note) == before


def test_an_expression_is_never_assigned(note):
    with pytest.raises(NotSealable, match="computed"):
        note.narrative = F("kind")


@pytest.mark.parametrize(
    "lookup", ["narrative", "narrative__contains", "narrative__isnull", "narrative__length__gt"]
)
def test_a_text_cannot_be_searched(lookup):
    with pytest.raises(FieldError, match="sealed"):
        Note.objects.filter(**{lookup: "her"})


def test_whether_there_is_a_text_can_be_asked_without_a_ring(note, settings):
    empty = Note.objects.create()
    settings.KEY_RINGS = {}

    assert Note.objects.get(narrative__blank=True) == empty
    assert Note.objects.get(narrative__blank=False) == note


def test_a_constraint_may_ask_for_a_text(note):
    note.kind = "closed"
    note.save()

    with pytest.raises(IntegrityError, match="closed_note_has_a_narrative"):
        Note.objects.create(kind="closed")


def test_validating_a_constraint_does_not_send_the_text(note):
    note.kind = "closed"
    with CaptureQueriesContext(connection) as captured:
        note.full_clean()
    assert captured.captured_queries
    assert TEXT not in str(captured.captured_queries)

    note.narrative = ""
    with pytest.raises(ValidationError, match="closed_note_has_a_narrative"):
        note.full_clean()


def test_values_show_nothing(note):
    as_dict = Note.objects.values("narrative").get(pk=note.pk)
    (as_tuple,) = Note.objects.values_list("content", flat=True)
    annotated = Note.objects.annotate(other=F("narrative")).get(pk=note.pk)

    for value in (as_dict["narrative"], as_tuple, annotated.other):
        assert isinstance(value, Sealed)
        assert (repr(value), str(value), f"{value}", bool(value)) == (
            "<Sealed>",
            "[sealed]",
            "[sealed]",
            True,
        )


# No way out in clear ---------------------------------------------------------------------------


def test_nothing_that_prints_an_instance_shows_a_text(note):
    note.narrative += " more"

    assert TEXT not in f"{note!r} {note} {note.__dict__} {vars(loaded(note))}"


def test_a_pickle_holds_the_sealed_form_or_refuses(note):
    again = loaded(note)
    assert again.narrative == TEXT

    content = pickle.dumps(again.__dict__)
    copied = Note(id=note.pk)
    copied.__dict__.update(pickle.loads(content))  # noqa: S301

    assert TEXT.encode() not in content
    assert copied.narrative == TEXT
    again.narrative = "not saved"
    with pytest.raises(NotSealable, match="pickled"):
        pickle.dumps(again)


def test_a_copy_in_memory_is_a_copy(note):
    deep = Note(id=note.pk)
    deep.__dict__.update(copy.deepcopy(note.__dict__))
    deep.content["name"] = "other"

    assert (note.content, deep.narrative) == ({"name": TEXT}, TEXT)


@pytest.mark.parametrize("kind", ["json", "python", "xml", "jsonl"])
def test_a_serializer_leaves_the_text_out(note, kind):
    text = str(serializers.serialize(kind, [note]))

    assert "draft" in text
    assert "narrative" not in text
    with pytest.raises(NotSealable):
        note._meta.get_field("narrative").value_to_string(note)
