"""Files of evidence: added under their seal, and taken out again piece by piece."""

from pathlib import PurePosixPath

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases import audit, files
from cases.console.case_forms import AttachForm
from cases.console.editing import FormPage
from cases.console.finding import evidence_of, file_of, on, page_of
from cases.models import Evidence, EvidenceAttachment
from cases.policy import May, require
from cases.services import evidence as service


@on(evidence_of, "GET", "HEAD", "POST")
def evidence_attach(request: AuthedRequest, evidence: Evidence) -> HttpResponse:
    require(request.user, May.EDIT_CASE, evidence.case)
    return FormPage(
        request,
        "console/case/attach.html",
        form=lambda _row, **given: AttachForm(**given),
        save=lambda form: service.attach(
            evidence, form.cleaned_data["file"], by=request.user, copy=form.cleaned_data["copy"]
        ),
        done=lambda _file: page_of(evidence, "sources"),
        said=_("The file is sealed and added."),
        context={"evidence": evidence, "case": evidence.case},
    ).answer()


@on(file_of, "GET", "HEAD", looked=False)
def evidence_attachment(request: AuthedRequest, attachment: EvidenceAttachment) -> HttpResponseBase:
    """A download under a name that says nothing: the history of a browser keeps it."""
    case = attachment.evidence.case
    try:
        pieces = files.read(attachment.pk, attachment.ring)
    except OSError:
        messages.error(request, _("This file cannot be opened now. Try again later."))
        return redirect(page_of(attachment, "sources"))
    audit.read(attachment, by=request.user, case=case)
    return _streamed(attachment, StreamingHttpResponse(pieces, content_type=attachment.media_type))


def _streamed(
    attachment: EvidenceAttachment, response: StreamingHttpResponse
) -> StreamingHttpResponse:
    ending = PurePosixPath(attachment.name).suffix
    name = f"{attachment.evidence.code}-{attachment.pk.hex[:8]}{ending}"
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
