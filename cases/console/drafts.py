"""Typed work: kept as one types, let go when its writer wants the saved words back."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest
from cases.console.editing import typed_fields, way_back
from cases.services import drafts

LONGEST_PATH = 200


@require_POST
def draft_keep(request: AuthedRequest) -> HttpResponse:
    """The fields of a form that stands at `?path=…`, for its writer alone."""
    path = request.GET.get("path", "")
    if not _is_ours(path):
        return HttpResponseBadRequest()
    kept = drafts.keep_typed_work(request.user.pk, path, typed_fields(request.POST))
    return HttpResponse(status=204 if kept else 413)


@require_POST
def draft_drop(request: AuthedRequest) -> HttpResponse:
    """Back to what is saved."""
    path = request.POST.get("path", "")
    if not _is_ours(path):
        return HttpResponseBadRequest()
    drafts.let_go(request.user, path)
    back = way_back(request)
    return redirect(f"{path}?{urlencode({'next': back})}" if back else path)


def _is_ours(path: str) -> bool:
    """An address of this door where somebody may have typed; never one of an account."""
    if not path.startswith("/") or path.startswith("/accounts/") or len(path) > LONGEST_PATH:
        return False
    try:
        return bool(resolve(path, settings.ROOT_URLCONF))
    except Resolver404:
        return False
