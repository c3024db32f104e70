"""Offering a case to another office, and what that office sees before it answers: codes."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked, second_factor_asked_to_act
from cases import audit
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, on, transfer_of
from cases.console.case.forms import TransferForm
from cases.http import handed
from cases.models import Case, Transfer
from cases.policy import May
from cases.services import transfers

OFFER = Question(
    May.TRANSFER_CASE,
    gettext_lazy("Offer the case to another office"),
    gettext_lazy(
        "The other office sees the acts, the State, the number of people and your reason, and "
        "nothing else, until it accepts. Then it holds the case, and this office sees it no longer."
    ),
    gettext_lazy("Offer the case"),
    gettext_lazy("The case is offered. It stays here until the other office accepts."),
    section="hands",
)
WITHDRAW = Question(
    May.TRANSFER_CASE,
    gettext_lazy("Withdraw the offer?"),
    gettext_lazy("The case stays with this office."),
    gettext_lazy("Withdraw the offer"),
    gettext_lazy("The offer is withdrawn."),
    section="hands",
)


@second_factor_asked
@on(case_of, "GET", "HEAD", "POST")
def case_transfer(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        OFFER,
        act=lambda said: transfers.offer_transfer(case, by=request.user, **_with_end(said)),
        form=partial(TransferForm, case=case),
    ).answer()


def _with_end(said: dict[str, Any]) -> dict[str, Any]:
    return {"to": said["to"], "reason": said["reason"], "expires_at": said["until"]}


@on(transfer_of, "GET", "HEAD", "POST")
def transfer_withdraw(request: AuthedRequest, transfer: Transfer) -> HttpResponse:
    return Ask(
        request,
        transfer.case,
        WITHDRAW,
        act=lambda _said: transfers.withdraw_transfer(transfer, by=request.user),
        facts=[(_("Offered to"), transfer.to_office.name), (_("Reason"), transfer.reason)],
    ).answer()


def offered(request: AuthedRequest, pk: UUID) -> Transfer:
    mine = Transfer.objects.offered_to(request.user).select_related("case__state", "from_office")
    return get_object_or_404(mine.prefetch_related("case__acts", "case__persons"), pk=pk)


def _look(request: AuthedRequest, transfer: Transfer) -> None:
    audit.read(transfer, by=request.user, case=transfer.case_id)


@second_factor_asked_to_act
@handed(offered, ("GET", "HEAD", "POST"), lambda _transfer: reverse("home"), _look)
def transfer_answer(request: AuthedRequest, transfer: Transfer) -> HttpResponse:
    if request.method != "POST":
        return render(request, "console/case/transfer.html", {"transfer": transfer})
    if request.POST.get("answer") == "accept":
        case = transfers.accept_transfer(transfer, by=request.user)
        messages.success(request, _("The case is yours now."))
        return redirect("case-detail", case.pk)
    transfers.decline_transfer(transfer, by=request.user)
    messages.success(request, _("You declined. The case stays where it is."))
    return redirect("home")
