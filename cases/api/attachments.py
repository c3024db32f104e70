"""Files: what they are, and their bytes, opened piece by piece."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.renderers import BaseRenderer, JSONRenderer

from accounts.http import AuthedApiRequest
from cases.api.rows import Rows
from cases.delivery import deliver
from cases.models.attachment import Attachment


class Bytes(BaseRenderer):
    """Lets a client ask for any kind of file; what is sent is never rendered."""

    media_type = "*/*"
    format = "bytes"

    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        return JSONRenderer().render(data)


class NotThere(APIException):
    status_code = 503
    default_detail = "This file cannot be opened now. Try again later."
    default_code = "file_not_there"


class Files(Rows):
    """Looked at one by one; they are listed with what they belong to."""

    http_method_names = ["get", "head", "options"]
    filterset_class = None
    ordering = ("-added_at", "id")

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, filters=False
    )
    @action(detail=True, renderer_classes=[JSONRenderer, Bytes], pagination_class=None)
    def content(self, request: AuthedApiRequest, pk: str) -> HttpResponseBase:
        """The file in clear, or the way to it (302) where files have a host of their own.

        That it was opened is in the audit. 409: a virus was found, or the scan is still to come.
        """
        row = self.get_object()
        return self.sent(row, row, f"{row.pk}{PurePosixPath(row.name).suffix}")

    def sent(self, row: Any, file: Attachment, name: str) -> HttpResponseBase:
        """Never shown by a browser in our name, always saved, under a name that names nobody."""
        try:
            return deliver(file, name, by=self.request.user, case=self.case_of(row))
        except OSError as error:
            raise NotThere from error
