"""What stands around a page: house, title, navigation, session."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest
from django.template import Context, Library
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Office, OfficeKind, Role, User
from cases.models.lock import LOCKERS
from cases.policy import May, offices_where

register = Library()

# Each language in its own name: whoever looks for theirs need not read another.
OWN_NAMES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}


@register.simple_tag
def house() -> dict[str, object]:
    """`{% house as house %}`: `door` and `synthetic`, also where no request is known."""
    door = "console" if settings.DOOR == "worker" else settings.DOOR
    return {"door": door, "synthetic": settings.SYNTHETIC}


@register.simple_tag
def tongues() -> list[dict[str, object]]:
    """`{% tongues as tongues %}`: code, name, direction, whether it is the one of the page."""
    now = (get_language() or "en").partition("-")[0]
    return [
        {
            "code": code,
            "name": OWN_NAMES[code],
            "dir": "rtl" if code in settings.LANGUAGES_BIDI else "ltr",
            "current": code == now,
        }
        for code, _name in settings.LANGUAGES
    ]


@register.simple_block_tag(takes_context=True)
def page_title(context: Context, content: SafeString) -> SafeString:
    """`{% page_title %}…{% endpage_title %}`: begins with "Error:" once where a form has errors."""
    prefix, title = _("Error:"), mark_safe(content.strip())  # noqa: S308  drawn, so escaped
    if title.startswith(prefix) or not any(map(_has_errors, context.flatten().values())):
        return title
    return format_html("{} {}", prefix, title)


def _has_errors(value: Any) -> bool:
    # By type(): isinstance() would wake the lazy user, and error pages have no database.
    kind = type(value)
    if issubclass(kind, BaseFormSet):
        return bool(value.is_bound and not value.is_valid())
    if issubclass(kind, (list, tuple)):
        return any(_has_errors(one) for one in value if issubclass(type(one), BaseForm))
    return issubclass(kind, BaseForm) and value.is_bound and bool(value.errors)


@register.inclusion_tag("_parts/nav_link.html", takes_context=True)
def nav_link(context: Context, route: str, label: str, icon: str = "") -> dict[str, object]:
    """`{% nav_link "case-list" label icon="case" %}`: current on its page and on all below it.

    A route this door does not have draws nothing.
    """
    request = context.get("request")
    url = _url_of(route)
    return {
        "url": url,
        "label": label,
        "icon": icon,
        "current": _is_current(request, url) if request and url else "",
    }


def _url_of(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _is_current(request: HttpRequest, url: str) -> str:
    if request.path == url:
        return "page"
    below = request.path.startswith(url) and url != "/"
    return "true" if below else ""


@register.filter
def locks_people(user: User) -> bool:
    """Whether this person may pull the emergency brake."""
    return bool(user.offices_with(LOCKERS))


@register.filter
def ends_cases(user: User) -> bool:
    """Whether this person decides how long a case is kept."""
    return bool(offices_where(user, May.DISPOSE_CASE))


@register.filter
def administers(user: User) -> bool:
    """Shows a link, opens nothing: the page behind it asks for itself."""
    return any(place.role == Role.ADMINISTRATOR for place in user.memberships_now)


@register.filter
def audits(user: User) -> bool:
    """As `administers`, for the link to the audit."""
    return any(place.role == Role.AUDITOR for place in user.memberships_now)


@register.filter
def guards(user: User) -> bool:
    """The same for who keeps identities: the list of requests to see a name."""
    return any(place.role == Role.CUSTODIAN for place in user.memberships_now)


@register.simple_tag(takes_context=True)
def mission_name(context: Context) -> str:
    """`{% mission_name as mission %}`: whose portal this is, nothing for who has not signed in."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return ""
    mission = Office.objects.of(user).filter(kind=OfficeKind.MISSION).first()
    return mission.name if mission else ""


@register.inclusion_tag("_parts/session_end.html", takes_context=True)
def session_end(context: Context) -> dict[str, object]:
    """`{% session_end %}`: until when one is signed in at least; the script warns before."""
    request, user = context.get("request"), context.get("user")
    if request is None or user is None or not user.is_authenticated:
        return {"ends": None}
    return {"ends": request.session.get_expiry_date()}
