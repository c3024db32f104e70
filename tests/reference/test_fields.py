from datetime import date

import pgtrigger
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from django.utils.translation import override

from cases.models.fields import TermField, TermsField, codes_are_known
from cases.models.mechanism import Mechanism
from cases.models.term import Term, forget_terms


@pytest.fixture
def sample(db):
    """A table with both kinds of field, for as long as the test."""
    for order, code in enumerate(("RED", "BLUE", "GREEN"), 1):
        Term.objects.create(
            vocabulary="V-TEST", code=code, order=order, labels={"en": code.title(), "fr": "X"}
        )
    with isolate_apps("cases"):

        class Sample(models.Model):
            one = TermField("V-TEST", blank=False)
            other = TermField("V-TEST")
            many = TermsField("V-TEST")

            class Meta:
                app_label = "cases"

            def __str__(self) -> str:
                return self.one

        with connection.schema_editor() as editor:
            editor.create_model(Sample)
        codes_are_known(one="V-TEST", other="V-TEST", many="V-TEST").install(Sample)
        yield Sample


def retire(code: str) -> None:
    Term.objects.filter(code=code).update(valid_to=date(2000, 1, 1))
    forget_terms()


def form_for(model) -> type[forms.ModelForm]:
    return forms.modelform_factory(model, fields="__all__")


def test_known_codes_and_blanks_are_stored(sample):
    row = sample.objects.create(one="RED", many=["BLUE", "GREEN"])

    row.refresh_from_db()
    assert (row.one, row.other, row.many) == ("RED", "", ["BLUE", "GREEN"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"one": "PINK"}, r"cases_sample\.one: unknown code PINK in V-TEST"),
        ({"one": "red"}, r"one: unknown code red in V-TEST"),
        ({"one": "RED", "many": ["RED", "PINK"]}, r"many: unknown code PINK in V-TEST"),
        ({"one": "RED", "many": [""]}, r"many: unknown code  in V-TEST"),
    ],
)
def test_postgresql_refuses_unknown_codes_on_insert_and_update(sample, values, message):
    row = sample.objects.create(one="BLUE")

    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        sample.objects.create(**values)
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        sample.objects.filter(pk=row.pk).update(**values)


def test_the_code_of_another_list_is_unknown(sample):
    Term.objects.create(vocabulary="V-OTHER", code="PINK", order=1, labels={"en": "Pink"})

    with pytest.raises(IntegrityError, match="unknown code PINK in V-TEST"), transaction.atomic():
        sample.objects.create(one="PINK")


def test_real_tables_carry_the_trigger(loaded):
    assert any(isinstance(t, pgtrigger.Trigger) for t in Mechanism._meta.triggers)
    with pytest.raises(IntegrityError, match=r"actor: unknown code NOBODY"), transaction.atomic():
        Mechanism.objects.filter(pk="SP-HRD").update(actor="NOBODY")


def test_the_model_tells_unknown_codes_before_the_database_does(sample):
    row = sample(one="PINK", many=["RED", "PINK"])

    with pytest.raises(ValidationError) as wrong:
        row.full_clean()

    assert wrong.value.message_dict == {
        "one": ["Choose one of the list."],
        "many": ["Choose one of the list."],
    }


def test_the_form_offers_a_blank_first_and_then_what_is_offered_today(sample):
    retire("GREEN")

    form = form_for(sample)()

    offered = [("RED", "Red"), ("BLUE", "Blue")]
    assert list(form.fields["one"].choices) == [("", "Choose"), *offered]
    assert list(form.fields["many"].choices) == offered
    assert (form.fields["one"].required, form.fields["other"].required) == (True, False)
    assert isinstance(form.fields["many"].widget, forms.CheckboxSelectMultiple)
    assert 'type="hidden"' not in str(form)


def test_the_form_speaks_the_language_of_the_reader(sample):
    with override("fr"):
        assert ("RED", "X") in list(form_for(sample)().fields["one"].choices)


def test_the_form_takes_codes_and_refuses_others(sample):
    good = form_for(sample)({"one": "RED", "many": ["BLUE", "RED"]})
    bad = form_for(sample)({"one": "PINK", "many": ["RED", "PINK"]})
    empty = form_for(sample)({})

    assert good.is_valid()
    assert good.cleaned_data == {"one": "RED", "other": "", "many": ["BLUE", "RED"]}
    assert bad.errors["one"] == ["Choose one of the list."]
    assert bad.errors["many"] == ["Choose one of the list."]
    assert empty.errors == {"one": ["This field is required."]}


def test_a_code_the_row_already_holds_can_be_kept_after_its_end(sample):
    row = sample.objects.create(one="GREEN", many=["GREEN"])
    retire("GREEN")

    kept = form_for(sample)({"one": "GREEN", "many": ["GREEN"]}, instance=row)
    new = form_for(sample)({"one": "GREEN"})

    assert kept.is_valid()
    assert 'value="GREEN" selected' in str(kept["one"])
    assert not new.is_valid()


@pytest.mark.parametrize("field", [TermField("V-TEST", blank=False), TermsField("V-TEST")])
def test_a_field_survives_a_migration(field):
    _name, path, args, kwargs = field.deconstruct()

    twin = {"TermField": TermField, "TermsField": TermsField}[path.rpartition(".")[2]]
    again = twin(*args, **kwargs)

    assert again.vocabulary == "V-TEST"
    assert again.deconstruct()[1:] == field.deconstruct()[1:]


def test_the_trigger_is_the_same_each_time_it_is_compiled(sample):
    first, second = (
        codes_are_known(one="V-TEST", many="V-TEST").compile(sample) for _time in range(2)
    )

    assert first == second
