"""What keeps a case from ending, and the two signatures under which it ends."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.access import second_factor_required
from cases.api.fields import Text
from cases.api.rows import Recorded
from cases.api.shapes import In, Nothing, OfCaseIn, Out, OutWithReason, with_reason
from cases.api.steps import step
from cases.models import Disposal, Hold
from cases.policy import May
from cases.services import retention


class HoldIn(OfCaseIn):
    reason = Text(required=True)
    until = serializers.DateField(required=False, allow_null=True)


class HoldOut(OutWithReason):
    class Meta:
        model = Hold
        fields = (
            "id",
            "case",
            "reason",
            "until",
            "placed_by",
            "placed_at",
            "lifted_by",
            "lifted_at",
        )


class Holds(Recorded):
    model, input, output = Hold, HoldIn, HoldOut
    ordering = ("-placed_at", "id")
    record = staticmethod(retention.hold_case)

    def visible(self) -> QuerySet[Hold]:
        rows = super().visible().select_related("case")
        return with_reason(rows, self.request.user, May.HOLD_CASE)

    @step(output=HoldOut, in_person=True)
    def lift(self, request: AuthedApiRequest, pk: str) -> Response:
        """By another person than the one who placed it."""
        row: Any = self.get_object()
        self.given(Nothing)
        return self.shown(retention.lift_hold(row, by=request.user))


class DisposalDecideIn(In):
    approve = serializers.BooleanField()


class DisposalOut(Out):
    class Meta:
        model = Disposal
        fields = (
            *("id", "case", "deed", "asked_by", "asked_at", "approved_by", "approved_at"),
            *("ended_by", "ended_at", "done_at"),
        )


class Disposals(Recorded):
    """Asked for by one reviewer, decided by another."""

    model, input, output, listed = Disposal, OfCaseIn, DisposalOut, DisposalOut
    ordering = ("-asked_at", "id")
    record = staticmethod(retention.ask_disposal)

    def visible(self) -> QuerySet[Disposal]:
        return super().visible().select_related("case")

    def create(self, request: AuthedApiRequest) -> Response:
        second_factor_required(request)
        return super().create(request)

    @step(DisposalDecideIn, output=DisposalOut, in_person=True)
    def decide(self, request: AuthedApiRequest, pk: str) -> Response:
        """Approve, and a worker carries it out; or leave the case as it is."""
        row: Any = self.get_object()
        if self.given(DisposalDecideIn)["approve"]:
            return self.shown(retention.approve_disposal(row, by=request.user))
        return self.shown(retention.decline_disposal(row, by=request.user))
