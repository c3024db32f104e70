"""Fields that hold codes of a vocabulary, and the trigger by which PostgreSQL refuses others."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pgtrigger
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.term import choices, label, terms

CHOOSE = _("Choose")
NOT_OF_THE_LIST = _("Choose one of the list.")


def _offered(vocabulary: str, *, blank: bool, kept: Iterable[str] = ()) -> list[tuple[str, Any]]:
    """Active terms, and those the row already holds although they are offered no more."""
    offered: list[tuple[str, Any]] = [("", CHOOSE)] if blank else []
    offered += choices(vocabulary)
    known = {code for code, _label in offered}
    offered += [(code, label(vocabulary, code) or code) for code in kept if code not in known]
    return offered


class TermChoice(forms.TypedChoiceField):
    """One code of a list. A code the row already holds stays choosable after its end."""

    def __init__(self, *, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("error_messages", {}).setdefault("invalid_choice", NOT_OF_THE_LIST)
        super().__init__(choices=partial(_offered, vocabulary, blank=True), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if held := form.get_initial_for_field(self, field_name):
            self.choices = partial(_offered, self.vocabulary, blank=True, kept=[held])
        return super().get_bound_field(form, field_name)


class TermsChoice(forms.TypedMultipleChoiceField):
    """Several codes of a list, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("error_messages", {}).setdefault("invalid_choice", NOT_OF_THE_LIST)
        super().__init__(choices=partial(_offered, vocabulary, blank=False), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if held := form.get_initial_for_field(self, field_name):
            self.choices = partial(_offered, self.vocabulary, blank=False, kept=held)
        return super().get_bound_field(form, field_name)


class TermField(models.CharField):
    """The bare code of a term; "" where nothing is said."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        for name, value in {"max_length": 20, "blank": True, "default": ""}.items():
            kwargs.setdefault(name, value)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        own = {"vocabulary": self.vocabulary, "blank": self.blank}
        return name, path, args, {**kwargs, **own}

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value and value not in terms(self.vocabulary):
            raise ValidationError(NOT_OF_THE_LIST, code="unknown_code")

    def formfield(self, **kwargs: Any) -> Any:
        own = {"form_class": TermChoice, "vocabulary": self.vocabulary, "empty_value": ""}
        return models.Field.formfield(self, **{**own, **kwargs})


class TermsField(ArrayField):
    """Bare codes of several terms; an empty list where nothing is said."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("base_field", models.CharField(max_length=20))
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", list)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kept = {key: value for key, value in kwargs.items() if key not in ("base_field", "size")}
        own = {"vocabulary": self.vocabulary, "blank": self.blank}
        return name, path, args, {**kept, **own}

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if not set(value or ()) <= set(terms(self.vocabulary)):
            raise ValidationError(NOT_OF_THE_LIST, code="unknown_code")

    def formfield(self, **kwargs: Any) -> Any:
        own = {
            "form_class": TermsChoice,
            "vocabulary": self.vocabulary,
            "empty_value": [],
            "show_hidden_initial": False,
        }
        return models.Field.formfield(self, **{**own, **kwargs})


class CodesAreKnown(pgtrigger.Trigger):
    """Refuses a row whose code is not in the table of terms, whoever writes it."""

    name = "codes_are_known"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__()

    def get_func(self, model: Any) -> str:
        checks = [self._check(model, *pair) for pair in self.fields.items()]
        return self.format_sql(" ".join([*checks, "RETURN NEW;"]))

    def get_declare(self, model: Any) -> list[tuple[str, str]]:
        return [("_unknown", "TEXT")]

    def _check(self, model: Any, name: str, vocabulary: str) -> str:
        field = model._meta.get_field(name)
        column, several = f'"{field.column}"', isinstance(field, ArrayField)
        codes = f"NEW.{column}" if several else f"array_remove(ARRAY[NEW.{column}::text], '')"
        return f"""
            IF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
                SELECT given INTO _unknown FROM unnest({codes}) AS given
                WHERE NOT EXISTS (
                    SELECT FROM cases_term
                    WHERE vocabulary = '{vocabulary}' AND code = given
                ) AND given IS NOT NULL LIMIT 1;
                IF FOUND THEN
                    RAISE EXCEPTION '%.{name}: unknown code % in {vocabulary}',
                        TG_TABLE_NAME, _unknown USING ERRCODE = 'check_violation';
                END IF;
            END IF;
        """  # noqa: S608  names of our own fields and lists, not input


def codes_are_known(**fields: str) -> pgtrigger.Trigger:
    """For `Meta.triggers`: `codes_are_known(kind="V-ACT", roles="V-VICTIM")`."""
    return CodesAreKnown(fields)
