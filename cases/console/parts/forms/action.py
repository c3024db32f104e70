"""What the United Nations did or will do about a case, beside letters."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField, PlainTextField
from cases.models import Action


class ActionForm(PartForm):
    done_on = DayField(
        label=gettext_lazy("Done on"),
        required=False,
        past_only=True,
        help_text=gettext_lazy("Leave empty while it is only planned."),
    )

    conditions_met = PlainTextField(
        label=gettext_lazy("How what people asked for is kept"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Needed in public where somebody asked for something."),
    )

    links = {"named": "persons"}
    layout = (
        (
            gettext_lazy("The action"),
            [
                ["kind", "protection"],
                ["planned_for", "done_on"],
                ["description"],
                ["outcome"],
            ],
        ),
        (
            gettext_lazy("In public"),
            [["public"], ["named"], ["conditions_met"]],
            gettext_lazy(
                "What is said in public takes the consent of everybody in the case, and of those "
                "whom it names that they are named. A press statement is public in any case."
            ),
        ),
    )

    class Meta:
        model = Action
        formfield_callback = formfield
        fields = (
            "kind",
            "protection",
            "public",
            "named",
            "planned_for",
            "done_on",
            "description",
            "outcome",
        )
        help_texts = {
            "kind": gettext_lazy("Something done towards a State or in public."),
            "protection": gettext_lazy("Or something done to keep a person safe."),
            "description": gettext_lazy("Short, without names."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.communication_id:
            for name in ("kind", "protection", "done_on"):  # as the letter says
                self.fields[name].disabled = True

    def for_service(self) -> dict[str, Any]:
        return super().for_service() | {"conditions_met": self.cleaned_data["conditions_met"]}

    def clean(self) -> None:
        given = [name for name in ("kind", "protection") if self.cleaned_data.get(name)]
        if not given and not {"kind", "protection"} & self.errors.keys():
            self.add_error("kind", _("Choose a response, or a protective action."))
        if len(given) > 1:
            self.add_error("protection", _("Choose one of both; record the other one apart."))
