"""What was allegedly done."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.api.fields import Code, Codes, Links, Text
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Act, Perpetrator, Person
from cases.services import acts
from cases.vocabulary import DatePrecision


class ActIn(PartIn):
    kind = Code("V-ACT", required=True)
    persons = Links(Person)
    started_on = serializers.DateField(required=False, allow_null=True)
    ended_on = serializers.DateField(required=False, allow_null=True)
    precision = serializers.ChoiceField(choices=DatePrecision.choices, required=False)
    place = Text()
    stage = Code("V-STAGE")
    mode = Code("V-MODE")
    legal_basis = Code("V-LEGALBASIS")
    collective = serializers.BooleanField(required=False)
    transnational = serializers.BooleanField(required=False)
    description = Text()
    perpetrators = Codes("V-PERP")
    attribution = Code("V-PERP-ATTR", allow_blank=False)
    involvement = Code("V-PERP-INV")

    def validate(self, attrs: Any) -> Any:
        if {"attribution", "involvement"} & set(attrs) and "perpetrators" not in attrs:
            told = _("Say of which perpetrators.")
            raise serializers.ValidationError({"perpetrators": told})
        return super().validate(attrs)


class PerpetratorOut(Out):
    class Meta:
        model = Perpetrator
        fields = ("kind", "attribution", "involvement")


class ActOut(Out):
    perpetrators = PerpetratorOut(many=True)

    class Meta:
        model = Act
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
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
            "perpetrators",
        )


class Acts(Parts):
    """Alleged acts, and which kinds of actors allegedly did them."""

    model, input, output = Act, ActIn, ActOut
    record = staticmethod(acts.record_act)
    edit = staticmethod(acts.edit_act)
    remove = staticmethod(acts.remove_act)

    def visible(self) -> QuerySet[Act]:
        return super().visible().prefetch_related("persons", "perpetrators")
