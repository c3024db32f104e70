"""Who told us. Nothing of it ever leaves the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.console.parts.forms import identity
from cases.console.parts.forms.part import PartForm, formfield
from cases.models import Source


class SourceForm(identity.IdentityFields, PartForm):
    links = {"independent_of": "sources"}
    layout = (
        (
            _("The source"),
            [["kind", "connection"], ["reliability"], ["independent_of"], ["description"]],
        ),
        identity.LAYOUT,
    )

    class Meta:
        model = Source
        formfield_callback = formfield
        fields = ("kind", "connection", "reliability", "independent_of", "description")
        help_texts = {
            "reliability": _("Of the source, not of what it said now."),
            "independent_of": _(
                "Sources that did not learn it from each other. An element counts as corroborated "
                "only by two that are independent."
            ),
            "description": _("What colleagues must know to weigh it, without a name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.case.sources.exclude(pk=self.instance.pk)
        self._link("independent_of", others)
        if not others:
            del self.fields["independent_of"]
