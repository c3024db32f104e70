"""The ledger of consent: entries are added, never changed."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.access import second_factor_required
from cases.api.fields import Code, Link, Text
from cases.api.rows import Recorded
from cases.api.shapes import Out, PartIn
from cases.models import Consent, Person, Source
from cases.services import consents
from cases.vocabulary import GRANTING, DataClass


class ConsentIn(PartIn):
    person = Link(Person)
    scope = Code("V-CONSENT-SCOPE", required=True)
    status = Code("V-CONSENT-STATUS", required=True)
    withheld = serializers.ListField(
        child=serializers.ChoiceField(choices=DataClass.choices), required=False, max_length=8
    )
    conditions = Text()
    given_through = Link(Source, required=False, allow_null=True)
    explanation = Text()
    language = Text(max_length=40)
    witness = Text()
    given_on = serializers.DateField(required=False)
    expires_on = serializers.DateField(required=False, allow_null=True)
    seen = Text(
        max_length=64,
        help_text="Where the answer takes something back: the digest of what it touches, as the "
        "first attempt was answered (409).",
    )


class ConsentOut(Out):
    class Meta:
        model = Consent
        fields = (
            "id",
            "case",
            "person",
            "scope",
            "status",
            "withheld",
            "conditions",
            "given_through",
            "explanation",
            "language",
            "witness",
            "given_on",
            "expires_on",
            "recorded_by",
            "recorded_at",
            "reopened",
        )


class Consents(Recorded):
    """What each person allowed, use by use. The entry recorded last is in force."""

    model, input, output = Consent, ConsentIn, ConsentOut
    ordering = ("-recorded_at", "id")
    record = staticmethod(consents.record_consent)

    def create(self, request: AuthedApiRequest) -> Response:
        """Write what a person said. A yes opens what may leave, so it is written in person; to
        take something back no proof is asked."""
        if self.given(ConsentIn)["status"] in GRANTING:
            second_factor_required(request)
        return super().create(request)

    def visible(self) -> QuerySet[Consent]:
        return super().visible().prefetch_related("reopened")
