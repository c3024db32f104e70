"""What a person risks when the State or the public learns of the case."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField
from cases.gates import RISK_LASTS
from cases.models import RiskAssessment


def _in_time() -> date:
    return timezone.localdate() + RISK_LASTS - timedelta(days=1)


class RiskForm(PartForm):
    assessed_on = DayField(
        label=gettext_lazy("Assessed on"), past_only=True, initial=timezone.localdate
    )
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        initial=_in_time,
        help_text=gettext_lazy("At most three months: after that it opens no gate any more."),
    )

    links = {"person": "persons", "source": "sources"}
    layout = (
        (
            gettext_lazy("Who is at risk, and how much"),
            [["person", "source"], ["level"], ["assessed_on", "valid_until"], ["triggers"]],
        ),
        (
            gettext_lazy("Why"),
            [["threat"], ["vulnerability"], ["capacity"], ["if_told"], ["mitigation"]],
            gettext_lazy("Think of the worst that could follow. No names."),
        ),
    )

    class Meta:
        model = RiskAssessment
        formfield_callback = formfield
        fields = (
            "person",
            "source",
            "level",
            "threat",
            "vulnerability",
            "capacity",
            "if_told",
            "mitigation",
            "triggers",
            "assessed_on",
            "valid_until",
        )
        help_texts = {
            "threat": gettext_lazy("Who could do harm, with which will and means."),
            "vulnerability": gettext_lazy("What makes the person easier to harm."),
            "capacity": gettext_lazy("What the person and their network can do to stay safe."),
            "if_told": gettext_lazy("What could follow when a letter arrives."),
            "triggers": gettext_lazy("Events before which it is looked at again."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "source"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker
            field.required = False
            field.empty_label = _("None of these")
        people = list(self.case.persons.values_list("pk", flat=True)[:2])
        if self.new and len(people) == 1 and not self.initial.get("source"):
            self.initial.setdefault("person", people[0])

    def clean(self) -> None:
        given = [name for name in ("person", "source") if self.cleaned_data.get(name)]
        if not given and not {"person", "source"} & self.errors.keys():
            self.add_error("person", _("Choose a person, or a source."))
        if len(given) > 1:
            self.add_error("source", _("One assessment is for one person or one source."))
        words = _("This is before the day of the assessment.")
        self.refuse_backwards("assessed_on", "valid_until", words)
