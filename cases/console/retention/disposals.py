"""Ending a case: what would go is counted, one reviewer asks, another approves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, on
from cases.console.retention.finding import disposal_of
from cases.http import handed
from cases.models import Case, Disposal
from cases.policy import May, require
from cases.retention import deed_for, due_on, inventory
from cases.services import retention

ASK = Question(
    May.DISPOSE_CASE,
    gettext_lazy("Ask that this case ends?"),
    gettext_lazy(
        "A second reviewer approves. Then what is counted here is destroyed, with its files, and "
        "only counts remain; what was said to the State stays on record. It cannot be undone."
    ),
    gettext_lazy("Ask for it"),
    gettext_lazy("Asked. It happens when a second reviewer approves."),
    stop=True,
)


@second_factor_asked
@on(case_of, "GET", "HEAD", "POST")
def case_dispose(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        ASK,
        act=lambda _said: retention.ask_disposal(case, by=request.user),
        facts=[
            (_("How it ends"), deed_for(case).label),
            (_("Due since"), due_on(case).date()),
            *inventory(case).items(),
        ],
        leads_to=reverse("retention-list"),
    ).answer()


@second_factor_asked
@handed(disposal_of, ("GET", "HEAD", "POST"), lambda _disposal: reverse("retention-list"))
def disposal_decide(request: AuthedRequest, disposal: Disposal) -> HttpResponse:
    assert disposal.case  # noqa: S101  open ones are found by their case
    require(request.user, May.DISPOSE_CASE, disposal.case)
    if request.method != "POST":
        return render(request, "console/retention/decide.html", _context(disposal))
    if request.POST.get("answer") == "approve":
        retention.approve_disposal(disposal, by=request.user)
        messages.success(request, _("Approved. A worker carries it out."))
    else:
        retention.decline_disposal(disposal, by=request.user)
        messages.success(request, _("Declined. The case stays as it is."))
    return redirect("retention-list")


def _context(disposal: Disposal) -> dict[str, object]:
    case = disposal.case
    return {"disposal": disposal, "case": case, "counts": inventory(case).items() if case else ()}
