"""The cooperation with the United Nations, and the link of the act to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField
from cases.models import Cooperation, Mechanism


class CooperationForm(PartForm):
    started_on = DayField(label=gettext_lazy("From"), required=False)
    ended_on = DayField(label=gettext_lazy("Until"), required=False)

    links = {"persons": "persons"}
    layout = (
        (
            gettext_lazy("The cooperation"),
            [
                ["persons"],
                ["tense", "kind"],
                ["actor", "mechanism"],
                ["started_on", "ended_on", "channel"],
                ["evidence"],
                ["description"],
            ],
        ),
        (
            gettext_lazy("The link to the act"),
            [["nexus"], ["basis"], ["how_known"]],
            gettext_lazy("Why the act is said to be because of the cooperation."),
        ),
    )

    class Meta:
        model = Cooperation
        formfield_callback = formfield
        fields = (
            "persons",
            "kind",
            "actor",
            "mechanism",
            "tense",
            "channel",
            "started_on",
            "ended_on",
            "evidence",
            "description",
            "nexus",
            "basis",
            "how_known",
        )
        help_texts = {
            "persons": gettext_lazy(
                "Who cooperated. It may be somebody else than the target: a relative, a colleague."
            ),
            "mechanism": gettext_lazy("Where it was a special procedure: which one."),
            "description": gettext_lazy("What was said or sent, where and when. No names."),
            "nexus": gettext_lazy("A case goes on only with a link that is at least plausible."),
            "basis": gettext_lazy(
                "For example words of an official, the timing, a pattern known from other cases."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates = self.fields["mechanism"]
        assert isinstance(mandates, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        mandates.queryset = Mechanism.objects.exclude(active=False)
        mandates.empty_label = _("None in particular")
        if not self.case.persons.exists():
            del self.fields["persons"]

    def clean(self) -> None:
        words = _("This is before the day on which it began.")
        self.refuse_backwards("started_on", "ended_on", words)
