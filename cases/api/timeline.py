"""What happened on a case, and, for those who may ask, who looked at it."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases import audit
from cases.api.paging import ByKey
from cases.api.rows import Rows
from cases.api.shapes import Out
from cases.api.steps import look
from cases.models import AuditEvent
from cases.policy import May, require


class Newest(ByKey):
    def get_ordering(self, *_args: Any) -> tuple[str, ...]:
        return ("-written_at", "-id")


class EventOut(Out):
    """Codes and ids; an event has no number of its own here, since numbers count."""

    subject = serializers.CharField(help_text="The id of the row that it was done to.")

    class Meta:
        model = AuditEvent
        fields = ("at", "door", "actor", "verb", "noun", "subject", "read", "detail")


class Told(Rows):
    """A case and its history."""

    @look(output=EventOut(many=True), pages=Newest)
    def timeline(self, request: AuthedApiRequest, pk: str) -> Response:
        """What was done, newest first."""
        case = self.looked_at()
        return self._events(AuditEvent.objects.filter(case=case.pk, read=False))

    @look(output=EventOut(many=True), pages=Newest)
    def audit(self, request: AuthedApiRequest, pk: str) -> Response:
        """The same, with every look and every refusal."""
        case = self.get_object()
        require(request.user, May.READ_AUDIT, case)
        audit.read(case, by=request.user, case=case)
        return self._events(AuditEvent.objects.filter(case=case.pk))

    def _events(self, events: QuerySet[AuditEvent]) -> Response:
        page = self.paginate_queryset(events)
        return self.get_paginated_response(EventOut(page, many=True).data)
