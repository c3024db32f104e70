"""What a person allowed: one answer on one use, added and never changed."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms.part import PartForm, formfield
from cases.console.withdrawals import Row, rows_of_left
from cases.forms import DayField
from cases.models import Consent
from cases.vocabulary import DataClass
from cases.withdrawals import Touched


class ConsentForm(PartForm):
    """`touched`: what the answer takes back, once the service has said so; the digest of it then
    travels with the form, so that the next press records exactly what is on the page."""

    touched: Touched | None = None
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    given_on = DayField(
        label=gettext_lazy("Date of the answer"), past_only=True, initial=timezone.localdate
    )
    expires_on = DayField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("Only if the person set an end. It is asked again before."),
    )
    withheld = forms.MultipleChoiceField(
        label=gettext_lazy("Kept back"),
        choices=DataClass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What must not be told under this use, even where it is granted."),
    )

    links = {"person": "persons", "given_through": "sources"}
    layout = (
        (
            gettext_lazy("The answer"),
            [
                ["person"],
                ["scope", "status"],
                ["withheld"],
                ["conditions"],
                ["given_on", "expires_on"],
            ],
        ),
        (
            gettext_lazy("How it was given"),
            [["explanation"], ["language", "given_through"], ["witness"]],
        ),
    )

    class Meta:
        model = Consent
        formfield_callback = formfield
        fields = (
            "person",
            "scope",
            "status",
            "withheld",
            "conditions",
            "given_through",
            "explanation",
            "language",
            "witness",
            "given_on",
            "expires_on",
        )
        help_texts = {
            "scope": gettext_lazy("Each use is asked apart; none follows from another."),
            "conditions": gettext_lazy("In the person's words. No names."),
            "explanation": gettext_lazy(
                "What the person was told about what can happen, and what they asked."
            ),
            "language": gettext_lazy("In which language it was explained."),
            "given_through": gettext_lazy("If somebody else passed the answer on."),
        }

    def for_service(self) -> dict[str, Any]:
        return {**super().for_service(), "seen": self.cleaned_data["seen"]}

    def show(self, touched: Touched) -> None:
        self.touched = touched
        self.data = cast(QueryDict, self.data).copy()
        self.data["seen"] = touched.digest

    @property
    def left(self) -> list[Row]:
        return rows_of_left(self.touched.left) if self.touched else []

    def clean(self) -> None:
        words = _("This is before the day of the answer.")
        self.refuse_backwards("given_on", "expires_on", words)
