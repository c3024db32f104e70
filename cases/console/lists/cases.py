"""The list of cases: filters, search, order, pages."""

from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from accounts.http import AuthedRequest
from accounts.models import User
from cases.console.http import saw
from cases.console.lists import listing
from cases.console.lists.listing import Sort
from cases.console.lists.searching import search_form
from cases.filters import CaseFilter
from cases.models import Case, Deadline
from cases.models.case import CaseQuerySet
from cases.paging import Column, page_of
from cases.policy import May, offices_where

SIZE = 25
DUE, ID = Column("due_at", nullable=True), Column("id")
SORTS = {
    "due": Sort(gettext_lazy("Deadline, nearest first"), (DUE, ID), "due"),
    "changed": Sort(
        gettext_lazy("Changed, newest first"), (Column("changed_at", True), ID), "changed", True
    ),
    "received": Sort(
        gettext_lazy("Received, newest first"), (Column("received_on", True), ID), "received", True
    ),
    "severity": Sort(
        gettext_lazy("Severity, highest first"),
        (Column("severity", True), DUE, ID),
        "severity",
        True,
    ),
}


class Row(NamedTuple):
    """A case in the list, with the deadline that comes first and whose case it is."""

    case: Case
    url: str
    due: Deadline | None
    owner: str


@require_safe
def case_list(request: AuthedRequest) -> HttpResponse:
    """Cases this person may see. Nothing that somebody typed stands in the address."""
    visible = Case.objects.visible_to(request.user)
    filters = CaseFilter(listing.asked(request), visible, request=request)
    context = _context(request, filters)
    if request.htmx and not request.htmx.history_restore_request:
        part = render(request, "console/lists/cases.html#results", context)
        return push_url(part, listing.address(request, **listing.marks_of(request)))
    return render(request, "console/lists/cases.html", context)


def _context(request: AuthedRequest, filters: CaseFilter) -> dict[str, object]:
    name, known = listing.sort_of(request, SORTS)
    order, marks = SORTS[name].order, listing.marks_of(request)
    page = page_of(_rows(filters.qs), order, SIZE, **marks)
    saw(request, page.rows)
    return {
        "rows": [row_of(case, request.user) for case in page.rows],
        "may_record": bool(offices_where(request.user, May.RECORD_CASE)),
        **listing.paged(request, page, sort_known=known),
        **_narrowed(request, filters),
        **_sorted(request, name),
    }


def _narrowed(request: AuthedRequest, filters: CaseFilter) -> dict[str, object]:
    return {
        "form": filters.form,
        "search": search_form(request.user, filters.form.cleaned_data.get("search")),
        "facets": listing.facets(request, filters),
        "chips": listing.chips(request, filters),
        "clear_url": listing.address(request, without=filters.form.fields),
    }


def _sorted(request: AuthedRequest, name: str) -> dict[str, object]:
    options = [listing.Option(key, str(sort.label), key == name) for key, sort in SORTS.items()]
    return {
        "sort": SORTS[name],
        "sorts": options,
        "sort_urls": {key: listing.address(request, sort=key) for key in SORTS},
    }


def _rows(cases: CaseQuerySet) -> CaseQuerySet:
    """With all that a row shows, and without the sealed texts."""
    due = Prefetch("deadlines", queryset=Deadline.objects.open(), to_attr="open_deadlines")
    labelled = cases.with_label().prefetch_related(due)
    return labelled.defer("narrative", "summary", "entry", "stop_reason")


def row_of(case: Any, user: User) -> Row:
    """Of a case with what `_rows` put on it."""
    url = reverse("case-detail", args=[case.pk])
    return Row(case, url, first_due(case.open_deadlines), owner_of(case, user))


def first_due(deadlines: list[Deadline]) -> Deadline | None:
    """The nearest that runs; a clock that stands still where no other runs."""
    return min(deadlines, key=lambda d: (d.paused_at is not None, d.due_at), default=None)


def owner_of(case: Case, user: User) -> str:
    if case.owner is None:
        return ""
    return _("You") if case.owner == user else case.owner.name
