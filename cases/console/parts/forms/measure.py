"""What a State says or is known to have done."""

from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import DayField, PlainTextField
from cases.models import Measure


class MeasureForm(PartForm):
    taken_on = DayField(label=_("Date"), required=False, past_only=True)

    body = PlainTextField(
        label=_("By which body"),
        one_line=True,
        required=False,
        help_text=_("The authority, not a person."),
    )

    layout = ((_("The measure"), [["kind", "taken_on"], ["body"], ["description"]]),)

    class Meta:
        model = Measure
        formfield_callback = formfield
        fields = ("kind", "taken_on", "body", "description")
        help_texts = {
            "description": _("What was done, according to whom. No names."),
        }
