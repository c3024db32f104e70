"""Every refusal is written down: once for each request, after the transaction that it ended."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from cases import audit
from cases.refusals import Hearing, hearing

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORBIDDEN, NOT_FOUND = 403, 404


def write_refusals(get_response: GetResponse) -> GetResponse:
    """Who was refused, on which address, of which row, by which rule: never what they sent.

    A row that one may not see and one that never was are both written down; the answer to both
    takes the same steps. A stranger to the house is nobody and leaves nothing here.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        heard = Hearing()
        token = hearing.set(heard)
        try:
            response = get_response(request)
            verb = _verb(request, response, heard)
            if verb and not heard.written and isinstance(request.user, User):
                _write(request, request.user, verb, heard)
        finally:
            hearing.reset(token)
        return response

    return middleware


def _verb(request: HttpRequest, response: HttpResponseBase, heard: Hearing) -> str:
    """Empty where nothing was refused."""
    if response.status_code == NOT_FOUND:
        return "refused_as_unknown" if _subject(request) else ""
    if response.status_code == FORBIDDEN or heard.refused:
        return "refused_to_act"
    way = response.headers.get("Location", "")
    return "refused_until_proved" if "/reauthenticate/" in way else ""


def _write(request: HttpRequest, by: User, verb: str, heard: Hearing) -> None:
    match = request.resolver_match
    detail = {
        "route": match.view_name if match else "",
        "method": request.method or "",
        "rules": sorted(set(heard.refused)),
    }
    audit.refused(verb, by=by, subject=_subject(request), detail=detail)


def _subject(request: HttpRequest) -> UUID | None:
    """The row that the address names."""
    match = request.resolver_match
    named = match.kwargs.get("pk") if match else None
    try:
        return named if isinstance(named, UUID) else UUID(str(named))
    except ValueError:
        return None
