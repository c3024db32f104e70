"""What had left when a consent was taken back, and what became of each thing."""

from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import User
from cases.api.fields import Link, Text
from cases.api.reference import colleagues
from cases.api.rows import Listed
from cases.api.shapes import In, Out
from cases.api.steps import step
from cases.lifecycles import ContainmentMove
from cases.models import Containment
from cases.services import containments


class ContainmentOut(Out):
    class Meta:
        model = Containment
        fields = (
            "id",
            "case",
            "consent",
            "kind",
            "package",
            "assignment",
            "guest",
            "action",
            "left_at",
            "left_by",
            "owner",
            "due_on",
            "status",
            "words",
            "closed_by",
            "closed_at",
        )


class CloseIn(In):
    move = serializers.ChoiceField(choices=ContainmentMove.choices)
    words = Text(required=True)


class HandIn(In):
    to = Link(User, colleagues)


class Containments(Listed):
    """Made by the system in the moment of a withdrawal; closed by people, in words."""

    model, output = Containment, ContainmentOut
    ordering = ("due_on", "id")

    @step(CloseIn, output=ContainmentOut)
    def close(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say that it is done, or that it is not possible, and what came of it."""
        row = self.get_object()
        given = self.given(CloseIn)
        move = ContainmentMove(given.pop("move"))
        return self.shown(containments.close_containment(row, by=request.user, move=move, **given))

    @step(HandIn, output=ContainmentOut)
    def give(self, request: AuthedApiRequest, pk: str) -> Response:
        """Let another officer of the office answer for it."""
        row = self.get_object()
        given = self.given(HandIn)
        return self.shown(containments.give_containment(row, by=request.user, **given))
