"""What people type: taken in any script, refused in plain words, never lost."""

from datetime import date

import pytest
import time_machine
from django import forms
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from cases.forms import DayField, FileInput, Form, ModelForm, PlainTextField, Versioned, plain


class OneForm(Versioned, Form):
    title = PlainTextField(label="Title", one_line=True, max_length=20)
    story = PlainTextField(label="Story", max_length=10, required=False)
    on = DayField(label="On", required=False)
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )


def filled(**fields):
    return OneForm({"version": 1, "title": "x", "kinds": ["a"], **fields})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("3 Nov 2026", date(2026, 11, 3)),
        (" 3  november 2026 ", date(2026, 11, 3)),
        ("3. Nov. 2026", date(2026, 11, 3)),
        ("3 Sept 2026", date(2026, 9, 3)),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, meant):
    form = filled(on=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == meant


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_read_as_the_language_of_the_page_writes_it(language, month):
    with translation.override(language):
        form = filled(on=date_format(date(2026, month, 3)))
        assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, month, 3)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("31 Nov 2026", "31 November 2026 does not exist."),
        ("2026-02-30", "30 February 2026 does not exist."),
        ("2026-13-01", "Write the day like 3 Nov 2026."),
        ("3/11/2026", "Write the day like 3 Nov 2026."),
        ("0 Nov 2026", "0 November 2026 does not exist."),
        ("soon", "Write the day like 3 Nov 2026."),
    ],
)
def test_an_impossible_day_is_named(typed, told):
    assert filled(on=typed).errors["on"] == [told]


@time_machine.travel("2026-11-24T12:00:00Z")
def test_a_day_that_must_have_been_is_not_to_come():
    field = DayField(past_only=True)

    assert field.clean("24 Nov 2026") == date(2026, 11, 24)
    with pytest.raises(forms.ValidationError, match="still to come"):
        field.clean("25 Nov 2026")


def test_an_impossible_day_stays_on_the_page_to_be_mended():
    wrong, right = filled(on="31 Nov 2026"), filled(on="2026-11-03")

    assert 'type="text"' in str(wrong["on"]) and 'value="31 Nov 2026"' in str(wrong["on"])
    assert 'type="date"' in str(right["on"])


@given(st.text())
def test_plain_text_keeps_every_script_and_no_control_character(text):
    kept = plain(text)

    assert not {c for c in kept if (c < " " and c not in "\n\t") or "\x7f" <= c < "\xa0"}
    assert plain(kept) == kept


def test_plain_text_keeps_markup_as_characters_and_mends_line_ends():
    assert plain("<b>a</b>\r\nb\x00\rc") == "<b>a</b>\nb\nc"
    assert plain("محامية 王 Ἀθήνα") == "محامية 王 Ἀθήνα"
    assert plain("a\n  b", one_line=True) == "a b"


def test_a_text_too_long_says_by_how_much():
    assert filled(story="x" * 12).errors["story"] == ["Too long by 2 characters; at most 10 fit."]
    assert filled(story="王" * 10).is_valid()


def test_what_is_missing_is_said_as_one_would_say_it():
    form = OneForm({"version": 1})

    assert form.errors == {"title": ["Fill this in."], "kinds": ["Choose at least one."]}


def test_a_form_without_its_version_is_not_taken():
    form = OneForm({"title": "x", "kinds": ["a"]})

    assert form.errors == {"version": ["Reload the page and try again."]}


def test_controls_ask_the_browser_for_nothing():
    assert "required" not in str(OneForm()["title"])


def test_a_field_draws_itself_with_the_part_of_the_house():
    assert 'class="r-field"' in OneForm()["title"].as_field_group()


def test_a_file_field_never_offers_to_clear():
    class FileForm(Form):
        file = forms.FileField(widget=FileInput(".pdf"), required=False)

    drawn = str(FileForm(initial={"file": "held.pdf"})["file"])

    assert 'accept=".pdf"' in drawn
    assert "checkbox" not in drawn


def test_forms_of_models_speak_the_same():
    assert ModelForm.default_renderer is Form.default_renderer
