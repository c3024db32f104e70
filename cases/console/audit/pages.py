"""Who did, saw and was refused what: of one case, and, without any content, of the whole house."""

from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from cases import anchors, audit, chain, policy
from cases.anchors import Anchor
from cases.console.audit.forms import AuditForm, CaseAuditForm, people_of
from cases.console.case.finding import case_of, on
from cases.console.lists import listing
from cases.console.timeline import Event, in_words, with_actors
from cases.models import AuditEvent, Case
from cases.paging import Column, page_of
from cases.policy import May

SIZE = 50
NEWEST = (Column("written_at", True), Column("id", True))


class Row(NamedTuple):
    """What the audit says, in words; `person_url` and `case_url` show the rest of theirs."""

    row: AuditEvent
    event: Event
    rules: str
    person_url: str
    case_url: str


@on(case_of, "GET", "HEAD")
def case_audit(request: AuthedRequest, case: Case) -> HttpResponse:
    """Who read, wrote and was refused what on this case, from which door."""
    policy.require(request.user, May.READ_AUDIT, case)
    rows = AuditEvent.objects.filter(case=case.pk)
    form = CaseAuditForm(listing.asked(request) or None, people=people_of(rows))
    shown = _shown(request, with_actors(form.narrowed(rows), case.office_id), form)
    more = {"case": case, "tabs": tabs(case, audit=True)}
    return render(request, "console/audit/case.html", {**more, **shown})


@require_safe
def audit_list(request: AuthedRequest) -> HttpResponse:
    """All of it, for the auditor: ids and codes, never a reference, a text or a name of a case."""
    if not policy.offices_where(request.user, May.READ_WHOLE_AUDIT):
        raise policy.refusal(May.READ_WHOLE_AUDIT)
    form = AuditForm(listing.asked(request) or None)
    shown = _shown(request, with_actors(form.narrowed(AuditEvent.objects.all())), form)
    ids = [one.row.pk for one in shown["rows"]]
    audit.listed(AuditEvent, by=request.user, number=len(ids), of=ids)
    return render(request, "console/audit/list.html", {**shown, **_state_of_the_chain()})


def _shown(request: AuthedRequest, rows: QuerySet[Any], form: AuditForm) -> dict[str, Any]:
    page = page_of(rows, NEWEST, SIZE, **listing.marks_of(request))
    events = in_words(page.rows, request.user)
    narrowed = {name: request.GET[name] for name in ("person", "case") if request.GET.get(name)}
    return {
        "form": form,
        "rows": [_row(request, *pair) for pair in zip(page.rows, events, strict=True)],
        "clear_url": request.path,
        "chips": [_chip(request, name, page.rows) for name in narrowed if name in form.fields],
        **listing.paged(request, page),
    }


def _row(request: AuthedRequest, row: Any, event: Event) -> Row:
    """The people of a mission are no names here: their link shows one person all the same."""
    person = listing.address(request, person=str(row.actor)) if row.actor else ""
    case = listing.address(request, case=str(row.case)) if row.case else ""
    said = (row.detail.get("route", ""), *row.detail.get("rules", ()))
    return Row(row, event, " · ".join(filter(None, said)), person, case)


def _chip(request: AuthedRequest, name: str, rows: list[Any]) -> listing.Link:
    words = {"person": _("One person only"), "case": _("One case only")}
    return listing.Link(words[name], listing.address(request, without=[name]))


def _state_of_the_chain() -> dict[str, object]:
    heads = chain.heads()
    proved = AuditEvent.objects.filter(verb="verified").first()
    return {
        "events_in_all": sum(head.position for head in heads.values()),
        "lanes": len(heads),
        "proved": proved,
        "findings": proved.detail["findings"] if proved else 0,
        "anchor": _last_anchor(),
    }


def _last_anchor() -> Anchor | None:
    """None also where this process cannot tell a signed anchor from another."""
    try:
        return anchors.last()
    except ImproperlyConfigured:
        return None


def tabs(case: Case, *, audit: bool) -> list[dict[str, Any]]:
    """The two ways to look back on a case."""
    words = {"case-timeline": _("What happened"), "case-audit": _("Who looked at it")}
    here = "case-audit" if audit else "case-timeline"
    return [
        {"url": reverse(name, args=[case.pk]), "label": label, "current": name == here}
        for name, label in words.items()
    ]
