"""Coming in by invitation, and looking after one's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from knox.models import AuthToken

from accounts import services
from accounts.adapters import speak
from accounts.callers import INVITATION_KEY
from accounts.forms import AcceptForm, ProfileForm, TokenForm
from accounts.http import AuthedRequest
from accounts.models import Invitation, Membership, User
from accounts.second_factor import has_one, second_factor_asked
from cases.refusals import Refused

GONE = 410


@login_not_required
@require_GET
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once: no page, log line or referrer may carry it."""
    request.session[INVITATION_KEY] = services.digest_of(token)
    response = redirect("accounts-invitation")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest) -> HttpResponse:
    digest = request.session.get(INVITATION_KEY, "")
    invitation = services.invitation_behind(digest)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=GONE)
    if isinstance(request.user, User):
        return _join(request, invitation, request.user)
    form = AcceptForm(request.POST or None, email=invitation.email)
    if form.is_valid() and _accepted(request, form, invitation):
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": invitation})


def _accepted(request: HttpRequest, form: AcceptForm, invitation: Invitation) -> bool:
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        services.accept_invitation(invitation.digest, name=name, password=password)
    except Refused as refused:
        form.add_error(None, list(refused.reasons))
        return False
    del request.session[INVITATION_KEY]
    messages.success(request, _("Your account is ready. Sign in with your new password."))
    return True


def _join(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Somebody already signed in adds the membership by one press of a button."""
    if request.method == "POST":
        try:
            services.accept_invitation_as(invitation.digest, by=user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, _("You are a member of %(name)s.") % {"name": invitation.office}
            )
        return redirect("accounts-me")
    return render(request, "accounts/invitation_join.html", {"invitation": invitation})


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: AuthedRequest) -> HttpResponse:
    now = {"name": request.user.name, "language": request.user.language}
    form = ProfileForm(request.POST or None, initial=now)
    if not form.is_valid():
        return _profile(request, form)
    services.change_profile(request.user, **form.cleaned_data, by=request.user)
    messages.success(request, _("Saved."))
    response = redirect("accounts-me")
    speak(response, request.user.language)
    return response


def _profile(request: AuthedRequest, form: ProfileForm, new_token: str = "") -> HttpResponse:
    memberships = Membership.objects.filter(user=request.user, office__active=True)
    context = {
        "form": form,
        "memberships": memberships.select_related("office").order_by("office__name", "role"),
        "manages": services.offices_managed_by(request.user).exists(),
        "second_factor": has_one(request.user),
        "tokens": AuthToken.objects.filter(user=request.user).order_by("-created"),
        "token_form": TokenForm(),
        "new_token": new_token,
    }
    return render(request, "accounts/me.html", context)


@second_factor_asked
def token_create(request: AuthedRequest) -> HttpResponse:
    """Answers with the page itself: the token must not wait in a session to be shown.

    A token works for its owner without asking them again, so the proof comes before it.
    """
    if request.method != "POST":
        return redirect("accounts-me")
    form = TokenForm(request.POST)
    now = {"name": request.user.name, "language": request.user.language}
    token = ""
    if form.is_valid():
        try:
            token = services.create_token(request.user, **form.cleaned_data, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
    return _profile(request, ProfileForm(initial=now), new_token=token)


@require_POST
def token_revoke(request: AuthedRequest) -> HttpResponse:
    mine = AuthToken.objects.filter(user=request.user)
    services.revoke_token(
        get_object_or_404(mine, digest=request.POST.get("token", "")), by=request.user
    )
    messages.success(request, _("The token is revoked."))
    return redirect("accounts-me")


@login_not_required
def reference_login(request: HttpRequest) -> HttpResponse:
    """Of the reference data: whoever is signed in and led here has nothing to do there."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))


def reference_password(request: HttpRequest) -> HttpResponse:
    return redirect("account_change_password")
