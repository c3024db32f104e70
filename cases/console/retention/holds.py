"""Holding a case: nothing of it is destroyed while the hold stands."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, on
from cases.console.retention.finding import hold_of
from cases.console.retention.forms import HoldForm
from cases.models import Case, Hold
from cases.policy import May
from cases.services import retention

HOLD = Question(
    May.HOLD_CASE,
    gettext_lazy("Hold this case?"),
    gettext_lazy(
        "Nothing of it is destroyed while the hold stands: no text, no file, no identity. What "
        "was signed to end it no longer counts. Another reviewer lifts a hold."
    ),
    gettext_lazy("Hold the case"),
    gettext_lazy("The case is held."),
    section="hands",
)
LIFT = Question(
    May.HOLD_CASE,
    gettext_lazy("Lift the hold?"),
    gettext_lazy("The case may end in its time again."),
    gettext_lazy("Lift the hold"),
    gettext_lazy("The hold is lifted."),
    section="hands",
)


@on(case_of, "GET", "HEAD", "POST")
def case_hold(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        HOLD,
        act=lambda said: retention.hold_case(case, by=request.user, **said),
        form=HoldForm,
    ).answer()


@second_factor_asked
@on(hold_of, "GET", "HEAD", "POST")
def hold_lift(request: AuthedRequest, hold: Hold) -> HttpResponse:
    return Ask(
        request,
        hold.case,
        LIFT,
        act=lambda _said: retention.lift_hold(hold, by=request.user),
        facts=[(_("Held by"), hold.placed_by.name), (_("Reason"), hold.reason)],
    ).answer()
