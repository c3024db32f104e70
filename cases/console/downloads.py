"""Files leave as downloads, opened piece by piece, written down before anything is shown."""

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases import audit, files
from cases.models import Case, EvidenceAttachment, PackageAttachment, ReplyAttachment

Attachment = EvidenceAttachment | PackageAttachment | ReplyAttachment


def streamed(
    row: Attachment, case: Case, name: str, request: AuthedRequest
) -> StreamingHttpResponse | None:
    """None where the file cannot be opened now; the person is told in a message."""
    try:
        pieces = files.read(row.pk, row.ring)
    except OSError:
        messages.error(request, _("This file cannot be opened now. Try again later."))
        return None
    audit.read(row, by=request.user, case=case)
    response = StreamingHttpResponse(pieces, content_type=row.media_type)
    response.headers["Content-Length"] = str(row.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
