"""What the forms of all nouns share: plain texts, days in words, links inside one case."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, cast

from django import forms
from django.db import models
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.console.parts.forms.groups import GROUPED, GroupedSelect, GroupedTicks
from cases.console.parts.rows import line_of
from cases.forms import DayField, ModelForm, NewRow, PlainTextField, Versioned
from cases.models import Case
from cases.models.fields import CHOOSE, NOT_OF_THE_LIST, TermField, TermsField
from cases.vault import SealedTextField

TEXT_LENGTH, LINE_LENGTH = 20_000, 200
LONG_TEXT_ROWS = 3


class Group(NamedTuple):
    """Fields that belong together on the page, under one heading."""

    title: str | Promise
    rows: Sequence[Sequence[BoundField]]
    help: str | Promise = ""
    sealed: bool = False


class RowChoice(forms.ModelChoiceField):
    """One row of the case, by its code and what it is, never by a name."""

    def label_from_instance(self, obj: models.Model) -> str:
        return line_of(obj).in_words


class RowsChoice(forms.ModelMultipleChoiceField):
    """Several rows of the case."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: models.Model) -> str:
        return line_of(obj).in_words


def formfield(field: models.Field, **kwargs: Any) -> Any:
    """The house's own fields in place of Django's."""
    if isinstance(field, SealedTextField):
        return PlainTextField(rows=LONG_TEXT_ROWS, max_length=TEXT_LENGTH, **_words(field, kwargs))
    if type(field) is models.CharField and not field.choices:
        return PlainTextField(one_line=True, max_length=field.max_length, **_words(field, kwargs))
    if isinstance(field, models.DateField):
        return DayField(**_words(field, kwargs))
    if isinstance(field, TermsField | TermField) and field.vocabulary in GROUPED:
        several = isinstance(field, TermsField)
        kwargs.setdefault("widget", (GroupedTicks if several else GroupedSelect)(field.vocabulary))
    elif isinstance(field, models.ManyToManyField):
        kwargs["form_class"] = RowsChoice
    elif isinstance(field, models.ForeignKey):
        kwargs["form_class"] = RowChoice
    return _with_a_word_for_nothing(field.formfield(**kwargs))


def _with_a_word_for_nothing(field: Any) -> Any:
    """“Choose” in place of a row of dashes."""
    if type(field) is forms.TypedChoiceField:
        offered: Any = field.choices
        field.choices = [(code, label if code else CHOOSE) for code, label in offered]
    return field


def _words(field: models.Field, kwargs: dict[str, Any]) -> dict[str, Any]:
    label = capfirst(str(field.verbose_name))
    return {"label": label, "required": not field.blank, **kwargs}


class PartForm(ModelForm):
    """The form of one noun. New rows carry the id they will have, old ones their version.

    `links` are the fields that point at other rows of the case, with the case's name for them.
    `layout` groups the fields for the page: title, rows of field names, words of help.
    """

    links: ClassVar[Mapping[str, str]] = {}
    layout: ClassVar[Sequence[tuple[Any, ...]]] = ()
    instance: Any

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.new = self.instance._state.adding
        name, mixin = ("row", NewRow) if self.new else ("version", Versioned)
        self.fields[name] = mixin().fields[name]
        for link, rows in self.links.items():
            self._link(link, getattr(case, rows).all())
        if self.new:
            self._choose_the_only_one()

    def _link(self, name: str, rows: models.QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        field.queryset = rows
        for code in ("invalid_choice", "invalid_pk_value"):
            field.error_messages[code] = NOT_OF_THE_LIST
        if not isinstance(field, RowsChoice):
            field.empty_label = str(CHOOSE) if field.required else _("None of these")

    def _choose_the_only_one(self) -> None:
        """Where a row must be chosen and there is one, it is chosen."""
        for name in self.links:
            field = self.fields.get(name)
            if isinstance(field, RowChoice) and field.required:
                rows = list(_rows(field)[:2])
                if len(rows) == 1:
                    self.initial.setdefault(name, rows[0].pk)

    @property
    def nobody_to_choose(self) -> bool:
        """It is about a person, and none is recorded yet."""
        field = self.fields.get("person")
        return isinstance(field, RowChoice) and not _rows(field).exists()

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them, those that cannot be chosen left out."""
        groups = []
        for title, names, *more in self.layout:
            rows = [[self[name] for name in row if name in self.fields] for row in names]
            groups.append(Group(title, [row for row in rows if row], *more))
        return [group for group in groups if group.rows]

    def for_service(self) -> dict[str, Any]:
        """What the service of the noun takes, beside `by` and the case or the row."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        fields = {name: self.cleaned_data[name] for name in names}
        own, given = ("id", "row") if self.new else ("version", "version")
        return fields | {own: self.cleaned_data[given]}

    def refuse_backwards(self, start: str, end: str, words: str) -> None:
        """What ends before it begins is said at the end."""
        began, ended = self.cleaned_data.get(start), self.cleaned_data.get(end)
        if began and ended and ended < began:
            self.add_error(end, words)


def _rows(field: RowChoice) -> models.QuerySet[Any]:
    return cast(models.QuerySet[Any], field.queryset)
