"""One fact that is alleged, worded so that it may be put to the State."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms.part import PartForm, formfield
from cases.forms import PlainTextField
from cases.models import Element


class ElementForm(PartForm):
    statement = PlainTextField(
        label=_("What is alleged"),
        rows=3,
        max_length=4000,
        help_text=_(
            "One fact in one sentence, as the State may read it: “On 3 September 2026 [V-1] was "
            "allegedly detained.” People by their codes, never by name."
        ),
    )

    links = {"act": "acts"}
    layout = ((_("The element"), [["kind", "act"], ["statement"]]),)

    class Meta:
        model = Element
        formfield_callback = formfield
        fields = ("kind", "act", "statement")
        widgets = {"kind": forms.Select}
        help_texts = {"act": _("Which act it belongs to, if any.")}
