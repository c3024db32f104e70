"""To fetch is to check, and to write down: a stranger gets 404 and learns nothing."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import AuthedRequest
from cases import audit, looks
from cases.http import say
from cases.models import Case, Communication, Reply
from cases.refusals import Refused

View = Callable[..., HttpResponse]


def get_case(request: AuthedRequest, pk: UUID) -> Case:
    """A case this person may see; that they looked is in the audit."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    audit.read(case, by=request.user, case=case)
    return case


def get_letter(request: AuthedRequest, pk: UUID) -> Communication:
    visible = Communication.objects.visible_to(request.user).select_related("case")
    letter = get_object_or_404(visible, pk=pk)
    audit.read(letter, by=request.user, case=letter.case)
    return letter


def get_reply(request: AuthedRequest, pk: UUID) -> Reply:
    visible = Reply.objects.visible_to(request.user)
    related = visible.select_related("package__communication__case", "package__state")
    reply = get_object_or_404(related, pk=pk)
    audit.read(reply, by=request.user, case=reply.package.communication.case)
    return reply


def refusals_shown(view: View) -> View:
    """A rule of the domain said no: say every reason on the page the person came from."""

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            say(request, refused)
            return redirect(came_from(request))

    return guarded


def came_from(request: AuthedRequest) -> str:
    """Where a form says it stands (`next`), if that is ours; else home."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if ours else "/"


def saw(request: AuthedRequest, rows: Iterable[Model]) -> None:
    """A list shows codes of many rows, no text: one event says which ones."""
    if found := list(rows):
        looks.take(request.user, [row.pk for row in found], in_codes=True)
        noun = found[0]._meta.model_name or ""
        detail = {noun: [str(row.pk) for row in found]}
        audit.read(request.user, by=request.user, verb="listed", detail=detail)
