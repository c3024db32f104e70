"""What became of a person."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField
from cases.models import Outcome


class OutcomeForm(PartForm):
    as_of = DayField(label=_("As of"), past_only=True, initial=timezone.localdate)

    links = {"person": "persons", "source": "sources"}
    layout = (
        (
            _("What is known"),
            [["person"], ["kind", "as_of"], ["remedy", "impact"], ["source"], ["note"]],
        ),
    )

    class Meta:
        model = Outcome
        formfield_callback = formfield
        fields = ("person", "kind", "impact", "remedy", "as_of", "source", "note")
        help_texts = {
            "kind": _("How things stand for the person now."),
            "remedy": _("What was made good, if anything."),
            "note": _("Short, without names."),
        }
