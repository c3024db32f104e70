"""Files leave the portal opened piece by piece, as downloads, under names that say nothing."""

from pathlib import PurePosixPath

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases import audit, files
from cases.models import PackageAttachment, ReplyAttachment
from cases.portal.http import on, package_file_of, page_of, reply_file_of


@on(package_file_of, "GET", "HEAD")
def package_attachment(request: AuthedRequest, attachment: PackageAttachment) -> HttpResponseBase:
    return _stream(request, attachment, attachment.name)


@on(reply_file_of, "GET", "HEAD")
def reply_attachment(request: AuthedRequest, attachment: ReplyAttachment) -> HttpResponseBase:
    """The history of a browser keeps the name of a file: it is not the one the mission gave."""
    ending = PurePosixPath(attachment.name).suffix
    code = attachment.reply.package.code
    name = f"{code}-{attachment.kind}-{attachment.pk.hex[:8]}{ending}"
    return _stream(request, attachment, name)


def _stream(
    request: AuthedRequest, attachment: PackageAttachment | ReplyAttachment, name: str
) -> HttpResponseBase:
    try:
        pieces = files.read(attachment.pk, attachment.ring)
    except OSError:
        messages.error(request, _("This file cannot be opened now. Try again later."))
        return redirect(page_of(attachment))
    audit.read(attachment, by=request.user)
    response = StreamingHttpResponse(pieces, content_type=attachment.media_type)
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
