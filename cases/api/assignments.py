"""Who works on a case beside its office."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import Office, User
from cases.api.access import second_factor_required
from cases.api.fields import Link, Text
from cases.api.reference import colleagues, staff_offices
from cases.api.rows import Recorded
from cases.api.shapes import Nothing, OfCaseIn, Out
from cases.api.steps import step
from cases.models import Assignment
from cases.models.assignment import Duty
from cases.services import assignments


class AssignmentIn(OfCaseIn):
    """To an office or to one person by name."""

    office = Link(Office, staff_offices, required=False)
    user = Link(User, colleagues, required=False)
    duty = serializers.ChoiceField(choices=Duty.choices)
    reason = Text()
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    conditions_met = Text(help_text="Outside the house: how what people asked for is kept.")

    def validate(self, attrs: Any) -> Any:
        if ("office" in attrs) == ("user" in attrs):
            raise serializers.ValidationError(_("Give an office or a person, and one of them."))
        return super().validate(attrs)


class AssignmentOut(Out):
    class Meta:
        model = Assignment
        fields = (
            "id",
            "case",
            "office",
            "user",
            "duty",
            "reason",
            "given_by",
            "given_at",
            "expires_at",
            "ended_at",
            "ended_by",
        )


class Assignments(Recorded):
    """In force and ended."""

    model, input, output = Assignment, AssignmentIn, AssignmentOut
    ordering = ("-given_at", "id")
    record = staticmethod(assignments.assign_case)

    def visible(self) -> QuerySet[Assignment]:
        return super().visible().select_related("case")

    def create(self, request: AuthedApiRequest) -> Response:
        second_factor_required(request)
        return super().create(request)

    @step(output=AssignmentOut, in_person=True)
    def end(self, request: AuthedApiRequest, pk: str) -> Response:
        """It gives no access from now on; that it was there stays."""
        row = self.get_object()
        self.given(Nothing)
        return self.shown(assignments.end_assignment(row, by=request.user))
