"""The factual elements of a case, and what each source says of each."""

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.fields import Code, Link, Text
from cases.api.rows import Parts, Recorded, Removable
from cases.api.shapes import In, Out, PartIn
from cases.models import Act, Corroboration, Element, Evidence, Source
from cases.services import elements
from cases.vocabulary import ElementKind, Stance


class ElementIn(PartIn):
    kind = serializers.ChoiceField(choices=ElementKind.choices)
    act = Link(Act, required=False, allow_null=True)
    statement = Text(required=True)


class ElementOut(Out):
    class Meta:
        model = Element
        fields = ("id", "version", "changed_at", "case", "number", "kind", "act", "statement")


class Elements(Parts):
    """Facts that are alleged, each worded so that it may be put to the State."""

    model, input, output = Element, ElementIn, ElementOut
    record = staticmethod(elements.record_element)
    edit = staticmethod(elements.edit_element)
    remove = staticmethod(elements.remove_element)


class CorroborationIn(In):
    element = Link(Element)
    source = Link(Source)  # type: ignore[assignment]
    evidence = Link(Evidence, required=False, allow_null=True)
    stance = serializers.ChoiceField(choices=Stance.choices)
    credibility = Code("V-CRED", required=True)
    first_hand = serializers.BooleanField(required=False)
    note = Text()


class CorroborationOut(Out):
    class Meta:
        model = Corroboration
        fields = (
            "id",
            "case",
            "element",
            "source",
            "evidence",
            "stance",
            "credibility",
            "first_hand",
            "note",
        )


class Corroborations(Recorded, Removable):
    """What one source says of one element. Said again, it replaces what was said before."""

    model, input, output = Corroboration, CorroborationIn, CorroborationOut
    ordering = ("id",)
    remove = staticmethod(elements.unsay)

    def visible(self) -> QuerySet[Corroboration]:
        return super().visible().select_related("case")

    def create(self, request: AuthedApiRequest) -> Response:
        fields = self.given(CorroborationIn)
        element, source = fields.pop("element"), fields.pop("source")
        word = elements.corroborate(element, source, by=request.user, **fields)
        return self.shown(word, status.HTTP_201_CREATED)
