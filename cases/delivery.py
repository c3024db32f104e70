"""How a file leaves a door: checked, written down, and never in the name of the origin that runs
our scripts.

Where the door has a host for files (`FILES_URL`), the view that checked leads there with a token
that is good once, for half a minute, for this one file. That host knows no cookie, no session and
no other address. Without one, as in development, the file comes from the door itself, as a
download in a sandbox: ADR 0017.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, custody, files
from cases.models import Case
from cases.models.attachment import Attachment
from cases.refusals import Refused
from cases.vault import Ring

TOKEN_BYTES = 32
GOOD_FOR = 30  # seconds
SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def deliver(
    row: Attachment, name: str, *, by: User, case: Case | UUID | None = None
) -> HttpResponseBase:
    """The file, or the way to it. Raises Refused in quarantine, OSError where it is not there.

    That it was opened is written down before anything of it is sent. `name` is what the history
    of a browser keeps: it names nobody.
    """
    if custody.quarantined(row):
        raise Refused(
            _("This file is not opened: a virus was found, or the scan is still to come.")
        )
    pieces = files.read(row.pk, row.ring)
    audit.read(row, by=by, case=case)
    if case:
        custody.opened(row, by=by, case=case.pk if isinstance(case, Case) else case)
    told: dict[str, Any] = {"name": name, "size": row.size, "media_type": row.media_type}
    if settings.FILES_URL:
        return _led_away({"row": str(row.pk), "ring": row.ring.value, **told})
    return _download(pieces, **told)


def _led_away(what: dict[str, Any]) -> HttpResponse:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    cache.set(_key(token), what, GOOD_FOR)
    return redirect(f"{settings.FILES_URL.rstrip('/')}/{token}")


def _key(token: str) -> str:
    """Who reads the cache finds no token there."""
    return f"file:{hashlib.sha256(token.encode()).hexdigest()}"


def _download(
    pieces: Iterator[bytes], *, name: str, size: int, media_type: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=media_type, headers=SANDBOX)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def files_host(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Before everything that knows cookies: the host of files gives files for tokens, no more."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.FILES_URL and _is_asked(request.get_host()):
            return _handed_over(request) or _nothing_here()
        return get_response(request)

    return middleware


def _is_asked(asked: str) -> bool:
    """By name; by its port too where only that tells it from the door."""
    files, (host, _colon, port) = urlsplit(settings.FILES_URL), asked.partition(":")
    return host == files.hostname and files.port in (None, int(port or 0))


def _handed_over(request: HttpRequest) -> HttpResponseBase | None:
    """A script that fetches, in whatever page, gets nothing: only a person who follows a link."""
    key = _key(request.path.removeprefix("/"))
    follows = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.method != "GET" or not follows:
        return None
    what = cache.get(key)
    if what is None or not cache.delete(key):  # of two at once, one deletes it
        return None
    try:
        pieces = files.read(UUID(what.pop("row")), Ring(what.pop("ring")))
    except OSError:
        return None
    return _download(pieces, **what)


def _nothing_here() -> HttpResponse:
    """The same for an address that never was, a token used before, and every other method."""
    response = HttpResponse(status=404, content_type="text/plain", headers=SANDBOX)
    response._has_been_logged = True  # type: ignore[attr-defined]  # no token stands in a log
    return response
