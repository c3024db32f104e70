"""Proof that it is still the same person: each way they have, on one page."""

from collections.abc import Iterator
from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordAsked
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import ReauthenticateForm as CodeAsked
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.forms import PasskeyProofForm
from accounts.http import AuthedRequest

PREFIX = "proof"
WEBAUTHN = Authenticator.Type.WEBAUTHN


class PasswordProof(PasswordAsked):
    def clean_password(self) -> str:
        try:
            return str(super().clean_password())
        except ImmediateHttpResponse as too_many:
            raise ValidationError(
                _("Too many attempts. Wait some minutes, then try again.")
            ) from too_many


class CodeProof(CodeAsked):
    """One field for both: the code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["placeholder"]


class Proof:
    """Whoever has a second factor proves with it; a password alone would switch it off."""

    def __init__(self, request: AuthedRequest) -> None:
        self.request = request
        types = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        self.forms: dict[str, forms.Form] = {}
        if types - {WEBAUTHN}:
            self.forms["code"] = self._form(CodeProof, "code")
        if WEBAUTHN in types:
            self.forms["passkey"] = self._form(PasskeyProofForm, "credential")
        if not types and request.user.has_usable_password():
            self.forms["password"] = self._form(PasswordProof, "password")

    def _form(self, form: type[forms.Form], field: str) -> forms.Form:
        sent = f"{PREFIX}-{field}" in self.request.POST
        data = self.request.POST if sent else None
        made: forms.Form = form(data, user=self.request.user, prefix=PREFIX)  # type: ignore[call-arg]
        return made

    def given(self) -> bool:
        """Whether one of the ways was gone to its end; then the session remembers when."""
        for form in self.forms.values():
            if form.is_valid():
                if isinstance(form, PasswordProof):
                    reauthenticate_by_password(self.request)
                else:
                    form.save()  # type: ignore[attr-defined]
                return True
        return False

    def page(self) -> HttpResponse:
        context: dict[str, object] = {**self.forms, "carried": list(_carried(self.request.POST))}
        if "passkey" in self.forms:
            context["passkey_data"] = begin_authentication(self.request.user)
        return render(self.request, "accounts/proof.html", context)


def without_proof(post: QueryDict) -> QueryDict:
    """What was posted, as if nobody had asked in between."""
    rest = post.copy()
    for name in [name for name in rest if name.startswith(f"{PREFIX}-")]:
        del rest[name]
    return rest


def _carried(post: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in without_proof(post).lists():
        if name != "csrfmiddlewaretoken":
            yield from ((name, str(value)) for value in values)
