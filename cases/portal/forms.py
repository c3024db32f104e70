"""What a mission writes: a reply made of answers, a file, a request for time, two promises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.files import UploadField
from cases.forms import DayField, FileInput, Form, PlainTextField, Versioned
from cases.models import ReplyAttachment
from cases.portal.words import POSITIONS
from cases.services.replies import Words

ENDINGS = ".pdf,.docx,.jpg,.jpeg,.png"
NUMBERED = re.compile(r"[qep]\d+")
KINDS = [
    (ReplyAttachment.Kind.ORIGINAL.value, ReplyAttachment.Kind.ORIGINAL.label),
    (ReplyAttachment.Kind.TRANSLATION.value, ReplyAttachment.Kind.TRANSLATION.label),
]


@dataclass(frozen=True)
class Place:
    """One question or element of the letter with its fields."""

    number: int
    asked: str
    text: BoundField
    position: BoundField | None = None

    @property
    def answered(self) -> bool:
        return bool(self.text.value() or (self.position and self.position.value()))


class ReplyForm(Versioned, Form):
    """Every field is optional: a draft may be as empty as its writers want."""

    base = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the reply"), choices=settings.LANGUAGES
    )
    text = PlainTextField(label=gettext_lazy("General reply"), required=False, rows=6)

    def __init__(self, *args: Any, content: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for row in content["questions"]:
            self._add_text("q", _("Your answer to question %(number)d"), row["number"], 4)
        for row in content["elements"]:
            self._add_position(row["number"])
            self._add_text("e", _("Facts that support it, element %(number)d"), row["number"], 3)

    def _add_text(self, side: str, label: str, number: int, rows: int) -> None:
        self.fields[f"{side}{number}"] = PlainTextField(
            label=label % {"number": number}, required=False, rows=rows
        )

    def _add_position(self, number: int) -> None:
        self.fields[f"p{number}"] = forms.ChoiceField(
            label=_("The Government’s position on element %(number)d") % {"number": number},
            choices=[("", _("Choose an answer")), *POSITIONS.items()],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        strangers = {n for n in self.data if NUMBERED.fullmatch(n) and n not in self.fields}
        if strangers:
            raise ValidationError(_("The letter has no such number."), code="number")
        return self.cleaned_data

    def questions(self) -> Iterator[Place]:
        for row in self.content["questions"]:
            yield Place(row["number"], row["text"], self[f"q{row['number']}"])

    def elements(self) -> Iterator[Place]:
        for row in self.content["elements"]:
            number = row["number"]
            yield Place(number, row["text"], self[f"e{number}"], self[f"p{number}"])

    def names(self) -> list[str]:
        """The fields that people write in."""
        return [name for name in self.fields if name not in ("version", "base")]


def for_service(form: ReplyForm, fields: dict[str, str]) -> dict[str, Any]:
    """The fields of the form as `save_reply` takes them."""
    rows = form.content
    return {
        "language": fields["language"],
        "text": fields["text"],
        "questions": {r["number"]: Words(fields[f"q{r['number']}"]) for r in rows["questions"]},
        "elements": {
            r["number"]: Words(fields[f"e{r['number']}"], fields[f"p{r['number']}"])
            for r in rows["elements"]
        },
    }


class AttachForm(Form):
    file = UploadField(
        label=gettext_lazy("Add a file"),
        help_text=gettext_lazy("PDF, DOCX, JPEG or PNG, up to 25 MB."),
        widget=FileInput(accept=ENDINGS),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=KINDS,
        initial=ReplyAttachment.Kind.ORIGINAL.value,
    )


class ExtensionForm(Form):
    until = DayField(label=gettext_lazy("Until"))
    reason = PlainTextField(label=gettext_lazy("Reason"), rows=3, max_length=4000)


class SubmitForm(Versioned, Form):
    authorised = forms.BooleanField(
        label=gettext_lazy("I am authorised to submit this reply for the Government")
    )
    final = forms.BooleanField(
        label=gettext_lazy(
            "I understand that it cannot be changed after submission, and may be published with "
            "the letter"
        )
    )
