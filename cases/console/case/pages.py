"""The page of a case, and what happened to it."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import AuthedRequest
from accounts.models import User
from cases.console.audit.pages import tabs
from cases.console.case import consents, sections
from cases.console.case.ahead import Ahead
from cases.console.case.finding import case_of, on
from cases.console.case.held import held
from cases.console.case.page import CasePage, Shown
from cases.console.timeline import events_of, in_words
from cases.models import Case
from cases.policy import May, can
from cases.vocabulary import ConsentScope

EVENTS = 50
PAGE = "console/case/case.html"


@on(case_of, "GET", "HEAD")
def case_detail(request: AuthedRequest, case: Case) -> HttpResponse:
    return render(request, PAGE, whole_page(case, request.user))


def whole_page(case: Case, user: User, shown: Shown | None = None) -> dict[str, Any]:
    """What the page shows. A name is in it only where this very answer reveals one."""
    page = CasePage(case, user, shown)
    return {
        "page": page,
        "case": page.case,
        "ahead": Ahead(page),
        "sections": sections.navigation(page),
        "clocks": list(sections.clocks(page)),
        "people": sections.people(page),
        "acts": list(sections.acts(page)),
        "cooperations": list(sections.cooperations(page)),
        "sources": sections.sources(page),
        "evidence": held(page.case),
        "matrix": list(sections.matrix_rows(page)),
        "ledger": list(consents.ledger(page)),
        "consents": consents.consent_history(page),
        "scopes": ConsentScope,
        "uses": list(consents.uses(page)),
        "withdrawals": consents.withdrawals(page),
        "shown_without": consents.shown_without(page),
        "risks": list(sections.risks(page)),
        "letters": list(sections.letters(page)),
        "fates": list(sections.fates(page)),
    }


@on(case_of, "GET", "HEAD")
def case_timeline(request: AuthedRequest, case: Case) -> HttpResponse:
    """All that happened; who only looked stands in the audit, for those who may ask."""
    found = Paginator(events_of(case), EVENTS).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "found": found,
        "events": in_words(found, request.user),
        "tabs": tabs(case, audit=False) if can(request.user, May.READ_AUDIT, case) else [],
        **_neighbours(request, found),
    }
    return render(request, "console/case/timeline.html", context)


def _neighbours(request: AuthedRequest, found: Page) -> dict[str, str]:
    return {
        "previous": _at(request, found.previous_page_number()) if found.has_previous() else "",
        "following": _at(request, found.next_page_number()) if found.has_next() else "",
    }


def _at(request: AuthedRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
