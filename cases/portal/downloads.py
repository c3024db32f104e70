"""Files leave the portal as downloads under names that say nothing."""

from pathlib import PurePosixPath

from django.http import HttpResponseBase
from django.shortcuts import redirect

from accounts.http import AuthedRequest
from cases.http import streamed
from cases.models import PackageAttachment, ReplyAttachment
from cases.portal.http import on, package_file_of, page_of, reply_file_of


@on(package_file_of, "GET", "HEAD")
def package_attachment(request: AuthedRequest, attachment: PackageAttachment) -> HttpResponseBase:
    return streamed(request, attachment, attachment.name) or redirect(page_of(attachment))


@on(reply_file_of, "GET", "HEAD")
def reply_attachment(request: AuthedRequest, attachment: ReplyAttachment) -> HttpResponseBase:
    """The history of a browser keeps the name of a file: it is not the one the mission gave."""
    ending = PurePosixPath(attachment.name).suffix
    code = attachment.reply.package.code
    name = f"{code}-{attachment.kind}-{attachment.pk.hex[:8]}{ending}"
    return streamed(request, attachment, name) or redirect(page_of(attachment))
