"""An outward act asks again for the second factor of whoever switched one on."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.http import AuthedApiRequest, AuthedRequest

View = Callable[..., HttpResponseBase]


def second_factor_asked(view: View) -> View:
    """A code typed in the last minutes lets pass, as one that came with signing in does.

    Otherwise the person is asked, and comes back to the page of the act by GET: nothing is done
    that was not asked for again.
    """

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_owed(request):
            way_back = urlencode({"next": request.path}, safe="/")
            return redirect(f"{reverse('mfa_reauthenticate')}?{way_back}")
        return view(request, *args, **kwargs)

    return guarded


def is_owed(request: AuthedRequest | AuthedApiRequest) -> bool:
    """Whether this session has to type a code before anything leaves by it."""
    return is_mfa_enabled(request.user) and not _is_fresh(request)


def _is_fresh(request: AuthedRequest | AuthedApiRequest) -> bool:
    records = get_authentication_records(request, request.user)
    typed = [record["at"] for record in records if record["method"] == "mfa"]
    return bool(typed) and time.time() - max(typed) < app_settings.REAUTHENTICATION_TIMEOUT
