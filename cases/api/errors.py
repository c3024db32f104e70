"""What the domain refuses, as answers of the API."""

from typing import Any

from django.core.exceptions import ValidationError as BadInput
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler as of_drf

from cases.refusals import Refused


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """409 with every reason where a rule says no; 400 where the input is bad."""
    if isinstance(error, Refused):
        return Response({"reasons": list(error.reasons)}, status.HTTP_409_CONFLICT)
    if isinstance(error, BadInput):
        error = ValidationError(as_serializer_error(error))
    return of_drf(error, context)
