"""Assessments of risk, each with an end."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.api.fields import Code, Codes, Link, Text
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Person, RiskAssessment, Source
from cases.services import risks


class RiskIn(PartIn):
    """Of a person or of a source, which it stays."""

    ONCE = (*PartIn.ONCE, "person", "source")

    person = Link(Person, required=False)
    source = Link(Source, required=False)  # type: ignore[assignment]
    level = Code("V-RISK", required=True)
    threat = Text()
    vulnerability = Text()
    capacity = Text()
    if_told = Text()
    mitigation = Text()
    triggers = Codes("V-RISK-TRIGGER")
    assessed_on = serializers.DateField(required=False)
    valid_until = serializers.DateField()

    def validate(self, attrs: Any) -> Any:
        if not self.partial and ("person" in attrs) == ("source" in attrs):
            raise serializers.ValidationError(_("Give a person or a source, and one of them."))
        return super().validate(attrs)


class RiskOut(Out):
    class Meta:
        model = RiskAssessment
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "person",
            "source",
            "level",
            "threat",
            "vulnerability",
            "capacity",
            "if_told",
            "mitigation",
            "triggers",
            "assessed_on",
            "valid_until",
            "assessed_by",
        )


class Risks(Parts):
    """What somebody risks when the State or the public learns of the case."""

    model, input, output = RiskAssessment, RiskIn, RiskOut
    record = staticmethod(risks.assess_risk)
    edit = staticmethod(risks.edit_risk)
    remove = staticmethod(risks.remove_risk)
