"""To fetch is to check: another State's row and one that never was give the same answer."""

from collections.abc import Callable
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.http import AuthedRequest
from cases import audit
from cases.http import View, handed
from cases.models import Package, PackageAttachment, Reply, ReplyAttachment

Row = Package | Reply | PackageAttachment | ReplyAttachment
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
    """Hand the view its row, if it is this State's. Whoever reads a reply is written down here; who
    opens a letter, by the service that leaves the receipt."""
    return handed(find, methods, page_of, _look)


def _look(request: AuthedRequest, row: Row) -> None:
    if isinstance(row, Reply):
        audit.read(row, by=request.user)


def page_of(row: Row) -> str:
    """Where a person looks at the row, or at what it belongs to."""
    if isinstance(row, PackageAttachment):
        row = row.package
    if isinstance(row, ReplyAttachment):
        row = row.reply
    name = "package-detail" if isinstance(row, Package) else "reply-edit"
    return reverse(name, args=[row.pk])
