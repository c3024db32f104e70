"""Requests to see a name: asked at the person or source, decided here by a custodian."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.fields import Text
from cases.api.rows import Listed
from cases.api.shapes import In, Nothing, Out
from cases.api.steps import step
from cases.models import IdentityRequest
from cases.models.identity_request import Period
from cases.services import identity_requests
from cases.vocabulary import OpeningPurpose

LONGEST = 2000
# Why a name is looked at; it stays in the audit beside the look.
PURPOSES = [(one.value, one.label) for one in OpeningPurpose.of_people()]


class ApproveIn(In):
    period = serializers.ChoiceField(choices=Period.choices)
    reason = Text(required=True, max_length=LONGEST)


class RefuseIn(In):
    reason = Text(required=True, max_length=LONGEST)


class ReviewIn(In):
    justified = serializers.BooleanField()
    review = Text(required=True, max_length=LONGEST)


class IdentityRequestOut(Out):
    purpose = serializers.ChoiceField(choices=PURPOSES)
    standing = serializers.CharField(help_text="The status, with what time ended counted as ended.")

    class Meta:
        model = IdentityRequest
        fields = (
            "id",
            "case",
            "code",
            "emergency",
            "purpose",
            "motive",
            "asked_by",
            "asked_at",
            "standing",
            "agreed_by",
            "agreed_at",
            "agreement",
            "decided_by",
            "decided_at",
            "reason",
            "expires_at",
            "ended_by",
            "ended_at",
            "reviewed_by",
            "reviewed_at",
            "justified",
            "review",
        )


class IdentityRequests(Listed):
    """One's own, those of the office for its custodians, those of their cases for the desks."""

    model, output = IdentityRequest, IdentityRequestOut
    ordering: ClassVar[tuple[str, ...]] = ("-asked_at", "id")

    @step(ApproveIn, output=IdentityRequestOut, in_person=True)
    def approve(self, request: AuthedApiRequest, pk: str) -> Response:
        """Let the person who asked see this one name for a time. Never one's own request.

        For counsel the first of two custodians agrees; the second approves, for an hour.
        """
        return self._decided(identity_requests.approve_request, ApproveIn)

    @step(RefuseIn, output=IdentityRequestOut, in_person=True)
    def refuse(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say no, and why."""
        return self._decided(identity_requests.refuse_request, RefuseIn)

    @step(ReviewIn, output=IdentityRequestOut, in_person=True)
    def review(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say whether an emergency was one. Once, and never one's own."""
        return self._decided(identity_requests.review_emergency, ReviewIn)

    @step(output=IdentityRequestOut)
    def withdraw(self, request: AuthedApiRequest, pk: str) -> Response:
        """Whoever asked needs it no more."""
        row = self.get_object()
        self.given(Nothing)
        return self.shown(identity_requests.withdraw_request(row, by=request.user))

    @step(output=IdentityRequestOut)
    def end(self, request: AuthedApiRequest, pk: str) -> Response:
        """Nothing is opened by it from now on."""
        row = self.get_object()
        self.given(Nothing)
        return self.shown(identity_requests.end_request(row, by=request.user))

    def _decided(self, service: Any, shape: type[In]) -> Response:
        row = self.get_object()
        return self.shown(service(row, by=self.request.user, **self.given(shape)))
