"""Conflicts of interest on one case: stepping back, saying so for a colleague, letting in again."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked, second_factor_asked_to_act
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, on, recusal_of
from cases.console.case.forms import ConflictForm, StepBackForm
from cases.models import Case, Recusal
from cases.policy import May
from cases.services import exclusions

STEP_BACK = Question(
    May.VIEW_CASE,
    gettext_lazy("Step back from this case?"),
    gettext_lazy(
        "You no longer see the case from the next click on, in no list and no search. What you "
        "hold of it goes back to the office, whose reviewers are told. You cannot undo this "
        "yourself: a reviewer can."
    ),
    gettext_lazy("Step back"),
    gettext_lazy("You have stepped back from the case."),
    stop=True,
)
CONFLICT = Question(
    May.RECUSE,
    gettext_lazy("Declare a conflict of interest"),
    gettext_lazy(
        "This colleague no longer sees the case from the next click on. What they hold of it goes "
        "back to the office."
    ),
    gettext_lazy("Declare the conflict"),
    gettext_lazy("The colleague no longer sees the case."),
    stop=True,
    section="hands",
)
LET_IN = Question(
    May.RECUSE,
    gettext_lazy("Let this person in again?"),
    gettext_lazy(
        "They see the case again as their offices do. What they held of it does not come back."
    ),
    gettext_lazy("Let in again"),
    gettext_lazy("The person may see the case again."),
    section="hands",
)


@on(case_of, "GET", "HEAD", "POST")
def case_step_back(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        STEP_BACK,
        act=lambda said: exclusions.recuse(case, by=request.user, **said),
        form=StepBackForm,
        leads_to=reverse("home"),
    ).answer()


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_conflict(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        CONFLICT,
        act=lambda said: exclusions.recuse(case, by=request.user, **said),
        form=partial(ConflictForm, case=case, by=request.user),
    ).answer()


@second_factor_asked
@on(recusal_of, "GET", "HEAD", "POST")
def recusal_end(request: AuthedRequest, recusal: Recusal) -> HttpResponse:
    return Ask(
        request,
        recusal.case,
        LET_IN,
        act=lambda _said: exclusions.end_recusal(recusal, by=request.user),
        facts=[(_("Person"), recusal.user.name), (_("Reason"), recusal.reason)],
    ).answer()
