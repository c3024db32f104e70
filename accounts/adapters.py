"""allauth, taught the rules of this house: one door each, no way to ask who is known here."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from accounts import second_factor
from accounts.mail import address_of, send_apart
from accounts.models import Session, User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        send_apart(self.render_mail(template_prefix, email, context))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if user.belongs_at(settings.DOOR):
            super().send_password_reset_mail(user, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return address_of(settings.DOOR) + path

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """One letter for every change of a password or second factor, without its details."""
        self.send_mail("account/email/changed", user.email, {"user": user})

    def set_password(self, user: User, password: str) -> None:
        """A new password ends the sessions and the API tokens made with the old one."""
        user.set_password(password)
        user.save(update_fields=["password"])  # no other column is the portal's to write
        AuthToken.objects.filter(user=user).delete()
        Session.objects.filter(user=user).delete()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many attempts are answered 429, whether or not the address exists."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as too_many:
            raise ImmediateHttpResponse(respond_429(request)) from too_many

    def is_reauthentication_required(self, *, app: str) -> bool:
        """One rule for every step that asks who sits there, ours and allauth's."""
        return second_factor.is_owed(context.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """One page for all of them: accounts/proof.py."""
        return [{"id": "proof", "url": reverse("account_reauthenticate")}]

    def reauthenticate(self, user: User, password: str) -> bool:
        if is_mfa_enabled(user):
            return False
        known = self.authenticate(self.request, email=user.email, password=password)
        return known is not None and known.pk == user.pk

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A passkey or a single sign-on of somebody of another door opens nothing here."""
        if user.belongs_at(settings.DOOR):
            return None
        clear_login(request)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        speak(response, user.language)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts-me")


def speak(response: HttpResponse, language: str) -> None:
    """The language of a person follows them to every machine they sign in from."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class MfaAdapter(DefaultMFAAdapter):
    """The seeds of codes are sealed: a copy of the database makes nobody's second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second factor, and everybody here needs one. Set up another first."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        mine = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.FACTORS)
        return settings.SECOND_FACTOR != "required" or mine.exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """By the address of this door: a passkey of the portal answers to the portal alone."""
        host = urlsplit(address_of(settings.DOOR)).hostname
        return {"id": str(host), "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return _("Passkey")

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a camera reads it from a dark page too."""
        drawn: str = super().build_totp_svg(url)
        return drawn.replace("<path", '<path fill="#fff" d="M0 0h99v99H0z" /><path', 1)

    def encrypt(self, text: str) -> str:
        return _ring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _ring().decrypt(encrypted_text.encode()).decode()


def _ring() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"accounts.adapters.MfaAdapter:{key}".encode()) for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one.digest())) for one in digests])
