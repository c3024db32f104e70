"""Measures that a State took, as it says or as is known."""

from rest_framework import serializers

from cases.api.fields import Code, Link, Text
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Measure, Reply
from cases.services import measures


class MeasureIn(PartIn):
    kind = Code("V-MEAS", required=True)
    reply = Link(Reply, required=False, allow_null=True)
    taken_on = serializers.DateField(required=False, allow_null=True)
    body = Text()
    description = Text()


class MeasureOut(Out):
    class Meta:
        model = Measure
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "state",
            "reply",
            "kind",
            "taken_on",
            "body",
            "description",
            "recorded_by",
            "recorded_at",
        )


class Measures(Parts):
    """An investigation, a release, a law."""

    model, input, output = Measure, MeasureIn, MeasureOut
    record = staticmethod(measures.record_measure)
    edit = staticmethod(measures.edit_measure)
    remove = staticmethod(measures.remove_measure)
