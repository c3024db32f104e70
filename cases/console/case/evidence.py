"""Files of evidence: added under their seal, and taken out again piece by piece."""

from pathlib import PurePosixPath

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.console.case.finding import evidence_of, file_of, on, page_of
from cases.console.case.forms import AttachForm
from cases.console.editing import FormPage
from cases.http import streamed
from cases.models import Evidence, EvidenceAttachment
from cases.models.attachment import Attachment
from cases.policy import May, require
from cases.refusals import Refused
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
    return _sent(request, attachment, attachment, "")


@on(file_of, "GET", "HEAD", looked=False)
def evidence_clean_copy(request: AuthedRequest, attachment: EvidenceAttachment) -> HttpResponseBase:
    if attachment.leaving is None:
        raise Refused(_("There is no clean copy of this file."))
    return _sent(request, attachment, attachment.leaving, "-clean")


def _sent(
    request: AuthedRequest, original: EvidenceAttachment, file: Attachment, kind: str
) -> HttpResponseBase:
    ending = PurePosixPath(original.name).suffix
    name = f"{original.evidence.code}-{original.pk.hex[:8]}{kind}{ending}"
    opened = streamed(request, file, name, original.evidence.case)
    return opened or redirect(page_of(original, "sources"))
