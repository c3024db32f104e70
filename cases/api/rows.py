"""The verbs that every noun shares: list, look at, record, edit, remove.

A noun says which model, shapes and services are its own. Rows come from `visible_to`, writing goes
through services, every reading is in the audit.
"""

from collections.abc import Callable, Collection
from typing import Any, ClassVar
from uuid import UUID

from django.db import models, transaction
from rest_framework import status, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.http import AuthedApiRequest
from cases import audit
from cases.api.access import Staff, version_required, version_seen
from cases.api.filters import Narrowed, OfCase
from cases.api.parsing import Json
from cases.api.shapes import In, Nothing
from cases.refusals import SavedAlready
from cases.services import records


class Rows(viewsets.GenericViewSet):
    """Rows that the person who asks may see. A stranger's row is not found."""

    permission_classes = [Staff]
    parser_classes = [Json]
    filter_backends = [Narrowed]
    filterset_class: Any = OfCase
    request: AuthedApiRequest

    model: type[models.Model]
    output: type[BaseSerializer]
    # What a list shows of each row where that is less, or is all codes: it counts as such.
    listed: type[BaseSerializer] | None = None
    ordering: ClassVar[tuple[str, ...]] = ("-changed_at", "id")

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.visible()

    def visible(self) -> models.QuerySet[Any]:
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def case_of(self, row: Any) -> UUID | None:
        return row.case_id

    def given(self, shape: type[In], row: Any = None, *, partial: bool = False) -> dict[str, Any]:
        """What the request says, checked. Raises ValidationError, by field."""
        context = self.get_serializer_context()
        wanted = shape(row, data=self.request.data, partial=partial, context=context)
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)

    def looked_at(self) -> Any:
        """The row of this address; that it was looked at is in the audit."""
        return self.seen(self.get_object())

    def seen(self, row: Any) -> Any:
        """The row, on its way to whoever asked; the audit says so first."""
        audit.read(row, by=self.request.user, case=self.case_of(row))
        return row

    def shown(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """The row as it stands now; nothing, where what was done took it out of sight."""
        fresh = self.get_queryset().filter(pk=row.pk).first()
        if fresh is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return self.answer(fresh, code)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        data = self.output(row, context=self.get_serializer_context()).data
        version = getattr(row, "version", None)
        return Response(data, code, headers={"ETag": f'"{version}"'} if version else None)

    def current(self, row: Any) -> Any:
        """For whoever comes second: the row as somebody else left it, which is a look at it."""
        same = isinstance(row, self.model)
        fresh = self.get_queryset().filter(pk=row.pk).first() if same else None
        if fresh is None:
            return None
        return self.output(self.seen(fresh), context=self.get_serializer_context()).data

    def retrieve(self, request: AuthedApiRequest, pk: str) -> Response:
        return self.answer(self.looked_at())


class Listed(Rows):
    """May be listed, a page at a time."""

    def list(self, request: AuthedApiRequest) -> Response:
        page: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        self._written_down(page)
        shape = self.listed or self.output
        data = shape(page, many=True, context=self.get_serializer_context()).data
        return self.get_paginated_response(data)

    def _written_down(self, page: Collection[Any]) -> None:
        """A list that tells more than codes shows of each case what its page would."""
        cases, in_codes = {self.case_of(row) for row in page}, self.listed is not None
        audit.listed(
            self.model,
            by=self.request.user,
            number=len(page),
            case=next(iter(cases)) if len(cases) == 1 else None,
            of={row.pk if in_codes else self.case_of(row) or row.pk for row in page},
            in_codes=in_codes,
        )


class Recorded(Listed):
    """May be added to a case, by `record`."""

    input: type[In]
    record: Callable[..., Any]

    def create(self, request: AuthedApiRequest) -> Response:
        fields = self.given(self.input)
        case = fields.pop("case")
        return self.recorded(lambda: self.record(case, by=request.user, **fields), case=case)

    def recorded(self, write: Callable[[], Any], **where: Any) -> Response:
        """The new row; where the same id came before, a look at the row that came of it."""
        try:
            row = write()
        except SavedAlready as twice:
            row = self.get_queryset().filter(pk=getattr(twice.current, "pk", None), **where).first()
            if row is None:
                raise
            return self.answer(self.seen(row))
        return self.shown(row, status.HTTP_201_CREATED)


class Editable(Listed):
    """May be changed, by `edit`, by whoever has seen the version that stands."""

    input: type[In]
    edit: Callable[..., Any]

    def partial_update(self, request: AuthedApiRequest, pk: str) -> Response:
        row = self.get_object()
        version = version_required(request)
        fields = self.given(self.input, row, partial=True)
        return self.shown(self.edit(row, by=request.user, version=version, **fields))


class Removable(Listed):
    """May be taken off, by `remove`. If-Match is heeded where it is sent."""

    remove: Callable[..., None]

    def destroy(self, request: AuthedApiRequest, pk: str) -> Response:
        row, version = self.get_object(), version_seen(request)
        self.given(Nothing)
        with transaction.atomic():
            if version is not None:
                records.locked_case(row.case)
                records.unchanged(row, version)
            self.remove(row, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Parts(Recorded, Editable, Removable):
    """Most parts of a case know all three."""
