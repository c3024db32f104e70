"""Which State: typed, found by its code or its name in any language, those one covers first."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.models import Office
from cases.models import State
from cases.vocabulary import StateStatus


def offered(offices: QuerySet[Office]) -> list[State]:
    """Invented allegations are against invented States, and nothing else is."""
    invented = {"status": StateStatus.SYNTHETIC}
    states = State.objects.filter(active=True)
    states = states.filter(**invented) if settings.SYNTHETIC else states.exclude(**invented)
    covered = list(offices.values_list("covers", flat=True))
    first = Case(When(pk__in=covered, then=Value(0)), default=Value(1))
    found = list(states.annotate(place=first))
    return sorted(found, key=lambda state: (getattr(state, "place", 1), state.name))


class StateInput(forms.TextInput):
    """A line to type into, with the States beneath; the browser filters them, no script needed."""

    template_name = "_parts/state_input.html"
    states: list[State]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return context | {"options": [state.label for state in self.states]}


class StateField(forms.Field):
    """Gives a State. Takes its code, what the list says, or its name in any language."""

    widget = StateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.states: list[State] = []

    def offer(self, states: list[State]) -> None:
        self.states = self.widget.states = states

    def prepare_value(self, value: Any) -> Any:
        state = next((state for state in self.states if state.pk == value), None)
        return state.label if state else value.label if isinstance(value, State) else value

    def to_python(self, value: Any) -> State | None:
        wanted = str(value or "").strip().casefold()
        if not wanted:
            return None
        found = [state for state in self.states if wanted in _names(state)]
        found = found or [state for state in self.states if _begins(state, wanted)]
        if len(found) != 1:
            raise ValidationError(_("Choose one of the list; begin to type its name or code."))
        return found[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(self.prepare_value(data) or "").strip()


def _names(state: State) -> set[str]:
    return {name.casefold() for name in (state.pk, state.label, *state.names.values())}


def _begins(state: State, wanted: str) -> bool:
    return any(name.startswith(wanted) for name in _names(state))
