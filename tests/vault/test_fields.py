"""Sealed fields: plain Python on the instance, ciphertext in the column, nothing in between."""

import uuid

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy

from cases.vault import (
    NotSealable,
    RingMissing,
    Sealed,
    SealedTextField,
    Tampered,
)
from cases.vault.fields import SealedField
from tests.vault.conftest import NEW, OLD, PORTAL
from tests.vault.note import TEXT, Note, loaded, stored

pytestmark = pytest.mark.usefixtures("table")


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["kind", "narrative", "content"]


# There and back ---------------------------------------------------------------------------------


def test_a_text_is_plain_on_the_instance_and_sealed_in_the_column(note):
    again = loaded(note)

    assert (again.narrative, again.answer, again.content) == (TEXT, "yes", {"name": TEXT})
    assert type(again.narrative) is str
    for column in ("narrative", "content"):
        assert TEXT.encode() not in stored(note, column)
        assert len(stored(note, column)) > len(TEXT.encode()) + 70


def test_nothing_written_is_stored_as_nothing_and_needs_no_ring(settings):
    settings.KEY_RINGS = {}

    note = Note.objects.create()

    assert stored(note) == stored(note, "content") == b""
    assert (loaded(note).narrative, loaded(note).content) == ("", {})


def test_a_default_record_is_not_shared():
    one, other = Note(), Note()
    one.content["name"] = "hers"

    assert other.content == {}


def test_a_record_changed_in_place_is_saved(note):
    again = loaded(note)
    again.content["born"] = "1980"
    again.save()

    assert loaded(note).content == {"name": TEXT, "born": "1980"}


def test_a_lazy_text_is_saved_as_it_reads_now():
    note = Note.objects.create(narrative=gettext_lazy("Arabic"))

    assert loaded(note).narrative == "Arabic"


def test_a_text_needs_the_id_of_its_row():
    note = Note(narrative=TEXT, pk=None)
    note.pk = None

    with pytest.raises(NotSealable, match="no id yet"):
        note._meta.get_field("narrative").pre_save(note, add=True)


def test_none_is_not_a_text(note):
    note.narrative = None

    with pytest.raises(NotSealable, match="no value"):
        note.save()


# Opened late, written back as it was -----------------------------------------------------------


def test_saving_another_field_leaves_the_ciphertext_alone_and_needs_no_ring(note, settings):
    before = stored(note)
    settings.KEY_RINGS = {}
    again = loaded(note)
    again.kind = "sent"
    again.save()
    again.refresh_from_db()

    assert again.kind == "sent"
    assert stored(note) == before
    with pytest.raises(RingMissing):
        _text = again.narrative


def test_reading_and_setting_the_same_text_does_not_seal_it_anew(note):
    before = stored(note), stored(note, "content")
    again = loaded(note)
    again.narrative = str(again.narrative)
    again.content = dict(again.content)
    again.save()

    assert (stored(note), stored(note, "content")) == before


def test_a_changed_text_is_sealed_anew_also_with_update_fields(note):
    before = stored(note)
    again = loaded(note)
    again.narrative = "changed"
    again.save(update_fields=["narrative"])

    assert stored(note) != before
    assert loaded(note).narrative == "changed"


def test_a_rotation_reads_with_the_old_key_and_writes_with_the_new(note, settings):
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}", "portal": PORTAL}
    again = loaded(note)
    again.narrative += "!"
    again.save()

    settings.KEY_RINGS = {"vault": NEW, "portal": PORTAL}
    assert loaded(note).narrative == f"{TEXT}!"


def test_the_portal_opens_what_is_for_the_portal_only(note, settings):
    settings.KEY_RINGS = {"portal": PORTAL}
    again = loaded(note)

    assert again.answer == "yes"
    with pytest.raises(RingMissing):
        _text = again.narrative


def test_a_deferred_text_is_fetched_and_opened_when_read(note, django_assert_num_queries):
    for again in (
        Note.objects.defer("narrative").get(pk=note.pk),
        Note.objects.only("kind").get(pk=note.pk),
    ):
        assert "narrative" in again.get_deferred_fields()
        with django_assert_num_queries(1):
            assert again.narrative == TEXT
            assert again.narrative == TEXT


def test_a_deferred_text_is_not_touched_by_a_save(note, settings):
    before = stored(note)
    again = Note.objects.only("kind").get(pk=note.pk)
    settings.KEY_RINGS = {}
    again.kind = "sent"
    again.save()

    assert stored(note) == before


def test_refreshing_brings_the_text_of_another_writer_unopened(note, settings):
    again = loaded(note)
    again.narrative = "typed, not saved"
    other = loaded(note)
    other.narrative = "theirs"
    other.save()

    again.refresh_from_db(fields=["narrative"])

    assert isinstance(again.__dict__["narrative"], Sealed)
    assert again.narrative == "theirs"


