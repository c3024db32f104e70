"""Moving a case along, concluding on it, stopping what leaves, protecting."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked_to_act
from cases.console.asking import Ask, Question
from cases.console.case.ahead import GRAVE, needed, step_of
from cases.console.case.finding import case_of, on, page_of
from cases.console.case.forms import ConcludeForm, StopForm
from cases.console.case.page import CasePage
from cases.lifecycles import CASE_MOVES, CaseMove
from cases.models import Case
from cases.policy import May, require
from cases.services import cases
from cases.templatetags.words import term
from cases.vocabulary import Verification

STOP = Question(
    May.STOP_CASE,
    gettext_lazy("Stop outward acts?"),
    gettext_lazy(
        "No letter leaves and nothing is published about this case until a reviewer lifts the "
        "flag. It takes effect at once, and the reviewers are told."
    ),
    gettext_lazy("Stop outward acts"),
    gettext_lazy("Outward acts are stopped."),
    stop=True,
)
LIFT = Question(
    May.LIFT_STOP,
    gettext_lazy("Lift the stop flag?"),
    gettext_lazy("Letters may leave again as soon as every other condition is met."),
    gettext_lazy("Lift the stop flag"),
    gettext_lazy("The stop flag is lifted."),
)
PROTECT = Question(
    May.MOVE_CASE,
    gettext_lazy("Start the protective track?"),
    gettext_lazy(
        "Protection runs beside every stage. An urgent appeal may then leave before the "
        "verification has ended, never without consent."
    ),
    gettext_lazy("Start protecting"),
    gettext_lazy("The protective track has started."),
)
UNPROTECT = Question(
    May.MOVE_CASE,
    gettext_lazy("End the protective track?"),
    gettext_lazy("An urgent appeal then needs a verified case again, like any other letter."),
    gettext_lazy("End the protective track"),
    gettext_lazy("The protective track has ended."),
)
CONCLUDE = Question(
    May.DECIDE_CASE,
    gettext_lazy("What does the verification come to?"),
    gettext_lazy(
        "“Reasonable grounds to believe” needs every element corroborated by at least two "
        "independent and reliable sources. With any other conclusion no letter is sent. In public "
        "everything stays “alleged”."
    ),
    gettext_lazy("Conclude"),
    gettext_lazy("The verification is concluded."),
    section="corroboration",
)


@on(case_of, "GET", "HEAD", "POST")
def case_move(request: AuthedRequest, case: Case, move: str) -> HttpResponse:
    """By POST the step is taken or refused; by GET a grave one is asked about first."""
    wanted = _by_person(move)
    if request.method == "POST":
        case = cases.move_case(case, wanted, by=request.user)
        stage = term(case.stage, "V-STAGE-CASE")
        messages.success(request, _("The case now stands at: %(stage)s.") % {"stage": stage})
        return redirect(page_of(case))
    require(request.user, needed(wanted), case)
    if wanted not in cases.moves_open(case) or wanted not in GRAVE:
        return redirect(page_of(case))
    return _ask_to_move(request, case, wanted)


def _by_person(move: str) -> CaseMove:
    if move not in CaseMove.values or not CASE_MOVES[CaseMove(move)].by_person:
        raise Http404
    return CaseMove(move)


def _ask_to_move(request: AuthedRequest, case: Case, move: CaseMove) -> HttpResponse:
    page = CasePage(case, request.user)
    row = CASE_MOVES[move]
    context = {
        "case": page.case,
        "step": step_of(page.case, move, page.powers),
        "text": GRAVE[move],
        "back": page.url,
        "facts": [
            (_("Case"), page.case.label),
            (_("Now"), term(case.stage, "V-STAGE-CASE")),
            (_("Then"), term(str(row.target), "V-STAGE-CASE")),
        ],
    }
    return render(request, "console/case/move.html", context)


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_conclude(request: AuthedRequest, case: Case) -> HttpResponse:
    """A second pair of eyes; the page shows what the sources add up to, the service weighs it."""
    return Ask(
        request,
        case,
        CONCLUDE,
        act=lambda said: cases.conclude(case, Verification(said["conclusion"]), by=request.user),
        form=ConcludeForm,
        facts=_weighed(CasePage(case, request.user)),
    ).answer()


def _weighed(page: CasePage) -> Iterator[tuple[str, str]]:
    yield _("Elements corroborated"), page.corroborated or _("no element is recorded")
    for element, _cells, result in page.matrix.rows:
        title = _("Element %(number)d") % {"number": element.number}
        yield title, f"{element.statement}\n{result.reason}"


@on(case_of, "GET", "HEAD", "POST")
def case_stop(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        STOP,
        act=lambda said: cases.stop_case(case, by=request.user, **said),
        form=StopForm,
    ).answer()


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_lift_stop(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        LIFT,
        act=lambda _said: cases.lift_stop(case, by=request.user),
        facts=[(_("Stopped because"), case.stop_reason)],
    ).answer()


@on(case_of, "GET", "HEAD", "POST")
def case_protect(request: AuthedRequest, case: Case, on: bool) -> HttpResponse:
    return Ask(
        request,
        case,
        PROTECT if on else UNPROTECT,
        act=lambda _said: cases.protect(case, on=on, by=request.user),
    ).answer()
