"""Replies of States: read beside what was asked, downloaded, assessed."""

from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.console.communications.finding import get_reply, on, page_of, reply_file_of
from cases.console.communications.reply_forms import AssessmentForm, written
from cases.console.communications.reply_page import ReplyPage
from cases.console.editing import FormPage
from cases.http import streamed
from cases.models import Assessment, Reply, ReplyAttachment
from cases.policy import May, require
from cases.services import assessments


@on(get_reply, "GET", "HEAD")
def reply_read(request: AuthedRequest, reply: Reply) -> HttpResponse:
    context = {"page": ReplyPage(reply, request.user)}
    return render(request, "console/replies/reply.html", context)


@on(get_reply, "GET", "HEAD", "POST")
def reply_assess(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Only the newest version is assessed; an earlier one is what the State took back."""
    page = ReplyPage(reply, request.user)
    require(request.user, May.ASSESS_REPLY, page.case)
    if reply != page.newest:
        messages.info(request, _("The State corrected this reply. Assess the newest version."))
        return redirect(page_of(page.newest))
    return _assessing(page, request).answer()


def _assessing(page: ReplyPage, request: AuthedRequest) -> FormPage:
    reply = page.reply
    numbers = [row["number"] for row in page.package.content["elements"]]

    def form(row: Assessment | None, **given: Any) -> AssessmentForm:
        begun = written(row) if row else {"procedure": assessments.procedure_of(reply)}
        given["initial"] = {**begun, **given.get("initial", {})}
        drawn = AssessmentForm(numbers=numbers, **given)
        page.form = drawn
        return drawn

    def save(form: AssessmentForm) -> Assessment:
        return assessments.assess_reply(reply, by=request.user, **form.answer())

    return FormPage(
        request,
        "console/replies/reply.html",
        form,
        save,
        done=lambda _row: f"{reverse('reply-read', args=[reply.pk])}#assessment",
        row=page.assessment,
        said=_("The assessment is saved. Below stands what is owed next."),
        context={"page": page},
    )


@on(reply_file_of, "GET", "HEAD")
def reply_attachment(request: AuthedRequest, file: ReplyAttachment) -> HttpResponseBase:
    """The history of a browser keeps the name of a file: it is not the one the mission gave."""
    package = file.reply.package
    ending = PurePosixPath(file.name).suffix
    name = f"{package.code}-{file.kind}-{file.pk.hex[:8]}{ending}"
    return streamed(request, file, name, package.communication.case) or redirect(page_of(file))
