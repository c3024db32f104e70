"""What one person typed into a reply and has not saved: theirs alone until they save it."""

from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from cases.models import PortalDraft, Reply
from cases.portal.forms import ReplyForm
from cases.services import drafts

# Where a browser may have left it: saving, keeping as one types, adding a file.
FORMS = ("reply-edit", "draft-keep", "reply-attach")


def keep(user: User, reply: Reply, given: QueryDict) -> bool:
    """Only what belongs to the form. Says whether it is kept, or too long for that."""
    names = set(ReplyForm(content=reply.package.content).fields)
    fields = {k: [str(v) for v in vs] for k, vs in given.lists() if k in names}
    return not fields or drafts.keep_typed_work(user.pk, _paths(reply)[0], fields)


def typed_for(user: User, reply: Reply) -> PortalDraft | None:
    """The newest; also what came too late for the reply that this one corrects."""
    kept = [drafts.typed_work(user, path) for path in _paths(reply)]
    found = [work for work in kept if isinstance(work, PortalDraft)]
    return max(found, key=lambda work: work.saved_at, default=None)


def let_go(user: User, reply: Reply) -> None:
    for path in _paths(reply):
        drafts.let_go(user, path)


def _paths(reply: Reply) -> list[str]:
    ids = filter(None, (reply.pk, reply.corrects_id))
    return [reverse(name, args=[pk]) for pk in ids for name in FORMS]
