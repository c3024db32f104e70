"""What a withdrawal touched, kept at the case, and what became of each thing that had left."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from cases.console.asking import Ask, Question
from cases.console.case.finding import consent_of, containment_of, on
from cases.console.case.forms import CloseForm, HandForm
from cases.console.withdrawals import Row, rows_of_tasks
from cases.lifecycles import ContainmentMove
from cases.models import Consent, Containment
from cases.policy import May, can
from cases.services import containments

CLOSE = Question(
    May.CONTAIN_WITHDRAWAL,
    gettext_lazy("What became of it?"),
    gettext_lazy(
        "Say what was asked of whom and what came of it, or why nothing can be done. It stays with "
        "the withdrawal and cannot be changed afterwards."
    ),
    gettext_lazy("Close it"),
    gettext_lazy("It is written down what became of it."),
)
GIVE = Question(
    May.CONTAIN_WITHDRAWAL,
    gettext_lazy("Who sees to it?"),
    gettext_lazy("Another officer of the office then answers for it, and is told."),
    gettext_lazy("Hand it over"),
    gettext_lazy("Another officer answers for it now."),
)


@on(consent_of, "GET", "HEAD")
def withdrawal(request: AuthedRequest, entry: Consent) -> HttpResponse:
    tasks = entry.containments.select_related(
        "package__state", "assignment__office", "assignment__user", "guest", "action"
    ).select_related("left_by", "owner", "closed_by")
    rows = rows_of_tasks(tasks.prefetch_related("package__receipts", "package__attachments"))
    context = {
        "case": entry.case,
        "entry": entry,
        "letters": entry.reopened.order_by("drafted_at", "pk"),
        "rows": rows,
        "open": sum(row.task is not None and not row.task.closed_at for row in rows),
        "may": can(request.user, May.CONTAIN_WITHDRAWAL, entry.case),
    }
    return render(request, "console/case/withdrawal.html", context)


@on(containment_of, "GET", "HEAD", "POST")
def containment_close(request: AuthedRequest, task: Containment) -> HttpResponse:
    return Ask(
        request,
        task.case,
        CLOSE,
        act=lambda said: containments.close_containment(
            task, by=request.user, move=ContainmentMove(said["move"]), words=said["words"]
        ),
        form=CloseForm,
        facts=_facts(task),
        leads_to=reverse("withdrawal", args=[task.consent_id]),
    ).answer()


@on(containment_of, "GET", "HEAD", "POST")
def containment_give(request: AuthedRequest, task: Containment) -> HttpResponse:
    return Ask(
        request,
        task.case,
        GIVE,
        act=lambda said: containments.give_containment(task, by=request.user, **said),
        form=partial(HandForm, task=task),
        facts=_facts(task),
        leads_to=reverse("withdrawal", args=[task.consent_id]),
    ).answer()


def _facts(task: Containment) -> list[tuple[str, str]]:
    row: Row = rows_of_tasks([task])[0]
    return [
        (_("To be done"), task.get_kind_display()),
        (_("What had left"), row.what),
        (_("To whom"), row.to),
        (_("Owner now"), task.owner.name),
    ]
