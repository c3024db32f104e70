"""Submitting a reply, and looking at what was submitted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.lifecycles import ReplyStatus
from cases.models import Reply, ReplyAttachment
from cases.portal.answers import asked
from cases.portal.forms import SubmitForm
from cases.portal.http import on, reply_of
from cases.portal.items import Item
from cases.portal.typed import typed_for
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import replies


@on(reply_of, "GET", "HEAD", "POST")
def reply_submit(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Ask once more, naming what has no answer; then it is final."""
    if reply.status != ReplyStatus.DRAFT:
        messages.info(request, _("This reply was submitted already."))
        return redirect("reply-detail", reply.pk)
    given = request.POST if request.method == "POST" else None
    form = SubmitForm(given, initial={"version": reply.version})
    if not form.is_valid():
        return _confirm(request, reply, form)
    return _submit(request, reply, form)


@on(reply_of, "GET", "HEAD")
def reply_detail(request: AuthedRequest, reply: Reply) -> HttpResponse:
    if reply.status == ReplyStatus.DRAFT:
        return redirect("reply-edit", reply.pk)
    item = Item(reply.package)
    context = {
        **_whole(reply),
        "item": item,
        "latest": reply == item.latest,
        "kept": typed_for(request.user, reply) is not None,
    }
    return render(request, "portal/reply.html", context)


def _submit(request: AuthedRequest, reply: Reply, form: SubmitForm) -> HttpResponse:
    try:
        replies.submit_reply(reply, by=request.user, version=form.cleaned_data["version"])
    except Stale:
        text = _("A colleague saved the draft meanwhile. Read it again before you submit it.")
        messages.error(request, text)
        return redirect("reply-submit", reply.pk)
    except MoveRefused:
        return redirect("reply-submit", reply.pk)  # which says that it was submitted already
    except Refused as refused:
        form.add_error(None, list(refused.reasons))
        return _confirm(request, reply, form)
    messages.success(request, _("The reply is submitted. Your receipt is ready."))
    return redirect("reply-detail", reply.pk)


def _confirm(request: AuthedRequest, reply: Reply, form: SubmitForm) -> HttpResponse:
    whole = _whole(reply)
    rows = (*asked(reply, "question"), *asked(reply, "element"))
    missing = [row.title for row in rows if not row.answered]
    context = {**whole, "form": form, "missing": missing, "says": replies.says_something(reply)}
    return render(request, "portal/submit.html", context)


def _whole(reply: Reply) -> dict[str, object]:
    files = list(reply.attachments.all())
    receipt = ReplyAttachment.Kind.RECEIPT
    return {
        "reply": reply,
        "package": reply.package,
        "questions": asked(reply, "question"),
        "elements": asked(reply, "element"),
        "files": [row for row in files if row.kind != receipt],
        "receipt": next((row for row in files if row.kind == receipt), None),
    }
