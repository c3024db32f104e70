"""Cases offered to another office: by the one that holds them, answered by the other."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import Office
from cases.api.access import second_factor_required
from cases.api.fields import Link, Text
from cases.api.reference import staff_offices
from cases.api.rows import Listed, Recorded
from cases.api.shapes import In, Nothing, OfCaseIn, OutWithReason, with_reason
from cases.api.steps import step
from cases.models import Transfer
from cases.policy import May
from cases.services import transfers


class TransferIn(OfCaseIn):
    to = Link(Office, staff_offices)
    reason = Text(required=True)
    expires_at = serializers.DateTimeField()


class OfferAnswerIn(In):
    accept = serializers.BooleanField()


class TransferOut(OutWithReason):
    class Meta:
        model = Transfer
        fields = (
            "id",
            "case",
            "from_office",
            "to_office",
            "reason",
            "offered_by",
            "offered_at",
            "expires_at",
            "answer",
            "answered_by",
            "answered_at",
        )


class Transfers(Recorded):
    """Seen by those who see the case. The other office finds it among its `offers`."""

    model, input, output = Transfer, TransferIn, TransferOut
    ordering = ("-offered_at", "id")
    record = staticmethod(transfers.offer_transfer)

    def visible(self) -> QuerySet[Transfer]:
        rows = super().visible().select_related("case")
        return with_reason(rows, self.request.user, May.TRANSFER_CASE)

    def create(self, request: AuthedApiRequest) -> Response:
        second_factor_required(request)
        return super().create(request)

    @step(output=TransferOut)
    def withdraw(self, request: AuthedApiRequest, pk: str) -> Response:
        row: Any = self.get_object()
        self.given(Nothing)
        return self.shown(transfers.withdraw_transfer(row, by=request.user))


class OfferOut(serializers.ModelSerializer):
    """What an office reads before it answers: codes and the reason, nothing of the case."""

    what = serializers.CharField(source="case.label", read_only=True)
    reason = serializers.CharField(read_only=True)

    class Meta:
        model = Transfer
        fields = ("id", "what", "from_office", "reason", "expires_at")
        read_only_fields = fields


class Offers(Listed):
    """Cases that another office would give to one of the reader's offices."""

    model, output = Transfer, OfferOut
    filterset_class = None
    ordering = ("-offered_at", "id")

    def visible(self) -> QuerySet[Transfer]:
        offered = Transfer.objects.offered_to(self.request.user).select_related("case__state")
        return offered.prefetch_related("case__acts", "case__persons")

    @step(OfferAnswerIn, output=None, in_person=True)
    def decide(self, request: AuthedApiRequest, pk: str) -> Response:
        """Accept, and own the case; or decline, and leave it where it is."""
        row: Any = self.get_object()
        if self.given(OfferAnswerIn)["accept"]:
            transfers.accept_transfer(row, by=request.user)
        else:
            transfers.decline_transfer(row, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
