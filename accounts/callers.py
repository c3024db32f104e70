"""Tells PostgreSQL who asks, at the doors to the outside, whose roles see their own rows only.

What is told are the keys of sessions that the request came with or was given, and, of somebody who
is not signed in yet, the address, id or invitation that the request names: the policies of
`cases/database` find the person and the State from these. A connection goes from request to
request, so the first query of each one tells anew, and its end takes back what was told.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase

INVITATION_KEY = "invitation"
OUTSIDE = {"portal", "submission"}
KEY = re.compile(r"[a-z0-9]{32}")
ONE_WORD = re.compile(r"[^\s\x00]{1,254}")
TELL = """
    SELECT set_config('reprisals.sessions', %s, false),
           set_config('reprisals.stranger', %s, false),
           set_config('reprisals.invitation', %s, false)
"""
# Of a transaction: after an error PostgreSQL hears nothing but the way back.
STEPS = ("SAVEPOINT", "ROLLBACK TO", "RELEASE")


class Told(NamedTuple):
    """The three settings that `callers.sql` reads."""

    sessions: str = ""
    stranger: str = ""
    invitation: str = ""


class CallerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.DOOR not in OUTSIDE:
            return self.get_response(request)
        caller = Caller(request)
        try:
            with connection.execute_wrapper(caller):
                return self.get_response(request)
        finally:
            caller.fall_silent()

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """From here on the session is known, and what the address names."""
        caller = getattr(request, "caller", None)
        if isinstance(caller, Caller):
            caller.stranger = " ".join(_named(request, kwargs))
            caller.invitation = str(request.session.get(INVITATION_KEY, ""))


class Caller:
    """Around every query of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.keys: list[str] = []
        self.stranger = self.invitation = ""
        # What was told last, to which connection, and inside of which transaction: one that is
        # rolled back takes it away with it.
        self.told: tuple[object, ...] | None = None
        request.caller = self  # type: ignore[attr-defined]

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if not str(sql).startswith(STEPS):
            self._tell(context["connection"], self._now())
        return execute(sql, params, many, context)

    def fall_silent(self) -> None:
        """What is asked after the answer is asked by nobody."""
        if connection.connection is not None and self.told:
            with suppress(Error):  # a broken connection goes to nobody
                self._tell(connection, Told())

    def _now(self) -> Told:
        session = getattr(self.request, "session", None)
        key = (
            session.session_key
            if session
            else self.request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        )
        if key and key not in self.keys and KEY.fullmatch(key):
            self.keys.append(key)
        return Told(" ".join(self.keys), self.stranger, self.invitation)

    def _tell(self, to: BaseDatabaseWrapper, words: Told) -> None:
        transaction = tuple(to.savepoint_ids) if to.in_atomic_block else None
        if self.told in ((to.connection, words, None), (to.connection, words, transaction)):
            return
        with to.wrap_database_errors:
            to.connection.execute(TELL, words)
        self.told = (to.connection, words, transaction)


def _named(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    """Whom a stranger says to be: by a form, a passkey, a link in a mail, or a step ago."""
    if SESSION_KEY in request.session:
        return
    posted = [request.POST.get(field, "").strip().lower() for field in ("login", "email")]
    begun = request.session.get(LOGIN_SESSION_KEY) or {}
    for word in (*posted, _of_passkey(request), kwargs.get("uidb36"), begun.get("user_pk")):
        if word and ONE_WORD.fullmatch(word):
            yield word


def _of_passkey(request: HttpRequest) -> str:
    """The handle that the browser sends with a passkey: the id of its owner."""
    with suppress(LookupError, ValueError, TypeError, AttributeError):
        handle = json.loads(request.POST["credential"])["response"]["userHandle"]
        return urlsafe_b64decode(handle + "=" * (-len(handle) % 4)).decode()
    return ""
