"""What the domain refuses, as answers of the API."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as BadInput
from django.db import IntegrityError
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as of_drf

from cases.closed import told
from cases.files import FileRefused
from cases.looks import ReadingHeld
from cases.refusals import Refused, Stale, TooOften
from cases.services.consents import Touches
from cases.services.looks import tell_held
from cases.vault import Closed, NotSealable, VaultError


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """409 with every reason where a rule says no, 429 where a measure is spent; 412 where another
    version was seen; 400 where the input is bad; 404 where somebody took the row off at the same
    moment; 503 where a key to what is kept is missing, 500 where it was altered."""
    if isinstance(error, VaultError) and not isinstance(error, NotSealable):
        return _unopened(error)
    if isinstance(error, ReadingHeld):
        return _held(error, context)
    if isinstance(error, Stale):
        return _stale(error, context)
    if isinstance(error, Refused):
        often = isinstance(error, TooOften)
        code = status.HTTP_429_TOO_MANY_REQUESTS if often else status.HTTP_409_CONFLICT
        return Response(_reasons(error), code)
    return of_drf(_in_its_words(error), context)


def _in_its_words(error: Exception) -> Exception:
    """What Django and the database refuse, as DRF says such things."""
    if isinstance(error, BadInput):
        return ValidationError(as_serializer_error(error))
    if isinstance(error, ObjectDoesNotExist):
        return NotFound()
    if isinstance(error, FileRefused):
        return ValidationError({"file": [str(error)]})
    if isinstance(error, IntegrityError):
        # The database is the last to refuse; it names columns, which are nobody's business.
        words = _("These values do not go together, or with what is there already.")
        return ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [words]})
    return error


def _held(error: ReadingHeld, context: dict[str, Any]) -> Response:
    tell_held(error, by=context["request"].user)
    code = status.HTTP_429_TOO_MANY_REQUESTS
    headers = {"Retry-After": str(error.seconds_left)}
    return Response({"reasons": [error.reason]}, code, headers=headers)


def _unopened(error: VaultError) -> Response:
    """The vault's own words name keys, never a text."""
    told(error)
    closed = isinstance(error, Closed)
    code = status.HTTP_503_SERVICE_UNAVAILABLE if closed else status.HTTP_500_INTERNAL_SERVER_ERROR
    return Response({"reasons": [str(error)]}, code)


def _stale(error: Stale, context: dict[str, Any]) -> Response:
    """With the row as it stands, so that both can be looked at."""
    view, request = context["view"], context["request"]
    seen = "If-Match" in request.headers
    code = status.HTTP_412_PRECONDITION_FAILED if seen else status.HTTP_409_CONFLICT
    current = view.current(error.current) if hasattr(view, "current") else None
    return Response({"reasons": list(error.reasons), "current": current}, code)


def _reasons(error: Refused) -> dict[str, Any]:
    """Every one; of an answer that takes back, all that it would touch: sent back as `seen`, the
    digest records it."""
    if not isinstance(error, Touches):
        return {"reasons": list(error.reasons)}
    touched = error.touched
    left = [
        {"kind": one.kind.value, "id": one.row.pk, "at": one.at, "by": one.by and one.by.pk}
        for one in touched.left
    ]
    letters = [letter.pk for letter in touched.letters]
    return {
        "reasons": list(error.reasons),
        "seen": touched.digest,
        "letters": letters,
        "left": left,
    }
