"""What is asked before somebody is shut out, let in again, or bound to a State."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office, User
from cases.forms import Form, PlainTextField
from cases.models import State, Tie
from cases.models.exclusion import Bond
from cases.services import locks

CHOOSE = gettext_lazy("Choose")


class LockForm(Form):
    person = forms.ModelChoiceField(
        label=gettext_lazy("A person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=CHOOSE,
    )
    office = forms.ModelChoiceField(
        label=gettext_lazy("Or a whole office"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=CHOOSE,
    )
    reason = PlainTextField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("Whoever may lift the lock reads it. No names of victims."),
        rows=3,
        max_length=2000,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        office: Any = self.fields["office"]
        people = locks.people_lockable_by(by).filter(is_active=True)
        person.queryset = people.order_by("name")
        office.queryset = locks.offices_lockable_by(by).filter(active=True)

    def clean(self) -> dict[str, Any]:
        chosen = [self.cleaned_data.get("person"), self.cleaned_data.get("office")]
        if not self.errors and len([one for one in chosen if one]) != 1:
            self.add_error("person", _("Choose a person, or an office: not both."))
        return self.cleaned_data


class LiftForm(Form):
    reason = PlainTextField(
        label=gettext_lazy("Why is it safe to let them in again?"), rows=3, max_length=2000
    )


class TiesForm(Form):
    nationalities = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Nationalities"),
        queryset=State.objects.all(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    seconded_by = forms.ModelChoiceField(
        label=gettext_lazy("Seconded by"),
        queryset=State.objects.all(),
        required=False,
        empty_label=gettext_lazy("No State"),
    )

    @classmethod
    def of(cls, person: User, **given: Any) -> "TiesForm":
        """With the ties that stand."""
        ties = list(Tie.objects.filter(user=person))
        bound = {bond: [tie.state_id for tie in ties if tie.bond == bond] for bond in Bond}
        initial = {
            "nationalities": bound[Bond.NATIONALITY],
            "seconded_by": next(iter(bound[Bond.SECONDMENT]), None),
        }
        return cls(**{**given, "initial": {**initial, **given.get("initial", {})}})
