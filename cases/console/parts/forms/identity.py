"""Who somebody is: asked apart, sealed apart, never shown again in a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms.part import Group
from cases.forms import Form, PlainTextField
from cases.models import Identity

APART = _(
    "Sealed apart from the case. What is kept already is not shown; a blank field leaves it as it "
    "is."
)


class IdentityFields(forms.Form):
    """Mixin: what goes into the vault. Nothing of it is ever an initial value."""

    name = PlainTextField(
        label=_("Name, as the person writes it"),
        one_line=True,
        required=False,
        help_text=_("In their own script. Never write it in another field."),
    )
    name_latin = PlainTextField(
        label=_("Name in Latin letters"),
        one_line=True,
        required=False,
        help_text=_("So that other spellings are found."),
    )
    other_names = PlainTextField(
        label=_("Other names"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=_("Former names, nicknames, names of accounts."),
    )
    contact = PlainTextField(label=_("How to reach them"), required=False, rows=2, max_length=2000)
    safe_contact = PlainTextField(
        label=_("What is safe"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=_("When, how and through whom; and what must not be done."),
    )
    documents = PlainTextField(
        label=_("Numbers of documents"), required=False, rows=2, max_length=2000
    )
    notes = PlainTextField(
        label=_("Notes for officers who know them"), required=False, rows=2, max_length=4000
    )
    identity_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["identity_version"] = self._kept_version()

    def _kept_version(self: Any) -> int | None:
        """Of what the vault holds about the person or source that is edited."""
        noun = self.instance._meta.model_name
        kept = Identity.objects.filter(**{noun: self.instance})
        return None if self.new else kept.values_list("version", flat=True).first()

    def identity(self: Any) -> dict[str, str]:
        """What was given, by the keys of the vault."""
        return {key: self.cleaned_data[key] for key in Identity.FIELDS if self.cleaned_data[key]}


ROWS = [
    ["name", "name_latin"],
    ["contact", "safe_contact"],
    ["other_names", "documents"],
    ["notes"],
]
LAYOUT = (_("Who this is"), ROWS, APART, True)


class IdentityForm(IdentityFields, Form):
    """The same on a page of its own."""

    def __init__(self, *args: Any, kept: Identity | None, **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(*args, **kwargs)

    def _kept_version(self) -> int | None:
        return self.kept.version if self.kept else None

    @property
    def groups(self) -> list[Group]:
        rows = [[self[name] for name in row] for row in ROWS]
        return [Group(LAYOUT[0], rows, LAYOUT[2], sealed=True)]

    def clean(self) -> None:
        if not self.errors and not self.identity():
            raise ValidationError(_("Fill in at least one field."), code="empty")
