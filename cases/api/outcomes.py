"""What became of the people."""

from rest_framework import serializers

from cases.api.fields import Code, Link, Text
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Outcome, Person, Source
from cases.services import outcomes


class OutcomeIn(PartIn):
    ONCE = (*PartIn.ONCE, "person")

    person = Link(Person)
    kind = Code("V-FOLLOWUP", required=True)
    impact = Code("V-FOLLOWUP-IMPACT")
    remedy = Code("V-FOLLOWUP-REMEDY")
    as_of = serializers.DateField(required=False)
    source = Link(Source, required=False, allow_null=True)  # type: ignore[assignment]
    note = Text()


class OutcomeOut(Out):
    class Meta:
        model = Outcome
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "person",
            "kind",
            "impact",
            "remedy",
            "as_of",
            "source",
            "note",
            "recorded_by",
            "recorded_at",
        )


class Outcomes(Parts):
    """The situation of each person, with its date and its source."""

    model, input, output = Outcome, OutcomeIn, OutcomeOut
    record = staticmethod(outcomes.record_outcome)
    edit = staticmethod(outcomes.edit_outcome)
    remove = staticmethod(outcomes.remove_outcome)
