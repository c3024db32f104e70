"""Which cases are due to end, which wait for a second signature, which are held."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from cases import retention
from cases.console.http import saw
from cases.models import Case, Disposal, Hold
from cases.paging import Column, page_of
from cases.policy import May, offices_where

SHOWN = 50
OLDEST = [Column("changed_at"), Column("id")]
SEALED = ("narrative", "summary", "entry", "stop_reason")


class Due(NamedTuple):
    case: Case
    since: Any
    deed: str | Promise


@require_safe
def retention_list(request: AuthedRequest) -> HttpResponse:
    offices = offices_where(request.user, May.DISPOSE_CASE)
    if not offices:
        raise PermissionDenied(_("Reviewers decide how long a case is kept."))
    visible = Case.objects.visible_to(request.user).filter(office__in=offices)
    rows = retention.due(timezone.now()).filter(pk__in=visible.values("pk"))
    asked = request.GET
    page = page_of(
        rows.with_label().defer(*SEALED),  # type: ignore[attr-defined]
        OLDEST,
        SHOWN,
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )
    saw(request, page.rows)
    return render(request, "console/retention/list.html", _context(request, page))


def _context(request: AuthedRequest, page: Any) -> dict[str, Any]:
    sealed = [f"case__{name}" for name in SEALED]
    disposals = Disposal.objects.visible_to(request.user).open()
    holds = Hold.objects.visible_to(request.user).in_force()
    parts = ("case__acts", "case__persons")
    return {
        "page": page,
        "due": [
            Due(one, retention.due_on(one), retention.rule_of(one).deed.label) for one in page.rows
        ],
        "disposals": disposals.select_related("case__state", "asked_by", "approved_by")
        .prefetch_related(*parts)
        .defer(*sealed)[:SHOWN],
        "holds": holds.select_related("case__state", "placed_by")
        .prefetch_related(*parts)
        .defer(*sealed)[:SHOWN],
    }
