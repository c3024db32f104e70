"""What was allegedly done."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms.groups import GroupedTicks
from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField, PlainTextField
from cases.models import Act
from cases.models.fields import TermChoice, TermsChoice

ALLEGEDLY = ("perpetrators", "attribution", "involvement")


class ActForm(PartForm):
    started_on = DayField(
        label=gettext_lazy("From"),
        required=False,
        past_only=True,
        help_text=gettext_lazy("If only the month is known, give its first day and say so."),
    )
    ended_on = DayField(label=gettext_lazy("Until"), required=False, past_only=True)
    place = PlainTextField(
        label=gettext_lazy("Place"),
        one_line=True,
        required=False,
        help_text=gettext_lazy("A town or region; no address of a person."),
    )
    perpetrators = TermsChoice(
        vocabulary="V-PERP",
        widget=GroupedTicks("V-PERP"),
        label=gettext_lazy("Allegedly by whom"),
        required=False,
        help_text=gettext_lazy("By kind, never by name."),
    )
    attribution = TermChoice(
        vocabulary="V-PERP-ATTR",
        label=gettext_lazy("How sure this is"),
        initial="ALLEGED",
        help_text=gettext_lazy("“Alleged” unless more than one source says so."),
    )
    involvement = TermChoice(
        vocabulary="V-PERP-INV", label=gettext_lazy("How they were involved"), required=False
    )

    links = {"persons": "persons"}
    layout = (
        (
            gettext_lazy("What allegedly happened"),
            [
                ["kind"],
                ["persons"],
                ["started_on", "ended_on", "precision"],
                ["place"],
                ["stage", "mode", "legal_basis"],
                ["collective", "transnational"],
            ],
        ),
        (
            gettext_lazy("Allegedly by whom"),
            [["perpetrators"], ["attribution", "involvement"]],
        ),
        (gettext_lazy("In your words"), [["description"]]),
    )

    class Meta:
        model = Act
        formfield_callback = formfield
        fields = (
            "kind",
            "persons",
            "started_on",
            "ended_on",
            "precision",
            "place",
            "stage",
            "mode",
            "legal_basis",
            "collective",
            "transnational",
            "description",
        )
        help_texts = {
            "kind": gettext_lazy("One act for each thing that was done; add the next one after."),
            "legal_basis": gettext_lazy("What the authorities invoked, if anything."),
            "description": gettext_lazy(
                "Write “allegedly”. No names: people are [V-1], [V-2] and so on."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.new:
            self._hold(list(self.instance.perpetrators.all()))
        people = list(self.case.persons.values_list("pk", flat=True)[:2])
        if not people:
            del self.fields["persons"]
        elif self.new and len(people) == 1:
            self.initial.setdefault("persons", people)

    def _hold(self, rows: list[Any]) -> None:
        """Perpetrators are rows of their own; the form shows them as one answer."""
        self.initial.setdefault("perpetrators", [row.kind for row in rows])
        for row in rows[:1]:
            self.initial.setdefault("attribution", row.attribution)
            self.initial.setdefault("involvement", row.involvement)

    def clean(self) -> None:
        words = _("This is before the day on which it began.")
        self.refuse_backwards("started_on", "ended_on", words)

    def for_service(self) -> dict[str, Any]:
        """Perpetrators only where somebody changed them: each may be attributed in its own way."""
        fields = super().for_service()
        if self.new or set(ALLEGEDLY) & set(self.changed_data):
            fields |= {name: self.cleaned_data[name] for name in ALLEGEDLY}
        return fields
