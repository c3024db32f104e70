"""What people are told when their account was shown enough: why, until when, and what to do."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.http import typed_words
from accounts.models import User
from cases.looks import ReadingHeld
from cases.services import drafts
from cases.services.looks import tell_held

TOO_MANY = 429


class HoldReading:
    """Middleware. After the transaction that it ended, the hold is told; what was typed is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not (isinstance(error, ReadingHeld) and isinstance(request.user, User)):
            return None
        tell_held(error, by=request.user)
        staff = settings.DOOR == "console"
        context = {"held": error, "kept": _keep(request, request.user), "staff": staff}
        answer = render(request, "held.html", context, status=TOO_MANY)
        answer.headers["Retry-After"] = str(error.seconds_left)
        return answer


def _keep(request: HttpRequest, user: User) -> bool:
    typed = typed_words(request) if request.method == "POST" else {}
    return bool(typed) and drafts.keep_typed_work(user.pk, request.path, typed)
