"""Single sign-on by OpenID Connect, for the staff: off unless OIDC_ISSUER is set.

Who somebody is hangs on the issuer's `sub` alone, and on a link that the person made here while
signed in and freshly proved. An address never counts: whoever runs the identity provider could
send anybody's. The second factor of this house is asked all the same.
"""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.signals import social_account_added
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import services
from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked_to_act
from cases import audit

PROVIDER = "sso"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """People come by invitation only."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Nobody gets in whom no link names; and of the identity nothing is kept but its `sub`."""
        sociallogin.account.extra_data = {}
        if sociallogin.state.get("process") != "connect" and not sociallogin.is_existing:
            _not_in(request)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        _not_in(request)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("mfa_index")


def _not_in(request: HttpRequest) -> NoReturn:
    said = _(
        "Single sign-on did not let you in. Sign in with your password or passkey; then link it "
        "on the page “Signing in”."
    )
    messages.error(request, said)
    raise ImmediateHttpResponse(redirect("account_login"))


class SignedTokenAdapter(OpenIDConnectOAuth2Adapter):
    """The signature of the token is looked at always, also where the way it came is trusted."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        if self.openid_config["issuer"].rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("another issuer")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            data: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (TypeError, ValueError, LookupError) as made_up:
            raise OAuth2Error("Invalid id_token") from made_up
        return data


def _sent_there(request: HttpRequest, process: str) -> HttpResponse:
    provider: OpenIDConnectProvider = SignedTokenAdapter(request, PROVIDER).get_provider()
    try:
        answer: HttpResponse = provider.redirect(request, process=process)
    except OSError:  # no answer from there
        _not_in(request)
    return answer


@receiver(social_account_added)
def linked(request: AuthedRequest, **kwargs: object) -> None:
    audit.record("single_sign_on_linked", request.user, by=request.user)


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    return _sent_there(request, "login")


@require_POST
@second_factor_asked_to_act
def link(request: AuthedRequest) -> HttpResponse:
    return _sent_there(request, "connect")


@require_POST
@second_factor_asked_to_act
def unlink(request: AuthedRequest) -> HttpResponse:
    services.unlink_single_sign_on(request.user, by=request.user)
    messages.success(request, _("The link to single sign-on is removed."))
    return redirect("mfa_index")


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the identity provider sends people back to."""
    view = OAuth2CallbackView.adapter_view(SignedTokenAdapter(request, provider_id))
    answer: HttpResponse = view(request)
    return answer
