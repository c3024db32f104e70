"""Who a person or a source really is: written here, and shown only when asked for by POST.

No other answer of the API holds a word of it.
"""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.access import version_seen
from cases.api.fields import Text
from cases.api.identity_requests import PURPOSES, IdentityRequestOut
from cases.api.rows import Rows
from cases.api.shapes import In, Out
from cases.api.steps import step
from cases.models import Identity
from cases.services import identities, identity_requests

LONGEST_LINE = 500


LONGEST_MOTIVE = 2000


class IdentityIn(In):
    """Fields left out or blank leave what is kept as it is."""

    name = Text(max_length=LONGEST_LINE)
    name_latin = Text(max_length=LONGEST_LINE)
    other_names = Text(max_length=LONGEST_LINE)
    contact = Text(max_length=LONGEST_LINE)
    safe_contact = Text(max_length=LONGEST_LINE)
    documents = Text()
    notes = Text()

    def validate(self, attrs: Any) -> Any:
        if not any(attrs.values()):
            raise serializers.ValidationError("Say at least one thing that is to be kept.")
        return attrs


class IdentityOut(Out):
    """That it is kept, never what."""

    class Meta:
        model = Identity
        fields = ("version", "kept_at", "changed_at")


class RevealIn(In):
    purpose = serializers.ChoiceField(choices=PURPOSES)


class AskIn(In):
    purpose = serializers.ChoiceField(choices=PURPOSES)
    motive = Text(required=True, max_length=LONGEST_MOTIVE, help_text="Name nobody in it.")


class EmergencyIn(In):
    motive = Text(required=True, max_length=LONGEST_MOTIVE, help_text="Name nobody in it.")
    confirmed = serializers.BooleanField(help_text="A life is in danger now.")


class RevealedOut(serializers.Serializer):
    name = serializers.CharField(required=False)
    name_latin = serializers.CharField(required=False)
    other_names = serializers.CharField(required=False)
    contact = serializers.CharField(required=False)
    safe_contact = serializers.CharField(required=False)
    documents = serializers.CharField(required=False)
    notes = serializers.CharField(required=False)


def with_identity(rows: QuerySet[Any], side: str) -> QuerySet[Any]:
    kept = Identity.objects.filter(**{side: OuterRef("pk")}).values("version")
    return rows.annotate(identity_version=Subquery(kept))


class Known(Rows):
    """Persons and sources: somebody real stands behind the code."""

    @step(IdentityIn, output=IdentityOut)
    def identity(self, request: AuthedApiRequest, pk: str) -> Response:
        """Keep who this is. Where something is kept already, If-Match carries its version."""
        subject, version = self.get_object(), version_seen(request)
        content = self.given(IdentityIn)
        kept = identities.keep_identity(subject, by=request.user, content=content, version=version)
        return Response(IdentityOut(kept).data, headers={"ETag": f'"{kept.version}"'})

    @step(RevealIn, output=RevealedOut, in_person=True)
    def reveal(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say who this is, to whoever may see it now. Each look is written down."""
        identity = self._identity()
        purpose = self.given(RevealIn)["purpose"]
        content = identities.reveal(identity, by=request.user, purpose=purpose)
        return Response({key: content[key] for key in Identity.FIELDS if key in content})

    @step(AskIn, output=IdentityRequestOut)
    def ask(self, request: AuthedApiRequest, pk: str) -> Response:
        """Ask the custodian to see this one name. See `identity-requests` for the answer."""
        identity = self._identity()
        row = identity_requests.ask_identity(identity, by=request.user, **self.given(AskIn))
        return Response(IdentityRequestOut(row).data)

    @step(EmergencyIn, output=IdentityRequestOut, in_person=True)
    def break_glass(self, request: AuthedApiRequest, pk: str) -> Response:
        """A life is in danger: open it to oneself for an hour. Two are told and review it."""
        identity = self._identity()
        given = self.given(EmergencyIn)
        row = identity_requests.break_glass(identity, by=request.user, **given)
        return Response(IdentityRequestOut(row).data)

    def _identity(self) -> Identity:
        identity = getattr(self.get_object(), "identity", None)
        if identity is None:
            raise Http404
        return identity
