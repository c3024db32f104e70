"""What people are told when something sealed does not open: why, and what to do. Never a trace."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from cases.vault import Closed, NotSealable, VaultError
from cases.vault.watch import watching

logger = logging.getLogger(__name__)
UNAVAILABLE, BROKEN = 503, 500
SAFE = ("GET", "HEAD")


class SayWhatDoesNotOpen:
    """Middleware. A key that is missing is 503: all the rest of the door works on. What was
    altered is 500. A page that swallowed the error and would show less than there is, is replaced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with watching() as unopened:
            response = self.get_response(request)
        swallowed = response.status_code == HttpResponse.status_code and request.method in SAFE
        if unopened and swallowed and not response.streaming:
            return answer(request, unopened[0])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, VaultError) and not isinstance(error, NotSealable):
            return answer(request, error)
        return None


def answer(request: HttpRequest, error: VaultError) -> HttpResponse:
    """Staff are told which key; who comes from outside is told that it is not their doing."""
    closed = isinstance(error, Closed)
    told(error)
    why = str(error) if settings.DOOR == "console" else ""
    status = UNAVAILABLE if closed else BROKEN
    return render(request, "vault.html", {"closed": closed, "why": why}, status=status)


def told(error: VaultError) -> None:
    """To whoever looks after the system. The words of the vault name keys and nothing else."""
    logger.error("The vault does not open: %s", error)
