"""A name is shown in one answer and nowhere else: no address, session, cache or title holds it."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.http import AuthedRequest
from cases.console.case.finding import case_of, identity_of, on, page_of
from cases.console.case.page import Shown
from cases.console.case.pages import PAGE, whole_page
from cases.models import Identity
from cases.services import identities

SHOWN_FOR = timedelta(minutes=15)


@on(identity_of, "POST")
def identity_reveal(request: AuthedRequest, identity: Identity) -> HttpResponse:
    """The page of the case with this one name in it. The script's clock takes it away again."""
    content = identities.reveal(identity, by=request.user)
    until = timezone.now() + SHOWN_FOR
    shown = Shown(identity.pk, identity.subject.code, content, until)
    case = case_of(request, identity.subject.case_id)
    response = render(request, PAGE, whole_page(case, request.user, shown))
    response.headers["Cache-Control"] = "no-store, private"
    return response


@on(identity_of, "POST")
def identity_hide(request: AuthedRequest, identity: Identity) -> HttpResponse:
    """Back to the page as everybody sees it."""
    return redirect(page_of(identity, "people" if identity.person_id else "sources"))
