"""What an officer makes of a reply: procedure, substance of each element, a grade, reasons."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms import Form, PlainTextField
from cases.models import Assessment
from cases.models.fields import NOT_OF_THE_LIST, TermChoice
from cases.models.term import terms

GRADES = "V-GRADE"


def grades() -> list[tuple[str, str]]:
    """Each with what it means: nobody grades from memory."""
    words = _("%(code)s: %(label)s. %(meaning)s")
    return [
        (code, words % {"code": code, "label": term.label, "meaning": term.definition})
        for code, term in terms(GRADES).items()
    ]


class AssessmentForm(Form):
    """Version 0 says that nobody had assessed the reply when the page was drawn."""

    version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)
    procedure = TermChoice(
        vocabulary="V-REPLY-P",
        label=gettext_lazy("Procedure: what the State did"),
        help_text=gettext_lazy("Proposed from the due date as it stood when the reply came."),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade of the whole reply"),
        choices=grades,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_OF_THE_LIST},
    )
    note = PlainTextField(
        label=gettext_lazy("Reasons"),
        required=False,
        rows=4,
        help_text=gettext_lazy("For the house. They never leave it."),
    )

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = numbers
        for number in numbers:
            self.fields[f"substance_{number}"] = _substance(number)
            self.fields[f"note_{number}"] = _note(number)

    def of(self, number: int) -> Iterator[BoundField]:
        """The fields of one element, in the order of the page."""
        return (self[f"{name}_{number}"] for name in ("substance", "note"))

    def answer(self) -> dict[str, Any]:
        """What `assess_reply` takes."""
        clean = self.cleaned_data
        findings = {n: (clean[f"substance_{n}"], clean[f"note_{n}"]) for n in self.numbers}
        whole = {name: clean[name] for name in ("version", "procedure", "grade", "note")}
        return {**whole, "findings": findings}


def written(row: Assessment) -> Mapping[str, Any]:
    """An assessment as the fields of its form."""
    fields = {"procedure": row.procedure, "grade": row.grade, "note": row.note}
    for finding in row.findings.all():
        fields[f"substance_{finding.element}"] = finding.substance
        fields[f"note_{finding.element}"] = finding.note
    return fields


def _substance(number: int) -> TermChoice:
    words = _("Element %(number)d: what the reply does with it")
    return TermChoice(vocabulary="V-REPLY-S", label=words % {"number": number})


def _note(number: int) -> PlainTextField:
    words = _("Element %(number)d: note")
    return PlainTextField(label=words % {"number": number}, required=False, rows=2)
