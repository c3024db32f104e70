"""What a withdrawal touches, in the words of a page: before it is recorded, and afterwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Action, Assignment, Containment, Package
from cases.models.containment import ContainmentKind
from cases.models.package import ReceiptKind
from cases.templatetags.words import day, state_label, term, when
from cases.withdrawals import TO_THE_PUBLIC, TO_THE_STATE, Left


class Row(NamedTuple):
    """One thing that had left: what, to whom, when and by whom, and whether it was opened."""

    what: str
    to: str
    at: datetime | None
    by: str
    fate: str = ""
    url: str = ""
    task: Containment | None = None


def rows_of_left(left: Iterable[Left]) -> list[Row]:
    return [_row(one.kind, one.row, one.at, one.by) for one in left]


def rows_of_tasks(tasks: Iterable[Containment]) -> list[Row]:
    return [
        _row(
            ContainmentKind(task.kind),
            task.package or task.assignment or task.guest or task.action,
            task.left_at,
            task.left_by,
        )._replace(task=task)
        for task in tasks
    ]


def _row(kind: ContainmentKind, row: Any, at: datetime | None, by: Any) -> Row:
    name = by.name if by else ""
    if kind == ContainmentKind.LETTER:
        return _letter(row, at, name)
    if kind == ContainmentKind.SHARE:
        return _share(row, at, name)
    if kind == ContainmentKind.GUEST:
        return Row(_("The case, to look at"), row.name, at, name)
    if kind == ContainmentKind.ACTION:
        return _action(row, name)
    return Row(_("What cannot be undone"), _("The person"), None, "")


def _letter(package: Package, at: datetime | None, by: str) -> Row:
    opened = [r.at for r in package.receipts.all() if r.kind == ReceiptKind.READ]
    fate = _("Opened %(when)s") % {"when": when(opened[0])} if opened else _("Not opened yet")
    files = len(package.attachments.all()) - 1  # beside the letter itself
    if files > 0:
        fate += " · " + ngettext("%(number)d annex", "%(number)d annexes", files) % {
            "number": files
        }
    what = f"{term(package.type, 'V-ACTION')} {package.code}"
    url = reverse("letter-detail", args=[package.communication_id])
    return Row(what, state_label(package.state), at, by, fate, url)


def _share(assignment: Assignment, at: datetime | None, by: str) -> Row:
    to = assignment.office or assignment.user
    fate = _("Ended %(when)s") if assignment.ended_at else _("Still in force")
    words = fate % {"when": when(assignment.ended_at)} if assignment.ended_at else fate
    what = _("The case: %(duty)s") % {"duty": assignment.get_duty_display()}
    return Row(what, to.name if to else "", at, by, words)


def _action(action: Action, by: str) -> Row:
    to = {
        **dict.fromkeys(TO_THE_STATE, _("The State")),
        **dict.fromkeys(TO_THE_PUBLIC, _("The public")),
    }.get(action.kind, _("The public") if action.public else _("Another entity"))
    what = term(action.kind, "V-ACTION") or term(action.protection, "V-PROT")
    return Row(what, to, None, by, _("on %(day)s") % {"day": day(action.done_on)})
