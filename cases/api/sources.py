"""Who told us: never part of anything that leaves the house."""

from django.db.models import QuerySet
from rest_framework import serializers

from cases.api.fields import Code, Links, Text
from cases.api.identities import Known, with_identity
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Source
from cases.services import sources


class SourceIn(PartIn):
    kind = Code("V-SRC", required=True)
    connection = Code("V-SRC-CONN", required=True)
    reliability = Code("V-REL", allow_blank=False)
    independent_of = Links(Source)
    description = Text()


class SourceOut(Out):
    code = serializers.CharField()
    identity_version = serializers.IntegerField(
        allow_null=True, help_text="Of the identity that is kept; null where none is."
    )

    class Meta:
        model = Source
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "code",
            "kind",
            "connection",
            "reliability",
            "independent_of",
            "description",
            "identity_version",
        )


class Sources(Known, Parts):
    """Sources, and which of them are independent of which."""

    model, input, output = Source, SourceIn, SourceOut
    record = staticmethod(sources.record_source)
    edit = staticmethod(sources.edit_source)
    remove = staticmethod(sources.remove_source)

    def visible(self) -> QuerySet[Source]:
        return with_identity(super().visible().prefetch_related("independent_of"), "source")