# Bound to its place ----------------------------------------------------------------------------


def test_a_text_copied_to_another_row_or_column_by_sql_is_refused(note):
    other = Note.objects.create(narrative="other")
    with connection.cursor() as cursor:
        cursor.execute("update vault_tests_note set narrative = %s", [stored(note)])
        cursor.execute("update vault_tests_note set content = narrative")

    assert loaded(note).narrative == TEXT
    with pytest.raises(Tampered):
        _text = loaded(other).narrative
    with pytest.raises(Tampered):
        _record = loaded(note).content


def test_a_row_copied_under_a_new_id_is_refused_unread_and_sealed_anew_when_read(note):
    unread, read = loaded(note), loaded(note)
    assert (read.narrative, read.answer, read.content) == (TEXT, "yes", {"name": TEXT})
    for row in (unread, read):
        row.pk, row._state.adding = uuid.uuid4(), True

    with pytest.raises(NotSealable, match="another row"), transaction.atomic():
        unread.save()
    read.save()
    assert loaded(read).narrative == loaded(note).narrative == TEXT
    assert stored(read) != stored(note)


def test_a_ciphertext_from_elsewhere_cannot_be_assigned(note):
    row = Note.objects.values("narrative").get(pk=note.pk)
    other = Note.objects.create(narrative="other")

    with pytest.raises(NotSealable, match="sealed elsewhere"):
        other.narrative = row["narrative"]
    with pytest.raises(NotSealable, match="another row"):
        Note.objects.create(narrative=row["narrative"])


def test_an_id_given_as_text_is_the_same_row():
    row = uuid.uuid4()
    Note(pk=str(row).upper(), narrative=TEXT).save()

    assert Note.objects.get(pk=row).narrative == TEXT


# Forms and validation --------------------------------------------------------------------------


def test_a_model_form_reads_and_writes_clear_text(note):
    form = NoteForm({"kind": "sent", "narrative": "typed", "content": '{"a": 1}'}, instance=note)

    assert isinstance(form.fields["narrative"].widget, forms.Textarea)
    assert NoteForm(instance=note).initial["narrative"] == TEXT
    assert form.is_valid(), form.errors
    form.save()
    assert (loaded(note).narrative, loaded(note).content) == ("typed", {"a": 1})
    assert model_to_dict(loaded(note))["narrative"] == "typed"


def test_an_emptied_form_empties_the_text(note):
    form = NoteForm({"kind": "sent", "narrative": "", "content": ""}, instance=note)

    assert form.is_valid(), form.errors
    form.save()
    assert (loaded(note).narrative, loaded(note).content) == ("", {})


def test_full_clean_checks_the_clear_text(note):
    note.narrative = "x" * 201
    with pytest.raises(ValidationError) as refused:
        note.full_clean()
    assert set(refused.value.message_dict) == {"narrative"}

    note.narrative, note.content = "short", ["not", "a", "record"]
    with pytest.raises(ValidationError) as refused:
        note.full_clean()
    assert set(refused.value.message_dict) == {"content"}


def test_full_clean_asks_for_a_text_that_must_be_there():
    field = SealedTextField()

    with pytest.raises(ValidationError, match="blank"):
        field.clean("", None)
    assert field.clean("x", None) == "x"


def test_cleaning_does_not_seal_anew(note):
    before = stored(note)
    again = loaded(note)
    again.full_clean()
    again.save()

    assert stored(note) == before


# As migrations and checks see it ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["narrative", "answer", "content"])
def test_a_migration_keeps_the_ring_and_nothing_else(name):
    field = Note._meta.get_field(name)
    _name, path, args, kwargs = field.deconstruct()

    again = type(field)(*args, **kwargs)

    assert path.startswith("cases.vault.fields.Sealed")
    assert again.deconstruct()[1:] == (path, args, kwargs)
    assert again.ring == field.ring
    assert "serialize" not in kwargs
    assert kwargs.get("ring", "vault") == field.ring.value


def test_a_text_column_can_be_added_to_rows_that_exist(note):
    with connection.schema_editor() as editor:
        late = SealedTextField(blank=True, default="")
        late.set_attributes_from_name("late")
        late.model = Note
        editor.add_field(Note, late)

    assert stored(note, "late") == b""


def test_checks_refuse_what_cannot_hold():
    class Wrong(models.Model):
        text = SealedTextField(null=True, unique=True)

        class Meta:
            app_label = "vault_tests"

        def __str__(self):
            return ""

    said = " ".join(error.msg for error in Wrong._meta.get_field("text").check())

    assert "null" in said
    assert "unique" in said
    assert "primary key" in said
    assert not [e for f in Note._meta.fields if isinstance(f, SealedField) for e in f.check()]
