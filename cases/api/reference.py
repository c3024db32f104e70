"""Words and places that everybody in the house speaks of, and who one is in it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.http import AuthedApiRequest
from accounts.models import Office, OfficeKind, Role, User
from cases.api.access import Staff
from cases.api.shapes import Out
from cases.models import Mechanism, State, Term
from cases.models.case import CASE_ROLES
from cases.models.term import vocabularies
from cases.policy import May, offices_where


def active_states(_user: User) -> QuerySet[State]:
    return State.objects.filter(active=True)


def active_mechanisms(_user: User) -> QuerySet[Mechanism]:
    return Mechanism.objects.exclude(active=False)


def staff_offices(_user: User) -> QuerySet[Office]:
    return Office.objects.filter(active=True).exclude(kind=OfficeKind.MISSION)


def colleagues(_user: User) -> QuerySet[User]:
    """Whoever works with cases in an office of this side of the table."""
    working = User.objects.filter(
        is_active=True, memberships__role__in=CASE_ROLES, memberships__office__active=True
    )
    return working.distinct().order_by("name", "id")


class StateOut(Out):
    class Meta:
        model = State
        fields = ("iso3", "names", "status", "regional_group", "active")


class MechanismOut(Out):
    class Meta:
        model = Mechanism
        fields = ("code", "actor", "names", "kind", "active")


class TermOut(Out):
    class Meta:
        model = Term
        fields = ("code", "labels", "definition", "severity", "valid_from", "valid_to")


class OfficeOut(Out):
    class Meta:
        model = Office
        fields = ("id", "kind", "name", "mechanisms")


class ColleagueOut(Out):
    class Meta:
        model = User
        fields = ("id", "name")


class PlaceOut(serializers.Serializer):
    office = serializers.UUIDField(source="office_id")
    role = serializers.ChoiceField(choices=Role.choices)


class MeOut(Out):
    memberships = PlaceOut(many=True, source="memberships_now")

    class Meta:
        model = User
        fields = ("id", "name", "language", "memberships")


class Whole(viewsets.ReadOnlyModelViewSet):
    """Short lists, given whole and to anybody of this side."""

    permission_classes = [Staff]
    pagination_class = None
    filter_backends: list[Any] = []
    lookup_value_regex = "[A-Za-z0-9-]+"
    request: AuthedApiRequest


class States(Whole):
    """States, with their names in six languages."""

    queryset = State.objects.all()
    serializer_class = StateOut


class Mechanisms(Whole):
    queryset = Mechanism.objects.all()
    serializer_class = MechanismOut


class Offices(Whole):
    """Offices that may work on a case; no mission ever does."""

    queryset = Office.objects.none()
    serializer_class = OfficeOut

    def get_queryset(self) -> QuerySet[Office]:
        return staff_offices(self.request.user).prefetch_related("mechanisms")


class Colleagues(Whole):
    """Whom a case may be given to, for those who give cases."""

    queryset = User.objects.none()
    serializer_class = ColleagueOut

    def get_queryset(self) -> QuerySet[User]:
        if not offices_where(self.request.user, May.ASSIGN_CASE):
            raise PermissionDenied
        return colleagues(self.request.user)


class Me(APIView):
    """Who asks, and in which offices they have which role."""

    permission_classes = [Staff]

    @extend_schema(responses=MeOut)
    def get(self, request: AuthedApiRequest) -> Response:
        return Response(MeOut(request.user).data)


class Vocabularies(viewsets.GenericViewSet):
    """The lists of codes, and the terms of each."""

    permission_classes = [Staff]
    pagination_class = None
    filter_backends: list[Any] = []
    queryset = Term.objects.none()
    serializer_class = TermOut
    lookup_field = "vocabulary"
    lookup_value_regex = "V-[A-Z-]+"

    @extend_schema(responses=serializers.ListSerializer(child=serializers.CharField()))
    def list(self, request: AuthedApiRequest) -> Response:
        return Response(sorted(vocabularies()))

    @extend_schema(responses=TermOut(many=True), operation_id="vocabularies_retrieve")
    def retrieve(self, request: AuthedApiRequest, vocabulary: str) -> Response:
        """Terms in their order, also those no longer offered: old rows still speak them."""
        found = vocabularies().get(vocabulary)
        if found is None:
            raise Http404
        return Response(TermOut(found.values(), many=True).data)
