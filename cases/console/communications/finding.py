"""The rows of a letter's life, each handed to its view only when this person may see it."""

from collections.abc import Callable
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.http import AuthedRequest
from cases.console.http import get_letter, get_reply
from cases.http import View, handed
from cases.models import (
    Communication,
    Extension,
    PackageAttachment,
    Reply,
    ReplyAttachment,
    Signatory,
)

__all__ = [
    "extension_of",
    "get_letter",
    "get_reply",
    "on",
    "package_file_of",
    "page_of",
    "reply_file_of",
    "signatory_of",
]

Row = Communication | Signatory | Extension | Reply | PackageAttachment | ReplyAttachment


def signatory_of(request: AuthedRequest, pk: UUID) -> Signatory:
    visible = Signatory.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("communication__case", "mechanism"), pk=pk)


def extension_of(request: AuthedRequest, pk: UUID) -> Extension:
    visible = Extension.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("package__communication__case__state"), pk=pk)


def package_file_of(request: AuthedRequest, pk: UUID) -> PackageAttachment:
    visible = PackageAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("package__communication__case"), pk=pk)


def reply_file_of(request: AuthedRequest, pk: UUID) -> ReplyAttachment:
    visible = ReplyAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("reply__package__communication__case"), pk=pk)


def on(find: Callable[[AuthedRequest, UUID], Row], *methods: str) -> Callable[[View], View]:
    """Hand the view its row; what finds it has written down the look."""
    return handed(find, methods, page_of)


def page_of(row: Row) -> str:
    """Where a person looks at the row, or at what it belongs to."""
    match row:
        case Reply():
            return reverse("reply-read", args=[row.pk])
        case ReplyAttachment():
            return reverse("reply-read", args=[row.reply_id])
        case Signatory():
            return reverse("letter-detail", args=[row.communication_id])
        case Extension() | PackageAttachment():
            return reverse("letter-detail", args=[row.package.communication_id])
    return reverse("letter-detail", args=[row.pk])
