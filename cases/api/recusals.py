"""Who stepped back from a case: themselves, or by the word of a reviewer."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import User
from cases.api.access import second_factor_required
from cases.api.fields import Link, Text
from cases.api.reference import colleagues
from cases.api.rows import Recorded
from cases.api.shapes import Nothing, OfCaseIn, OutWithReason, with_reason
from cases.api.steps import step
from cases.models import Recusal
from cases.policy import May
from cases.services import exclusions


class RecusalIn(OfCaseIn):
    """Nobody named: oneself."""

    person = Link(User, colleagues, required=False)
    reason = Text()


class RecusalOut(OutWithReason):
    class Meta:
        model = Recusal
        fields = (
            "id",
            "case",
            "user",
            "reason",
            "declared_by",
            "declared_at",
            "ended_by",
            "ended_at",
        )


class Recusals(Recorded):
    """In force and ended. Whoever stepped back does not see the case, nor its rows here."""

    model, input, output = Recusal, RecusalIn, RecusalOut
    ordering = ("-declared_at", "id")
    record = staticmethod(exclusions.recuse)

    def visible(self) -> QuerySet[Recusal]:
        rows = super().visible().select_related("case")
        return with_reason(rows, self.request.user, May.RECUSE)

    def create(self, request: AuthedApiRequest) -> Response:
        """To step back oneself takes no proof; to shut a colleague out does."""
        if isinstance(request.data, dict) and request.data.get("person") is not None:
            second_factor_required(request)
        return super().create(request)

    @step(output=RecusalOut, in_person=True)
    def end(self, request: AuthedApiRequest, pk: str) -> Response:
        """Let the person in again; never oneself."""
        row: Any = self.get_object()
        self.given(Nothing)
        return self.shown(exclusions.end_recusal(row, by=request.user))
