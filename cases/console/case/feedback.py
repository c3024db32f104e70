"""Saying that the source was told what came of the case, under its safe contact."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, on
from cases.models import Case
from cases.policy import May
from cases.services import sources

TOLD = Question(
    May.EDIT_CASE,
    gettext_lazy("Was the source told?"),
    gettext_lazy(
        "Tell the source what was done and what came of it, only in the way that it said is safe. "
        "Then say so here; who told it and when stays with the case."
    ),
    gettext_lazy("The source was told"),
    gettext_lazy("It is written down that the source was told."),
    section="sources",
)


@on(case_of, "GET", "HEAD", "POST")
def source_told(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request, case, TOLD, act=lambda _said: sources.source_told(case, by=request.user)
    ).answer()
