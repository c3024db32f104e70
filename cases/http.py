"""What every door does with a request: hand a view its row, say a refusal, let a file out.

To fetch is to check: a row that one may not see and one that never was give the same answer.
"""

from collections.abc import Callable, Collection
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.delivery import deliver
from cases.models import Case
from cases.models.attachment import Attachment
from cases.refusals import Refused

View = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD")
OK = 200


def handed(
    find: Callable[[AuthedRequest, UUID], Any],
    methods: Collection[str],
    page_of: Callable[[Any], str],
    look: Callable[[AuthedRequest, Any], object] | None = None,
) -> Callable[[View], View]:
    """Hand the view its row. 404 comes before the method: the method must not tell either.

    Whoever comes by GET to what takes only POST, as after signing in again, is led to the page of
    the row. What the domain refuses is said there, every reason. `look` writes down a page read:
    also the one that a form comes back on, or posting rubbish would read without a trace.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: AuthedRequest, pk: UUID, **more: object) -> HttpResponseBase:
            row = find(request, pk)
            safe = request.method in SAFE
            if request.method not in methods:
                return redirect(page_of(row)) if safe else HttpResponseNotAllowed(methods)
            if look and safe:
                look(request, row)
            answer = _answer(request, row, partial(view, request, row, **more), page_of)
            if look and not safe and answer.status_code == OK:
                look(request, row)
            return answer

        return found

    return decorate


def _answer(
    request: AuthedRequest,
    row: Any,
    view: Callable[[], HttpResponseBase],
    page_of: Callable[[Any], str],
) -> HttpResponseBase:
    try:
        return view()
    except Refused as refused:
        say(request, refused)
        return redirect(page_of(row))


def say(request: AuthedRequest, refused: Refused) -> None:
    """Every reason, on the next page."""
    for reason in refused.reasons:
        messages.error(request, reason)


def streamed(
    request: AuthedRequest, row: Attachment, name: str, case: Case | None = None
) -> HttpResponseBase | None:
    """A download, or the way to it. Raises Refused in quarantine.

    None where the file cannot be opened now; the person is told in a message.
    """
    try:
        return deliver(row, name, by=request.user, case=case)
    except OSError:
        messages.error(request, _("This file cannot be opened now. Try again later."))
        return None
