"""Which cases are due to end, which wait for a second signature, which are held."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from cases import retention
from cases.console.http import saw
from cases.models import Case, Disposal, Hold
from cases.paging import Column, Page, page_of
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
    page = _due(request.user, offices, request.GET)
    saw(request, page.rows)
    return render(request, "console/retention/list.html", _context(request.user, page))


def _due(user: User, offices: list[UUID], asked: Mapping[str, str]) -> Page[Case]:
    visible = Case.objects.visible_to(user).filter(office__in=offices)
    asked_for = Disposal.objects.open().values("case")
    due: Any = retention.due(timezone.now()).filter(pk__in=visible.values("pk"))
    after, before = asked.get("after", ""), asked.get("before", "")
    labelled = due.exclude(pk__in=asked_for).with_label().defer(*SEALED)
    return page_of(labelled, OLDEST, SHOWN, after=after, before=before)


def _context(user: User, page: Page[Case]) -> dict[str, Any]:
    disposals = Disposal.objects.visible_to(user).open().select_related("asked_by", "approved_by")
    holds = Hold.objects.visible_to(user).in_force().select_related("placed_by")
    return {
        "page": page,
        "due": [
            Due(one, retention.due_on(one), retention.rule_of(one).deed.label) for one in page.rows
        ],
        "disposals": _labelled(disposals),
        "holds": _labelled(holds),
    }


def _labelled(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With what the label of a case is made of, and nothing sealed."""
    sealed = [f"case__{name}" for name in SEALED]
    whole = rows.select_related("case__state").prefetch_related("case__acts", "case__persons")
    return whole.defer(*sealed)[:SHOWN]
