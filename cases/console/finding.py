"""To fetch is to check: a case one may not see and one that never was give the same answer."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.http import AuthedRequest
from cases import audit
from cases.models import Assignment, Case, Evidence, EvidenceAttachment, Identity
from cases.refusals import Refused

Row = Case | Evidence | EvidenceAttachment | Identity | Assignment
View = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD")


def case_of(request: AuthedRequest, pk: UUID) -> Case:
    visible = Case.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("state", "office", "owner", "stopped_by", "recorded_by"), pk=pk
    )


def evidence_of(request: AuthedRequest, pk: UUID) -> Evidence:
    visible = Evidence.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("case__state"), pk=pk)


def file_of(request: AuthedRequest, pk: UUID) -> EvidenceAttachment:
    visible = EvidenceAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("evidence__case"), pk=pk)


def identity_of(request: AuthedRequest, pk: UUID) -> Identity:
    visible = Identity.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("person__case", "source__case"), pk=pk)


def assignment_of(request: AuthedRequest, pk: UUID) -> Assignment:
    cases = Case.objects.visible_to(request.user).values("pk")
    related = Assignment.objects.select_related("case__state", "office", "user")
    return get_object_or_404(related.filter(case__in=cases), pk=pk)


def on(
    find: Callable[[AuthedRequest, UUID], Row], *methods: str, looked: bool = True
) -> Callable[[View], View]:
    """Hand the view its row. 404 comes before the method: the method must not tell either.

    A page that is looked at is written down once, here; what is done is written down by the
    service that does it. Whoever comes by GET to what takes only POST, as after signing in again,
    is led to the case. What the domain refuses is said there, every reason.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: AuthedRequest, pk: UUID, **more: object) -> HttpResponseBase:
            row = find(request, pk)
            if request.method not in methods:
                led = request.method in SAFE
                return redirect(page_of(row)) if led else HttpResponseNotAllowed(methods)
            if request.method in SAFE and looked:
                audit.read(case_behind(row), by=request.user, case=case_behind(row))
            return _guarded(view, request, row, more)

        return found

    return decorate


def _guarded(
    view: View, request: AuthedRequest, row: Row, more: dict[str, object]
) -> HttpResponseBase:
    try:
        return view(request, row, **more)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect(page_of(row))


def case_behind(row: Row) -> Case:
    if isinstance(row, Case):
        return row
    if isinstance(row, EvidenceAttachment):
        return row.evidence.case
    return row.subject.case if isinstance(row, Identity) else row.case


def page_of(row: Row, section: str = "") -> str:
    """The page of the case that the row belongs to, at one of its sections."""
    page = reverse("case-detail", args=[case_behind(row).pk])
    return f"{page}#{section}" if section else page
