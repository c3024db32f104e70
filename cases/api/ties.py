"""What binds colleagues to a State, which keeps them from its cases: an administrator's."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import OfficeKind, Role, User
from cases.api.fields import Link, Links
from cases.api.rows import Listed
from cases.api.shapes import In, Out
from cases.api.steps import step
from cases.models import State, Tie
from cases.services import exclusions


def every_state(_user: User) -> QuerySet[State]:
    """Also those no longer offered: a nationality outlives a State."""
    return State.objects.all()


def staff(_user: User) -> QuerySet[User]:
    """Members of missions have no ties to write down: they never see a case."""
    return User.objects.exclude(memberships__office__kind=OfficeKind.MISSION)


class TiesIn(In):
    """All ties of one person, in the place of those that were written down before."""

    person = Link(User, staff)
    nationalities = Links(State, every_state, required=True)
    seconded_by = Link(State, every_state, allow_null=True)


class TiesOut(serializers.Serializer):
    let_go = serializers.IntegerField(help_text="Cases that the person held and holds no more.")


class TieOut(Out):
    class Meta:
        model = Tie
        fields = ("id", "user", "state", "bond")


class OfPerson(filters.FilterSet):
    person = filters.UUIDFilter(field_name="user_id")


class Ties(Listed):
    """Nationalities and secondments."""

    model, output = Tie, TieOut
    filterset_class = OfPerson
    ordering = ("user", "bond", "id")

    def case_of(self, _row: Tie) -> None:
        """Of people."""

    @step(TiesIn, output=TiesOut, detail=False, in_person=True)
    def write(self, request: AuthedApiRequest) -> Response:
        """Say to which States a person is bound; what they hold of cases there is let go."""
        if not request.user.offices_with({Role.ADMINISTRATOR}):
            raise PermissionDenied(_("Only an administrator writes down ties to a State."))
        given: dict[str, Any] = self.given(TiesIn)
        let_go = exclusions.set_ties(given.pop("person"), by=request.user, **given)
        return Response(TiesOut({"let_go": let_go}).data)
