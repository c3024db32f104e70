"""Whom the act is alleged against."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms import identity
from cases.console.parts.forms.part import PartForm, formfield
from cases.models import Person
from cases.vocabulary import PersonKind


class PersonForm(identity.IdentityFields, PartForm):
    links = {"related_to": "persons"}
    layout = (
        (gettext_lazy("Kind"), [["kind"], ["sex", "age"], ["size", "related_to"]]),
        identity.LAYOUT,
        (
            gettext_lazy("What makes them a target"),
            [["roles"], ["protected_class"], ["vulnerabilities"], ["gender_dimensions"]],
        ),
        (gettext_lazy("In your words"), [["description"]]),
    )

    class Meta:
        model = Person
        formfield_callback = formfield
        fields = (
            "kind",
            "sex",
            "age",
            "size",
            "related_to",
            "roles",
            "protected_class",
            "vulnerabilities",
            "gender_dimensions",
            "description",
        )
        widgets = {"kind": forms.RadioSelect}
        labels = {"kind": gettext_lazy("What kind of person is this?")}
        help_texts = {
            "size": gettext_lazy("Only for a group or an organisation."),
            "related_to": gettext_lazy("If they are a target because of a relative."),
            "roles": gettext_lazy("All that apply."),
            "protected_class": gettext_lazy(
                "Which class of paragraph 4 of Council resolution 54/24 this person belongs to."
            ),
            "vulnerabilities": gettext_lazy("What raises the risk to this person."),
            "description": gettext_lazy(
                "What colleagues must know, without a name, an address or a place of work."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.case.persons.exclude(pk=self.instance.pk)
        self._link("related_to", others)
        if not others:
            del self.fields["related_to"]
        if self["kind"].value() == PersonKind.INDIVIDUAL:
            self._ask_for_sex_and_age()

    def _ask_for_sex_and_age(self) -> None:
        """Of one person, trends need both; “unknown” is an answer."""
        for name in ("sex", "age"):
            self.fields[name].required = True
            words = _("Choose one; if it is not known, choose that.")
            self.fields[name].error_messages["required"] = words

    def clean(self) -> None:
        individual = self.cleaned_data.get("kind") == PersonKind.INDIVIDUAL
        if individual and self.cleaned_data.get("size"):
            words = _("An individual has no number of people. Leave it empty, or choose a group.")
            self.add_error("size", words)
