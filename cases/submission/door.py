"""The first page of the door, and the way out of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

OURS = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
REPORTING = "reprisals@ohchr.org"
GUIDE = "https://www.ohchr.org/en/reprisals/how-share-information-about-cases-intimidation-and-reprisals"


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the door is for, its dangers, and how the United Nations is reached today."""
    return render(request, "submission/start.html", {"address": REPORTING, "guide": GUIDE})


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Forget all that this door knows of the browser, then show an everyday page.

    A plain link, so that it works without script. Only our own cookies end: the header's
    "cookies" would end those of the neighbours on this host too.
    """
    request.session.flush()
    answer = redirect(settings.LEAVE_TO)
    for name in OURS:
        answer.delete_cookie(getattr(settings, name))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
