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
        if not user.belongs_at("console") or user.state_id is not None:
            return False
        if second_factor.is_missing(user):
            raise PermissionDenied(_("Set up a second factor first: sign in at the console."))
        return True


class PreconditionRequired(APIException):
    """428: what is changed without saying what was seen could overwrite somebody's work."""

    status_code = 428
    default_detail = "Send If-Match with the version that you read."
    default_code = "precondition_required"


def second_factor_required(request: AuthedApiRequest) -> None:
    """What sends, shares or decides is done by a person who is there.

    A session proves that as for a page. A token cannot prove anything: whoever found it in a
    script must not give a case away with it.
    """
    if request.auth is not None:
        raise PermissionDenied(_("A token cannot do this. Sign in and do it yourself."))
    if second_factor.is_owed(request):
        raise PermissionDenied(_("Prove first that it is still you, on the page of signing in."))


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
