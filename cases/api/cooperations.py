"""The cooperation with the United Nations that a case is about."""

from django.db.models import QuerySet
from rest_framework import serializers

from cases.api.fields import Code, Codes, Link, Links, Text
from cases.api.reference import active_mechanisms
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Cooperation, Mechanism, Person
from cases.services import cooperations


class CooperationIn(PartIn):
    persons = Links(Person)
    kind = Code("V-COOP", required=True)
    actor = Code("V-ACTOR", required=True)
    mechanism = Link(Mechanism, active_mechanisms, required=False, allow_null=True)
    tense = Code("V-TENSE", required=True)
    channel = Code("V-COOP-CHANNEL")
    started_on = serializers.DateField(required=False, allow_null=True)
    ended_on = serializers.DateField(required=False, allow_null=True)
    evidence = Codes("V-COOP-EVID")
    description = Text()
    nexus = Code("V-NEXUS")
    basis = Text()
    how_known = Text()


class CooperationOut(Out):
    class Meta:
        model = Cooperation
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "persons",
            "kind",
            "actor",
            "mechanism",
            "tense",
            "channel",
            "started_on",
            "ended_on",
            "evidence",
            "description",
            "nexus",
            "basis",
            "how_known",
        )


class Cooperations(Parts):
    """Cooperation that was sought, is ongoing, past or perceived, and the link to it."""

    model, input, output = Cooperation, CooperationIn, CooperationOut
    record = staticmethod(cooperations.record_cooperation)
    edit = staticmethod(cooperations.edit_cooperation)
    remove = staticmethod(cooperations.remove_cooperation)

    def visible(self) -> QuerySet[Cooperation]:
        return super().visible().prefetch_related("persons")
