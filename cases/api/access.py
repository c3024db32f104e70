"""Who may come in here, and what a request says about the version it has seen."""

import re

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import second_factor
from accounts.http import AuthedApiRequest
from accounts.models import User

ONE_VERSION = re.compile(r'"(\d{1,9})"')


class Staff(IsAuthenticated):
    """People of this side of the table. A mission has its portal, and nothing here."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not (super().has_permission(request, view) and isinstance(user, User)):
            return False
        return user.belongs_at("console") and user.state_id is None


class PreconditionRequired(APIException):
    """428: what is changed without saying what was seen could overwrite somebody's work."""

    status_code = 428
    default_detail = "Send If-Match with the version that you read."
    default_code = "precondition_required"


def second_factor_required(request: AuthedApiRequest) -> None:
    """A session sends by this door what it could send from a page. A token came after a code."""
    if request.auth is None and second_factor.is_owed(request):
        raise PermissionDenied(_("Type the code of your second factor again, then send."))


def version_seen(request: Request) -> int | None:
    """The version in If-Match, as the ETag of a row gave it; None where there is no header."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    if not (found := ONE_VERSION.fullmatch(header.strip())):
        raise ParseError("If-Match takes one version in quotation marks, as ETag gave it.")
    return int(found[1])


def version_required(request: Request) -> int:
    if (version := version_seen(request)) is None:
        raise PreconditionRequired
    return version
