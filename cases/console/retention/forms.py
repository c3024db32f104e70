"""What is asked before a case is held."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms import DayField, Form, PlainTextField


class HoldForm(Form):
    reason = PlainTextField(label=gettext_lazy("Why must it be kept?"), rows=3, max_length=2000)
    until = DayField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Without a day it is held until somebody else lifts it."),
        required=False,
    )

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and day <= timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come."), code="past")
        return day
