"""Which pages there are, and as whom they are asked: from the addresses of the doors."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from accounts.models import User
from bench.made import invented
from bench.people import email
from cases import models, policy
from cases.console.lists.cases import SIZE, SORTS
from cases.models import Case
from cases.paging import mark_of
from cases.policy import May

CONFS = {"console": "reprisals.urls_console", "portal": "reprisals.urls_portal"}
# An authenticated page with its shell that fetches nothing of a case.
EMPTY = "/accounts/password/change/"
# Whose room a page of one row is in, by the first word of its address.
NOUNS: dict[str, type[Any]] = {
    "cases": models.Case,
    "letters": models.Communication,
    "communications": models.Communication,
    "replies": models.Reply,
    "packages": models.Package,
    "persons": models.Person,
    "acts": models.Act,
    "cooperations": models.Cooperation,
    "sources": models.Source,
    "elements": models.Element,
    "corroborations": models.Corroboration,
    "consents": models.Consent,
    "deadlines": models.Deadline,
    "assignments": models.Assignment,
    "identities": models.Identity,
}

# The thousandth page of 25.
DEEP = 999 * SIZE


class Page(NamedTuple):
    """`role` says who asks; `name` is the page's name in its door, with what narrows it."""

    door: str
    role: str
    name: str
    path: str


# Who asks: someone of a middling desk, of the largest, someone shown 20,000 cases one by one, …
ROLES = {
    "focal point": ("console", "desk", 75, 0),
    "focal point, largest desk": ("console", "desk", 0, 0),
    "guest of many": ("console", "desk", 149, 0),
    "reviewer": ("console", "desk", 75, 7),
    "custodian": ("console", "desk", 75, 9),
    "analyst": ("console", "desk", 0, 5),
    "editor": ("console", "desk", 0, 6),
    "auditor": ("console", "desk", 0, 7),
    "administrator": ("console", "desk", 0, 8),
    "mechanism officer": ("console", "secretariat", 3, 1),
    "mandate holder": ("console", "secretariat", 3, 8),
    "mission": ("portal", "mission", 5, 0),
}


def who(role: str) -> tuple[str, str]:
    """Door and address of mail."""
    door, kind, office, person = ROLES[role]
    return door, email(kind, office, person)


def pages_of(role: str) -> Iterator[Page]:
    """Every address of the door that names a row which this person sees, or no row."""
    door, address = who(role)
    user = User.objects.get(email=address)
    rows = _Rows(user)
    for name, route in sorted(_routes(get_resolver(CONFS[door]))):
        if (arguments := rows.for_route(route)) is not None:
            try:
                path = reverse(name, urlconf=CONFS[door], kwargs=arguments)
            except NoReverseMatch:
                continue
            yield Page(door, role, name, path)
    if door == "console":
        yield from _lists(role, user)


def _routes(resolver: Any, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for part in resolver.url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from _routes(part, route, inner)
        elif isinstance(part, URLPattern) and part.name and not route.startswith("admin/"):
            yield f"{space}{part.name}", route.replace("api/v1/", "").replace("^", "")


class _Rows:
    """One row of each noun that this person sees, of one case where there is one."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.found: dict[type[Any], Any] = {}

    def for_route(self, route: str) -> dict[str, Any] | None:
        """What the address needs; None where it needs what was not filled."""
        if not ("<" in route or "(?P" in route):
            return {}
        room = route.split("/", maxsplit=1)[0]
        if room == "parts":
            return self._of("persons", {"noun": "person"})
        return self._of(room, {})

    def _of(self, room: str, more: dict[str, str]) -> dict[str, Any] | None:
        noun = NOUNS.get(room)
        pk = self._pk(noun) if noun else None
        return {"pk": pk, **more} if pk else None

    def _pk(self, noun: type[Any]) -> Any:
        if noun not in self.found:
            rows = noun._default_manager.visible_to(self.user)
            if noun is not Case and not self.user.state_id and (case := self._pk(Case)):
                rows = rows.filter(**{_way_to_case(noun): case})
            elif noun is Case:
                letters = models.Communication.objects.filter(package__replies__isnull=False)
                rows = rows.filter(pk__in=letters.values("case"))
            self.found[noun] = rows.order_by().values_list("pk", flat=True).first()
        return self.found[noun]


def _way_to_case(noun: type[Any]) -> str:
    ways = {
        models.Reply: "package__communication__case",
        models.Package: "communication__case",
        models.Identity: "person__case",
    }
    return ways.get(noun, "case")


def _lists(role: str, user: User) -> Iterator[Page]:
    """The list of cases in each order, near and far, and under each filter."""
    cases = Case.objects.visible_to(user)
    for name, sort in SORTS.items():
        path = f"/cases/?sort={name}"
        yield Page("console", role, f"case-list sort={name}", path)
        columns = [f"{'-' * column.descending}{column.field}" for column in sort.order]
        if far := cases.order_by(*columns)[DEEP : DEEP + 1].first():
            deep = f"{path}&after={mark_of(far, sort.order)}"
            yield Page("console", role, f"case-list sort={name} page 1000", deep)
    for name, values in FILTERS.items():
        for value in values:
            yield Page("console", role, f"case-list {name}={value}", f"/cases/?{name}={value}")


FILTERS = {
    "stage": ["INTAKE", "CLOSE"],
    "due": ["overdue", "soon", "none"],
    "severity": ["4"],
    "state": ["XBA"],
    "owner": ["me", "nobody"],
    "flag": ["stopped", "unfiled"],
    "act": ["DETAIN"],
    "priority": ["URG"],
    "verification": ["RGB"],
    "nature": ["REP"],
    "kind": ["situation"],
    "received_from": ["2026-01-01"],
}


def searches_of(role: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What this person may type: a word of one case, one of many, a State, somebody's name."""
    door, address = who(role)
    user = User.objects.get(email=address)
    case = Case.objects.visible_to(user).order_by().first() if door == "console" else None
    if case is None:
        return
    words = case.narrative.rstrip(".").lower().split()
    yield "search: a word of this case alone", {"q": words[-1]}
    yield "search: a common word", {"q": invented(1, 3)}
    yield "search: two words", {"q": f"{words[0]} {words[1]}"}
    yield "search: the beginning of a reference", {"q": case.reference[:7]}
    if policy.offices_where(user, May.FIND_PEOPLE):
        name = models.Identity.objects.filter(person__case=case)[0].content["name"]
        yield "search: a person", {"q": name, "people": "on"}
