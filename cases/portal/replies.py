"""Writing a reply: one draft that all colleagues of a mission share."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.lifecycles import ReplyStatus
from cases.models import Package, Reply, ReplyAttachment
from cases.portal import typed
from cases.portal.answers import written
from cases.portal.forms import AttachForm, ReplyForm, for_service
from cases.portal.http import on, package_of, reply_file_of, reply_of
from cases.portal.items import Item
from cases.portal.merging import marks, merge
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import replies


@on(package_of, "POST")
def reply_start(request: AuthedRequest, package: Package) -> HttpResponse:
    """The draft of this letter, new, shared, or a correction of what was submitted."""
    return redirect("reply-edit", replies.start_reply(package, by=request.user).pk)


@on(reply_of, "GET", "HEAD", "POST")
def reply_edit(request: AuthedRequest, reply: Reply) -> HttpResponse:
    if reply.status != ReplyStatus.DRAFT:
        return _too_late(request, reply)
    if request.method != "POST":
        return _opened(request, reply)
    form = ReplyForm(request.POST, content=reply.package.content)
    attach = AttachForm(request.POST, request.FILES) if request.FILES else None
    if not (form.is_valid() and (attach is None or attach.is_valid())):
        return _page(request, reply, form, attach)
    return _save(request, reply, form, attach)


@on(reply_of, "POST")
def draft_keep(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """What is typed, as it is typed: the writer's own until it is saved for all."""
    kept = typed.keep(request.user, reply, request.POST)
    return HttpResponse(status=204 if kept else 413)


@on(reply_of, "POST")
def draft_drop(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Go back to the draft as it was saved last."""
    typed.let_go(request.user, reply)
    return redirect("reply-edit", reply.pk)


@on(reply_of, "POST")
def reply_attach(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Add a file; what is typed meanwhile waits, and is there again on the next page."""
    if reply.status != ReplyStatus.DRAFT:
        return _too_late(request, reply)
    form = ReplyForm(request.POST, content=reply.package.content)
    attach = AttachForm(request.POST, request.FILES)
    if not attach.is_valid() or not _attached(request, reply, attach):
        return _page(request, reply, form, attach)
    typed.keep(request.user, reply, request.POST)
    return redirect(f"{reverse('reply-edit', args=[reply.pk])}#files")


@on(reply_file_of, "POST")
def reply_detach(request: AuthedRequest, attachment: ReplyAttachment) -> HttpResponse:
    reply = attachment.reply
    typed.keep(request.user, reply, request.POST)
    replies.detach(attachment, by=request.user)
    messages.success(request, _("The file is removed."))
    return redirect(f"{reverse('reply-edit', args=[reply.pk])}#files")


def _save(
    request: AuthedRequest, reply: Reply, form: ReplyForm, attach: AttachForm | None
) -> HttpResponse:
    mine = {name: form.cleaned_data[name] for name in form.names()}
    try:
        _save_for_all(request, reply, form, mine)
    except Stale as stale:
        typed.keep(request.user, reply, request.POST)
        return _both(request, stale.current, mine, form.cleaned_data["base"])
    except MoveRefused:
        return _too_late(request, reply)
    typed.let_go(request.user, reply)
    return _saved(request, reply, attach)


def _saved(request: AuthedRequest, reply: Reply, attach: AttachForm | None) -> HttpResponse:
    if attach and not _attached(request, reply, attach):
        return _opened(request, Reply.objects.get(pk=reply.pk), attach)
    messages.success(request, _("The draft is saved. Colleagues of your mission see it."))
    onward = "reply-submit" if "onward" in request.POST else "reply-edit"
    return redirect(onward, reply.pk)


def _save_for_all(
    request: AuthedRequest, reply: Reply, form: ReplyForm, mine: dict[str, str]
) -> None:
    """Save; where a colleague saved other fields meanwhile, save both. Raises Stale otherwise."""
    version, fields = form.cleaned_data["version"], mine
    try:
        _write(request, reply, form, version, fields)
    except Stale as stale:
        current: Any = stale.current
        merged = merge(mine, written(current), form.cleaned_data["base"])
        if merged.conflicts:
            raise
        _write(request, reply, form, current.version, merged.fields)
        messages.info(request, _("A colleague saved other parts meanwhile. Both are kept."))


def _write(
    request: AuthedRequest, reply: Reply, form: ReplyForm, version: int, fields: dict[str, str]
) -> None:
    given = for_service(form, fields)
    replies.save_reply(reply, by=request.user, version=version, **given)


def _attached(request: AuthedRequest, reply: Reply, attach: AttachForm) -> bool:
    upload, kind = attach.cleaned_data["file"], attach.cleaned_data["kind"]
    try:
        replies.attach(reply, upload, by=request.user, kind=kind)
    except Refused as refused:
        attach.add_error("file", list(refused.reasons))
        return False
    messages.success(request, _("The file is added."))
    return True


def _too_late(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Submitted, perhaps by a colleague a moment ago: what was typed waits for a correction."""
    if request.method == "POST":
        typed.keep(request.user, reply, request.POST)
        messages.error(request, _("This reply was submitted already and cannot be changed."))
    return redirect("reply-detail", reply.pk)


# The page ---------------------------------------------------------------------------------------


def _opened(request: AuthedRequest, reply: Reply, attach: AttachForm | None = None) -> HttpResponse:
    """The draft as saved, with what this person typed and has not saved yet."""
    work = typed.typed_for(request.user, reply)
    if work is None:
        return _page(request, reply, _form(reply, written(reply)), attach)
    left = {name: values[-1] for name, values in work.content.items() if values}
    names = ReplyForm(content=reply.package.content).names()
    mine = {name: left[name] for name in names if name in left}
    return _both(request, reply, mine, left.get("base", ""), typed=work, attach=attach)


def _both(
    request: AuthedRequest, reply: Any, mine: dict[str, str], base: str, **context: Any
) -> HttpResponse:
    """Mine in the form, what a colleague changed beside it; whatever only they changed, theirs."""
    theirs = written(reply)
    merged = merge(mine, theirs, base)
    form = _form(reply, {**theirs, **merged.fields})
    labels = {name: str(form.fields[name].label) for name in merged.conflicts}
    context["theirs"] = {label: theirs.get(name, "") for name, label in labels.items()}
    context["yours"] = {label: merged.fields[name] for name, label in labels.items()}
    if not any(merged.fields[name] != theirs.get(name, "") for name in merged.fields):
        context.pop("typed", None)
    return _page(request, reply, form, context.pop("attach", None), **context)


def _form(reply: Reply, fields: dict[str, str]) -> ReplyForm:
    empty = ReplyForm(content=reply.package.content)
    saved = dict.fromkeys(empty.names(), "") | written(reply)
    initial = {**fields, "version": reply.version, "base": marks(saved)}
    return ReplyForm(initial=initial, content=reply.package.content)


def _page(
    request: AuthedRequest, reply: Reply, form: ReplyForm, attach: AttachForm | None, **more: Any
) -> HttpResponse:
    mine = reply.saved_by_id == request.user.pk
    forms = {"form": form, "attach": attach or AttachForm(), "by_colleague": not mine}
    return render(request, "portal/reply_edit.html", {**_shown(reply), **forms, **more})


def _shown(reply: Reply) -> dict[str, Any]:
    files = list(reply.attachments.all())
    return {
        "reply": reply,
        "package": reply.package,
        "item": Item(reply.package),
        "bidi": reply.package.language in settings.LANGUAGES_BIDI,
        "files": files,
        "room": len(files) < replies.MOST_FILES,
        "counts": replies.answered(reply),
    }
