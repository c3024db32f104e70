"""Something one has or is, beside the password: who must have it, and when it is asked for again.

What goes out, opens a name or gives or ends access asks again, unless the person proved within
STEP_UP_AFTER that it is still they: with a second factor where they have one, with the password
where they have none. Pages ask by `second_factor_asked`, the API by `is_owed`.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import AuthedApiRequest, AuthedRequest, way_back
from accounts.models import User
from accounts.proof import Proof, without_proof

View = Callable[..., HttpResponseBase]
# Recovery codes stand in for one of these and are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SAFE = ("GET", "HEAD", "OPTIONS")


def has_one(user: User) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def is_missing(user: User) -> bool:
    """Whether this person has to set one up before anything else."""
    return settings.SECOND_FACTOR == "required" and not has_one(user)


def is_owed(request: AuthedRequest | AuthedApiRequest) -> bool:
    """Whether this session has to prove first who sits before it."""
    records = get_authentication_records(request, request.user)
    if has_one(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    last = max((record["at"] for record in records), default=0)
    return bool(time.time() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def second_factor_asked(view: View) -> View:
    """Nothing of this view, not even its page, without fresh proof."""
    return _guarded(view, to_read=True)


def second_factor_asked_to_act(view: View) -> View:
    """The page may be read; what it posts needs fresh proof."""
    return _guarded(view, to_read=False)


def _guarded(view: View, *, to_read: bool) -> View:
    """Read by GET, the person is led to the proof and back.

    What was posted is carried through the page that asks, in the browser, and goes on as it was:
    nothing typed is lost, and nothing of it is kept here in clear.
    """

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE and not to_read:
            return view(request, *args, **kwargs)
        if is_owed(request):
            if request.method in SAFE or request.htmx:
                return _led_away(request)
            proof = Proof(request)
            if not proof.given():
                return proof.page()
        request.POST = without_proof(request.POST)  # type: ignore[assignment]
        return view(request, *args, **kwargs)

    return guarded


def _led_away(request: AuthedRequest) -> HttpResponseBase:
    query = urlencode({"next": way_back(request)}, safe="/")
    url = f"{reverse('account_reauthenticate')}?{query}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
