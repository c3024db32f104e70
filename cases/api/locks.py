"""The emergency brake: set, what was read, lifted by another. As at the console, for machines."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from accounts.models import Office, User
from cases.api.access import second_factor_required
from cases.api.fields import Link, Text
from cases.api.rows import Listed
from cases.api.shapes import In, Out
from cases.api.steps import look, step
from cases.api.timeline import Newest
from cases.models import AuditEvent, Case, Lock
from cases.models.lock import LOCKERS
from cases.services import locks

LONGEST_REASON = 2000


class LockIn(In):
    """A person, or a whole office."""

    person = Link(User, locks.people_lockable_by, required=False)
    office = Link(Office, locks.offices_lockable_by, required=False)
    reason = Text(required=True, max_length=LONGEST_REASON)

    def validate(self, attrs: Any) -> Any:
        if ("person" in attrs) == ("office" in attrs):
            raise serializers.ValidationError(_("Choose a person, or an office: not both."))
        return attrs


class LiftIn(In):
    reason = Text(required=True, max_length=LONGEST_REASON)


class LockOut(Out):
    class Meta:
        model = Lock
        fields = (
            *("id", "user", "office", "reason", "locked_by", "locked_at"),
            *("lifting_reason", "lifted_by", "lifted_at"),
        )


class ReadOut(Out):
    """One look. The case is named only to those who may see it."""

    case = serializers.SerializerMethodField()

    class Meta:
        model = AuditEvent
        fields = ("at", "door", "actor", "verb", "noun", "case")

    def get_case(self, event: AuditEvent) -> UUID | None:
        return event.case if event.case in self.context["seen"] else None


class Locks(Listed):
    """In force and lifted: all of them for administrators, those of their people for reviewers."""

    model, input, output = Lock, LockIn, LockOut
    filterset_class: Any = None
    ordering = ("-locked_at", "id")

    def case_of(self, _row: Lock) -> None:
        """Of people and offices."""

    def create(self, request: AuthedApiRequest) -> Response:
        """Shut a person or an office out, at once."""
        second_factor_required(request)
        if not request.user.offices_with(LOCKERS):
            raise PermissionDenied(_("You may not lock anybody."))
        given = self.given(LockIn)
        words: dict[str, Any] = {"by": request.user, "reason": given["reason"]}
        if "person" in given:
            lock = locks.lock_person(given["person"], **words)
        else:
            lock = locks.lock_office(given["office"], **words)
        return self.shown(lock, status.HTTP_201_CREATED)

    @step(LiftIn, output=LockOut, in_person=True)
    def lift(self, request: AuthedApiRequest, pk: str) -> Response:
        """Let in again; by another person than the one who locked."""
        return self.shown(locks.lift_lock(self.get_object(), by=request.user, **self.given(LiftIn)))

    @look(output=ReadOut(many=True), pages=Newest)
    def reads(self, request: AuthedApiRequest, pk: str) -> Response:
        """What the locked person, or each member of the locked office, was shown; newest first."""
        page: Any = self.paginate_queryset(locks.reads_of(self.looked_at()))
        cases = {event.case for event in page if event.case}
        visible = Case.objects.visible_to(request.user).filter(pk__in=cases)
        seen = {"seen": set(visible.values_list("pk", flat=True))}
        return self.get_paginated_response(ReadOut(page, many=True, context=seen).data)
