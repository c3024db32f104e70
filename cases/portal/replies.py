"""Writing a reply: one draft that all colleagues of a mission share."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.lifecycles import ReplyStatus
from cases.models import Package, PortalDraft, Reply, ReplyAttachment
from cases.portal.answers import written
from cases.portal.forms import AttachForm, ReplyForm, for_service
from cases.portal.http import on, package_of, reply_file_of, reply_of
from cases.portal.items import Item
from cases.portal.merging import marks, merge
from cases.refusals import Refused, Stale
from cases.services import drafts, replies

# Where a browser may have left typed work: saving, keeping as one types, adding a file.
FORMS = ("reply-edit", "draft-keep", "reply-attach")


@on(package_of, "POST")
def reply_start(request: AuthedRequest, package: Package) -> HttpResponse:
    """The draft of this letter, new, shared, or a correction of what was submitted."""
    return redirect("reply-edit", replies.start_reply(package, by=request.user).pk)


@on(reply_of, "GET", "HEAD", "POST")
def reply_edit(request: AuthedRequest, reply: Reply) -> HttpResponse:
    if reply.status != ReplyStatus.DRAFT:
        if request.method == "POST":
            messages.error(request, _("This reply was submitted already and cannot be changed."))
        return redirect("reply-detail", reply.pk)
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
    kept = _keep(request, reply)
    return HttpResponse(status=204 if kept else 413)


@on(reply_of, "POST")
def draft_drop(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Go back to the draft as it was saved last."""
    _let_go(request, reply)
    return redirect("reply-edit", reply.pk)


@on(reply_of, "POST")
def reply_attach(request: AuthedRequest, reply: Reply) -> HttpResponse:
    """Add a file; what is typed meanwhile waits, and is there again on the next page."""
    form = ReplyForm(request.POST, content=reply.package.content)
    attach = AttachForm(request.POST, request.FILES)
    if not attach.is_valid() or not _attached(request, reply, attach):
        return _page(request, reply, form, attach)
    _keep(request, reply)
    return redirect(f"{reverse('reply-edit', args=[reply.pk])}#files")


@on(reply_file_of, "POST")
def reply_detach(request: AuthedRequest, attachment: ReplyAttachment) -> HttpResponse:
    reply = attachment.reply
    replies.detach(attachment, by=request.user)
    _keep(request, reply)
    messages.success(request, _("The file is removed."))
    return redirect(f"{reverse('reply-edit', args=[reply.pk])}#files")


def _save(
    request: AuthedRequest, reply: Reply, form: ReplyForm, attach: AttachForm | None
) -> HttpResponse:
    mine = {name: form.cleaned_data[name] for name in form.names()}
    try:
        _save_for_all(request, reply, form, mine)
    except Stale as stale:
        _keep(request, reply)
        return _both(request, stale.current, mine, form.cleaned_data["base"])
    _let_go(request, reply)
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
        merged = merge(mine, written(stale.current), form.cleaned_data["base"])
        if merged.conflicts:
            raise
        _write(request, reply, form, stale.current.version, merged.fields)
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


# Typed work -------------------------------------------------------------------------------------


def _paths(reply: Reply) -> list[str]:
    return [reverse(name, args=[reply.pk]) for name in FORMS]


def _keep(request: AuthedRequest, reply: Reply) -> bool:
    fields = {k: [str(v) for v in vs] for k, vs in request.POST.lists() if k in _names(reply)}
    return not fields or drafts.keep_typed_work(request.user.pk, _paths(reply)[0], fields)


def _names(reply: Reply) -> set[str]:
    return set(ReplyForm(content=reply.package.content).fields)


def _let_go(request: AuthedRequest, reply: Reply) -> None:
    for path in _paths(reply):
        drafts.let_go(request.user, path)


def _typed(request: AuthedRequest, reply: Reply) -> PortalDraft | None:
    kept = [drafts.typed_work(request.user, path) for path in _paths(reply)]
    found = [work for work in kept if isinstance(work, PortalDraft)]
    return max(found, key=lambda work: work.saved_at, default=None)


# The page ---------------------------------------------------------------------------------------


def _opened(request: AuthedRequest, reply: Reply, attach: AttachForm | None = None) -> HttpResponse:
    """The draft as saved, with what this person typed and has not saved yet."""
    typed = _typed(request, reply)
    if typed is None:
        return _page(request, reply, _form(reply, written(reply)), attach)
    left = {name: values[-1] for name, values in typed.content.items() if values}
    names = ReplyForm(content=reply.package.content).names()
    mine = {name: left[name] for name in names if name in left}
    return _both(request, reply, mine, left.get("base", ""), typed=typed)


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
    return _page(request, reply, form, None, **context)


def _form(reply: Reply, fields: dict[str, str]) -> ReplyForm:
    empty = ReplyForm(content=reply.package.content)
    saved = dict.fromkeys(empty.names(), "") | written(reply)
    initial = {**fields, "version": reply.version, "base": marks(saved)}
    return ReplyForm(initial=initial, content=reply.package.content)


def _page(
    request: AuthedRequest, reply: Reply, form: ReplyForm, attach: AttachForm | None, **more: Any
) -> HttpResponse:
    context = {
        "reply": reply,
        "package": reply.package,
        "item": Item(reply.package),
        "form": form,
        "attach": attach or AttachForm(),
        "files": reply.attachments.all(),
        "counts": replies.answered(reply),
        "by_colleague": reply.saved_by_id != request.user.pk,
        **more,
    }
    return render(request, "portal/reply_edit.html", context)
