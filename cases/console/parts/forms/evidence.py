"""What supports an element, with its file."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms.part import PartForm, formfield
from cases.files import UploadField
from cases.forms import DayField, FileInput
from cases.models import Evidence

ENDINGS = ".pdf,.docx,.jpg,.jpeg,.png"


class EvidenceForm(PartForm):
    received_on = DayField(label=_("Received on"), past_only=True)
    upload = UploadField(
        label=_("File"),
        required=False,
        help_text=_("PDF, DOCX, JPEG or PNG, up to 25 MB. It is kept sealed, as it came."),
        widget=FileInput(accept=ENDINGS),
    )

    links = {"source": "sources"}
    layout = (
        (
            _("The evidence"),
            [["kind", "source"], ["received_on", "language"], ["description"], ["upload"]],
        ),
    )

    class Meta:
        model = Evidence
        formfield_callback = formfield
        fields = ("kind", "source", "description", "language", "received_on")
        help_texts = {
            "description": _("What it shows, in your words and without names."),
            "language": _("Of the original, any language."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.new:
            self.fields["received_on"].initial = Evidence._meta.get_field("received_on").default
        else:
            del self.fields["upload"]  # files are added and kept one by one

    def for_service(self) -> dict[str, Any]:
        own = {"upload": self.cleaned_data["upload"]} if self.new else {}
        return super().for_service() | own
