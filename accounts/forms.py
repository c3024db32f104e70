"""What people type about themselves and about those they invite."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    _BaseAddWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLES_OF_KIND, Membership, Office, OfficeKind, Role, User
from cases.models.case import CASE_ROLES


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.TypedChoiceField(label=_("Role"), coerce=Role)
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, initial="en"
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = ROLES_OF_KIND[OfficeKind(office.kind)]
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101  tells the type checker
        role.choices = [(one.value, one.label) for one in Role if one in roles]


class LeaveForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Who takes over their cases?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("The office: its focal points are told"),
        help_text=_("The open work goes on with the next click. No name is shown to anybody new."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {"memberships__office": membership.office_id, "memberships__role__in": CASE_ROLES}
        colleagues = User.objects.filter(is_active=True, **here).exclude(pk=membership.user_id)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        to.queryset = colleagues.distinct().order_by("name")


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=150, help_text=_("As colleagues should see it.")
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password

    def clean(self) -> None:
        first, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and again and first != again:
            self.add_error("again", ValidationError(_("The two passwords differ.")))


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class TokenForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days"))],
        initial=30,
    )


class PasskeyForm(_BaseAddWebAuthnForm):
    """allauth's, without the choice of a weaker kind: every passkey asks for finger or PIN."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again in the list: the key, telephone or machine."),
    )

    def clean(self) -> dict[str, Any]:
        with _made_up_is_wrong():
            return dict(super().clean())


class PasskeyLoginForm(LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with _made_up_is_wrong():
            return super().clean_credential()


class PasskeyStepForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with _made_up_is_wrong():
            return super().clean_credential()


class PasskeyProofForm(ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with _made_up_is_wrong():
            return super().clean_credential()


@contextmanager
def _made_up_is_wrong() -> Iterator[None]:
    """What no browser sends breaks fido2 in many ways; to its sender it is a wrong answer."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error
