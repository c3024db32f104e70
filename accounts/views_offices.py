"""People and offices: whom an administrator, or the head of a mission, lets in."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services
from accounts.forms import InviteForm, LeaveForm
from accounts.http import AuthedRequest
from accounts.models import Invitation, Membership, Office
from accounts.second_factor import FACTORS, second_factor_asked_to_act
from cases.refusals import Refused
from cases.services import hands


def get_office(request: AuthedRequest, pk: UUID) -> Office:
    """To fetch is to check: who may not look after an office does not learn of its people."""
    managed = services.offices_managed_by(request.user).select_related("state")
    return get_object_or_404(managed, pk=pk)


def get_invitation(request: AuthedRequest, pk: UUID) -> Invitation:
    managed = services.offices_managed_by(request.user)
    return get_object_or_404(Invitation.objects.filter(office__in=managed), pk=pk)


def get_membership(request: AuthedRequest, pk: UUID) -> Membership:
    managed = services.offices_managed_by(request.user)
    found = Membership.objects.filter(office__in=managed).select_related("office", "user")
    return get_object_or_404(found, pk=pk)


@require_GET
def office_list(request: AuthedRequest) -> HttpResponse:
    offices = services.offices_managed_by(request.user).annotate(
        people=Count("memberships__user", distinct=True)
    )
    return render(request, "accounts/offices.html", {"offices": offices})


@require_GET
def office_detail(request: AuthedRequest, pk: UUID) -> HttpResponse:
    office = get_office(request, pk)
    return render(request, "accounts/office.html", _office(office, InviteForm(office=office)))


def _office(office: Office, form: InviteForm) -> dict[str, object]:
    theirs = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    members = office.memberships.select_related("user").order_by("user__name", "role")
    return {
        "office": office,
        "form": form,
        "memberships": members.annotate(second_factor=Exists(theirs)),
        "invitations": office.invitations.filter(accepted_at=None, withdrawn_at=None),
    }


@require_POST
@second_factor_asked_to_act
def office_invite(request: AuthedRequest, pk: UUID) -> HttpResponse:
    office = get_office(request, pk)
    form = InviteForm(request.POST, office=office)
    if form.is_valid():
        try:
            services.invite(**form.cleaned_data, office=office, by=request.user)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("office-detail", pk=pk)
    return render(request, "accounts/office.html", _office(office, form))


@require_POST
@second_factor_asked_to_act
def invitation_resend(request: AuthedRequest, pk: UUID) -> HttpResponse:
    invitation = get_invitation(request, pk)
    try:
        services.resend_invitation(invitation, by=request.user)
        messages.success(request, _("A new link is on its way; the old one no longer works."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("office-detail", pk=invitation.office_id)


@require_POST
def invitation_withdraw(request: AuthedRequest, pk: UUID) -> HttpResponse:
    invitation = get_invitation(request, pk)
    try:
        services.withdraw_invitation(invitation, by=request.user)
        messages.success(request, _("The invitation is withdrawn."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("office-detail", pk=invitation.office_id)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_asked_to_act
def membership_end(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What stays behind is counted and handed over; then the membership ends."""
    membership = get_membership(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = LeaveForm(posted, membership=membership)
    if form.is_valid():
        try:
            services.end_membership(membership, by=request.user, to=form.cleaned_data["to"])
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            messages.success(request, _("The membership has ended."))
            return redirect("office-detail", pk=membership.office_id)
    left = hands.left_by(membership).count()
    context = {"membership": membership, "form": form, "left": left}
    return render(request, "accounts/leave.html", context)
