"""How one signs in, and where one is signed in."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services
from accounts.http import AuthedRequest
from accounts.models import Session, User
from accounts.proof import PREFIX, Proof
from accounts.second_factor import FACTORS, is_missing, second_factor_asked


@require_GET
def security(request: AuthedRequest) -> HttpResponse:
    mine = Authenticator.objects.filter(user=request.user).order_by("created_at")
    kinds = {one.type: one.wrap() for one in mine}
    passkeys = [one for one in mine if one.type == Authenticator.Type.WEBAUTHN]
    context = {
        "app": kinds.get(Authenticator.Type.TOTP),
        "codes": kinds.get(Authenticator.Type.RECOVERY_CODES),
        "passkeys": [(one.wrap().name, one, handle_of(one)) for one in passkeys],
        "sessions": Session.objects.visible_to(request.user),
        "here": request.session.session_key,
        "sso": settings.OIDC_ISSUER,
        "sso_linked": bool(settings.OIDC_ISSUER) and _is_linked(request.user),
    }
    return render(request, "accounts/security.html", context)


def _is_linked(user: User) -> bool:
    return SocialAccount.objects.filter(user=user).exists()


@require_GET
def set_up(request: AuthedRequest) -> HttpResponse:
    """Where whoever has no second factor is led while one is required."""
    if not is_missing(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/set_up.html")


@sensitive_post_parameters(f"{PREFIX}-password", f"{PREFIX}-code", f"{PREFIX}-credential")
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: AuthedRequest) -> HttpResponse:
    """Proves that it is still the same person, then goes on where that was asked."""
    proof = Proof(request)
    if not proof.given():
        return proof.page()
    return resume_request(request) or redirect("mfa_index")


def handle_of(passkey: Authenticator) -> str:
    """How an address names it: a number would count the passkeys of the house."""
    return salted_hmac("accounts.passkey", str(passkey.pk)).hexdigest()[:22]


def _passkey_of(user: User, handle: str) -> Authenticator:
    for one in Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN):
        if handle_of(one) == handle:
            return one
    raise Http404


@second_factor_asked
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_remove(request: AuthedRequest, handle: str) -> HttpResponse:
    passkey = _passkey_of(request.user, handle)
    if not get_adapter().can_delete_authenticator(passkey):
        messages.error(request, get_adapter().error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
    if request.method == "POST":
        remove_authenticator(request, passkey)
        return redirect("mfa_index")
    facts = [(_("Name"), passkey.wrap().name)]
    return render(request, "accounts/passkey_remove.html", {"facts": facts})


@require_POST
def session_end(request: AuthedRequest, handle: UUID) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), handle=handle)
    services.end_session(session, by=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("mfa_index")


@require_POST
def sessions_end(request: AuthedRequest) -> HttpResponse:
    """Everywhere else: this session is bound to the new beginning and goes on."""
    _end_others(request, request.user)
    messages.success(request, _("You are signed out everywhere else, and your tokens have ended."))
    return redirect("mfa_index")


def _end_others(request: HttpRequest, user: User) -> None:
    session = getattr(request, "session", None)  # a command has none to renew
    services.end_sessions(user, by=user, keep=session and session.session_key)
    if session:
        update_session_auth_hash(request, user)


@receiver([authenticator_added, authenticator_removed])
def factors_changed(request: AuthedRequest, user: User, **kwargs: object) -> None:
    """Whoever sits elsewhere under the old factors, maybe a thief, signs in anew."""
    _end_others(request, user)


@receiver(authenticator_added)
def factor_shown(
    request: AuthedRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    """To set it up was to use it: nobody is asked for it again on the next page."""
    if authenticator.type in FACTORS:
        kind = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", reauthenticated=True, **kind)
