"""To fetch is to check: a case one may not see and one that never was give the same answer."""

from collections.abc import Callable
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.http import AuthedRequest
from cases import audit
from cases.console.case.reading import with_what_is_rare
from cases.http import View, handed
from cases.models import (
    Assignment,
    Case,
    Consent,
    Containment,
    Evidence,
    EvidenceAttachment,
    Hold,
    Identity,
    Recusal,
    Transfer,
)

Row = (
    Case
    | Evidence
    | EvidenceAttachment
    | Identity
    | Assignment
    | Consent
    | Containment
    | Recusal
    | Transfer
    | Hold
)


def case_of(request: AuthedRequest, pk: UUID) -> Case:
    visible = with_what_is_rare(Case.objects.visible_to(request.user))
    return get_object_or_404(
        visible.select_related("state", "office", "owner", "stopped_by", "recorded_by"), pk=pk
    )


def evidence_of(request: AuthedRequest, pk: UUID) -> Evidence:
    visible = Evidence.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("case__state"), pk=pk)


def file_of(request: AuthedRequest, pk: UUID) -> EvidenceAttachment:
    visible = EvidenceAttachment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("evidence__case", "clean_copy"), pk=pk)


def identity_of(request: AuthedRequest, pk: UUID) -> Identity:
    visible = Identity.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("person__case", "source__case"), pk=pk)


def assignment_of(request: AuthedRequest, pk: UUID) -> Assignment:
    visible = Assignment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("case__state", "office", "user"), pk=pk)


def recusal_of(request: AuthedRequest, pk: UUID) -> Recusal:
    visible = Recusal.objects.visible_to(request.user).in_force()
    return get_object_or_404(visible.select_related("case__state", "user"), pk=pk)


def transfer_of(request: AuthedRequest, pk: UUID) -> Transfer:
    """For the office that gives; the one that may accept finds it in `transfers.offered`."""
    visible = Transfer.objects.visible_to(request.user).open()
    return get_object_or_404(visible.select_related("case__state", "to_office"), pk=pk)


def consent_of(request: AuthedRequest, pk: UUID) -> Consent:
    visible = Consent.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("case__state", "person", "recorded_by", "given_through"), pk=pk
    )


def containment_of(request: AuthedRequest, pk: UUID) -> Containment:
    visible = Containment.objects.visible_to(request.user)
    related = ("case__state", "consent__person", "owner", "package__state", "left_by")
    return get_object_or_404(visible.select_related(*related), pk=pk)


def on(
    find: Callable[[AuthedRequest, UUID], Row], *methods: str, looked: bool = True
) -> Callable[[View], View]:
    """Hand the view its row. A page that is looked at is written down once, here; what is done is
    written down by the service that does it."""
    return handed(find, methods, page_of, _look if looked else None)


def _look(request: AuthedRequest, row: Row) -> None:
    case = case_behind(row)
    audit.read(case, by=request.user, case=case)


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
