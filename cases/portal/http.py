"""To fetch is to check: another State's row and one that never was give the same answer."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.http import AuthedRequest
from cases.models import Package, PackageAttachment, Reply, ReplyAttachment
from cases.refusals import Refused

Row = Package | Reply | PackageAttachment | ReplyAttachment
View = Callable[..., HttpResponseBase]
Finder = Callable[[AuthedRequest, UUID], Row]


def package_of(request: AuthedRequest, pk: UUID) -> Package:
    visible = Package.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("state"), pk=pk)


def reply_of(request: AuthedRequest, pk: UUID) -> Reply:
    visible = Reply.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("package__state"), pk=pk)


def package_file_of(request: AuthedRequest, pk: UUID) -> PackageAttachment:
    visible = PackageAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("package"), pk=pk)


def reply_file_of(request: AuthedRequest, pk: UUID) -> ReplyAttachment:
    visible = ReplyAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("reply__package__state"), pk=pk)


def on(find: Finder, *methods: str) -> Callable[[View], View]:
    """Hand the view its row. 404 comes before the method: the method must not tell either.

    Whoever comes by GET to what takes only POST, as after signing in again, is led to the page
    of the row. What the domain refuses is said there, every reason.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: AuthedRequest, pk: UUID) -> HttpResponseBase:
            row = find(request, pk)
            if request.method in methods:
                return _guarded(view, request, row)
            if request.method in ("GET", "HEAD"):
                return redirect(page_of(row))
            return HttpResponseNotAllowed(methods)

        return found

    return decorate


def _guarded(view: View, request: AuthedRequest, row: Row) -> HttpResponseBase:
    try:
        return view(request, row)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect(page_of(row))


def page_of(row: Row) -> str:
    """Where a person looks at the row, or at what it belongs to."""
    if isinstance(row, PackageAttachment):
        row = row.package
    if isinstance(row, ReplyAttachment):
        row = row.reply
    name = "package-detail" if isinstance(row, Package) else "reply-edit"
    return reverse(name, args=[row.pk])
