"""What happens at the gate to every request and every answer."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_htmx.http import HttpResponseClientRedirect

from accounts.backends import DoorBackend
from accounts.http import AuthedRequest, typed_words, way_back
from accounts.models import Session, User
from accounts.second_factor import is_missing
from accounts.sessions import SessionStore
from cases.services.drafts import keep_typed_work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
OURS = frozenset({"same-origin", "none"})
# What is open to whoever still has to set up a second factor: the way to one, and out.
WAY_TO_ONE = {
    "accounts-second-factor",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
}


class KeepTypedWorkMiddleware(LoginRequiredMiddleware):
    """Closed unless opened; and whoever wrote too long for their session loses nothing.

    The browser still sends the cookie of a session whose time is over. Its row says whose it was:
    what they typed is kept for them, and for nobody else, until they are back.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        if super().process_view(request, view_func, view_args, view_kwargs) is None:
            return None
        query = {self.get_redirect_field_name(view_func): way_back(request)}
        if request.method == "POST" and _keep(request):
            query["kept"] = "1"
        url = f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query, safe='/')}"
        # A plain redirect would put the log-in page into a corner of the page that htmx updates.
        return HttpResponseClientRedirect(url) if "HX-Request" in request.headers else redirect(url)


def _keep(request: HttpRequest) -> bool:
    if request.path.startswith("/accounts/"):
        return False
    user = _owner_of_ended_session(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    fields = typed_words(request)
    return bool(user and fields and keep_typed_work(user.pk, request.path, fields))


def _owner_of_ended_session(key: str) -> User | None:
    """Whose session ran out by time alone. One ended by its owner or by a new password is none."""
    ended = Session.objects.here().filter(session_key=key, expire_date__lte=timezone.now())
    row = ended.first()
    if row is None:
        return None
    session = SessionStore().decode(row.session_data)
    try:
        user = DoorBackend().get_user(session.get(SESSION_KEY))
    except ValidationError:
        return None
    if not isinstance(user, User):
        return None
    proof = session.get(HASH_SESSION_KEY, "")
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None


class SecondFactorMiddleware:
    """Where one is required, whoever has none is led to set one up, and reaches nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: AuthedRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Views that need no log-in look for themselves: the API says it in words."""
        match = request.resolver_match
        is_open = not getattr(view_func, "login_required", True)
        if is_open or (match and match.url_name in WAY_TO_ONE):
            return None
        if not request.user.is_authenticated or not is_missing(request.user):
            return None
        url = resolve_url("accounts-second-factor")
        return HttpResponseClientRedirect(url) if "HX-Request" in request.headers else redirect(url)


def note_activity(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Every request of somebody who is signed in is somebody who is there.

    No page asks for anything by itself: tests/accounts/test_sessions.py holds that. What is sent
    while one types is told its new end, since no new page says it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        session = request.session
        if not isinstance(session, SessionStore) or not request.user.is_authenticated:
            return get_response(request)
        session.touch()
        response = get_response(request)
        if request.headers.get("X-Requested-With") == "fetch":
            response.headers["Session-Ends"] = session.get_expiry_date().isoformat()
        return response

    return middleware


def kept_out(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Before anything is read of a request: no method that no page has (TRACE shows cookies), no
    change that another site sends in somebody's name (ASVS 3.5.8), no body that nothing takes.

    Programs do not send Sec-Fetch-Site; of them the tokens speak.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(METHODS))})
        if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in OURS:
            raise PermissionDenied
        if _length(request) > settings.LONGEST_REQUEST:
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware


def _length(request: HttpRequest) -> int:
    """As the server counts it: without one it reads nothing."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def no_store(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Nothing that a person saw stays on the machine they saw it on: security.md, T23."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        if _logs_out(request):
            # Not the cookies: other doors on this host have theirs.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def _logs_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name == "account_logout" and request.method == "POST"
