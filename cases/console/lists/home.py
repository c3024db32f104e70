"""What must I do next: work lists, stop flags, the next two weeks, the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.models import Office, User
from cases.console.http import saw
from cases.console.identity_requests import waiting_for
from cases.console.lists import work
from cases.console.lists.duties import MOST, Duties, Found, Place
from cases.console.lists.work import Work
from cases.console.people.looks import held_of_late
from cases.models import Case, Transfer
from cases.models.case import CASE_ROLES
from cases.models.deadline import DeadlineKind
from cases.models.term import listed
from cases.paging import MOST_COUNTED
from cases.policy import May, offices_where

# Rows of one list; the tally says how many there are.
SHOWN = 8
STATES_SHOWN = 3


@dataclass(frozen=True)
class Tally:
    id: str
    label: str
    count: str
    state: str


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    count: str
    rows: list[Work]
    url: str
    action: str
    hint: str


class Day(NamedTuple):
    day: date
    due: list[str]


# Each list, in the order of the page: its sources, and where more of the kind stands.
LISTS: dict[str, tuple[Found, ...]] = {
    "overdue": (Found.OVERDUE,),
    "soon": (Found.SOON,),
    "waiting": (Found.AT_ONCE, Found.LETTER, Found.STEP),
    "intake": (Found.TRIAGE, Found.UNFILED),
    "owed": (Found.OWED,),
}
DUE = frozenset({Found.OVERDUE, Found.SOON, Found.AT_ONCE, Found.TRIAGE, Found.OWED})
CASES = frozenset({Found.STEP, Found.UNFILED, Found.STOPPED})


@require_safe
def home(request: AuthedRequest) -> HttpResponse:
    user = request.user
    if not (user.offices_with(CASE_ROLES) or Case.objects.visible_to(user).exists()):
        return render(
            request, "console/home_without_cases.html", {"roles": roles_of(user), **_beside(user)}
        )
    page = Home(user, everybody=request.GET.get("whose") == "office")
    saw(request, page.cases.values())
    context = {"page": page, "today": timezone.localdate(), **_beside(user)}
    return render(request, "console/home.html", context)


def _beside(user: User) -> dict[str, Any]:
    """Names and emergencies that wait for this person; accounts they may lock that were held."""
    waits = list(waiting_for(user)[: SHOWN + 1])
    held = held_of_late(user)
    return {"waits": waits[:SHOWN], "more_wait": len(waits) > SHOWN, "held": held}


def roles_of(user: User) -> set[str]:
    return {place.role.value for place in user.memberships_now}


class Home:
    """The page of one person: read once, then only arranged."""

    def __init__(self, user: User, *, everybody: bool) -> None:
        self.user = user
        self.everybody = everybody
        self.duties = Duties(user, everybody=everybody)
        self.found = self.duties.found()
        self.deadlines = work.deadlines_of(user, self._ids(*DUE))
        self.letters = work.letters_of(user, self._ids(Found.LETTER))
        self.cases = work.cases_of(user, self._case_ids())
        self.powers = work.powers_of(user, self.cases)

    def _shown(self, source: Found) -> list[Place]:
        return self.found.get(source, [])[:SHOWN]

    def _ids(self, *sources: Found) -> list[UUID]:
        return [place.pk for source in sources for place in self._shown(source)]

    def _case_ids(self) -> set[UUID]:
        parts: Iterable[Any] = [*self.deadlines.values(), *self.letters.values()]
        return {part.case_id for part in parts} | set(self._ids(*CASES))

    # Lists ----------------------------------------------------------------

    @cached_property
    def sections(self) -> list[Section]:
        """The lists that hold something."""
        return [self._section(name) for name in LISTS if self._number(name)]

    @property
    def tallies(self) -> list[Tally]:
        titles = self._titles
        return [Tally(name, titles[name], _capped(self._number(name)), name) for name in LISTS]

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {
            "overdue": _("Overdue"),
            "soon": _("Due soon"),
            "waiting": _("Waiting") if self.everybody else _("Waiting for me"),
            "intake": _("New in intake"),
            "owed": _("Follow-up owed"),
        }

    def _number(self, name: str) -> int:
        return sum(len(self.found.get(source, [])) for source in LISTS[name])

    def _section(self, name: str) -> Section:
        places = sorted(
            (source not in DUE, place.when, place.pk, source)
            for source in LISTS[name]
            for place in self._shown(source)
        )
        rows = [self._row(source, pk) for _undated, _when, pk, source in places[:SHOWN]]
        url, action = _more(name)
        hint = _("within 2 working days") if name == "soon" else ""
        return Section(
            name, self._titles[name], _capped(self._number(name)), rows, url, action, hint
        )

    def _row(self, source: Found, pk: UUID) -> Work:
        if source in DUE:
            deadline = self.deadlines[pk]
            case = self.cases[deadline.case_id]
            return work.for_deadline(deadline, case, self.powers[case.pk])
        if source == Found.LETTER:
            letter = self.letters[pk]
            case = self.cases[letter.case_id]
            return work.for_letter(letter, case, self.powers[case.pk])
        return work.for_step(self.cases[pk], self.user, self.powers[pk])

    # Around the lists ----------------------------------------------------------------

    @cached_property
    def offers(self) -> list[Transfer]:
        """Cases that another office would give to one of this person's; labels, no texts."""
        sealed = ("case__narrative", "case__summary", "case__entry", "case__stop_reason")
        offered = (
            Transfer.objects.offered_to(self.user).select_related("case__state").defer(*sealed)
        )
        return list(
            offered.select_related("from_office").prefetch_related("case__acts", "case__persons")
        )

    @property
    def stops(self) -> list[Case]:
        return [self.cases[pk] for pk in self._ids(Found.STOPPED)]

    @property
    def stops_count(self) -> str:
        return _capped(len(self.found.get(Found.STOPPED, [])))

    @cached_property
    def days(self) -> list[Day]:
        """The next two weeks; what is due later today or was due is in the lists."""
        found: dict[date, list[str]] = {}
        for row in self.duties.by_day():
            found.setdefault(row["due_at__date"], []).append(_on_a_day(row))
        return [Day(day, due) for day, due in found.items()]

    @cached_property
    def offices(self) -> list[Office]:
        return list(Office.objects.of(self.user).prefetch_related("covers"))

    @property
    def where(self) -> str:
        """The offices and, where it is one desk, the States it covers."""
        names = listed(office.name for office in self.offices)
        states = [state.name for office in self.offices for state in office.covers.all()]
        if not states:
            return names
        some, more = listed(states[:STATES_SHOWN]), len(states) - STATES_SHOWN
        if more > 0:
            some = ngettext(
                "%(states)s and %(number)d more", "%(states)s and %(number)d more", more
            ) % {"states": some, "number": more}
        return _("%(offices)s · %(states)s") % {"offices": names, "states": some}

    @cached_property
    def facts(self) -> list[tuple[str, str, str]]:
        """Open cases of the office and those that nobody answers for: label, number, address."""
        held = self.duties.cases.open().filter(self.duties.held(May.VIEW_CASE))
        nobodys = held.filter(owner=None)
        return [
            (_("Open cases"), _counted(held), reverse("case-list")),
            (_("Not assigned"), _counted(nobodys), _list(owner="nobody")),
        ]

    @property
    def may_record(self) -> bool:
        return bool(offices_where(self.user, May.RECORD_CASE))


def _more(name: str) -> tuple[str, str]:
    """The list of cases where more of the kind stands."""
    return {
        "overdue": (_list(due="overdue"), _("All overdue")),
        "soon": (_list(due="soon"), _("All due soon")),
        "intake": (_list(stage="INTAKE"), _("All intake")),
    }.get(name, ("", ""))


def _list(**query: str) -> str:
    return f"{reverse('case-list')}?{urlencode(query)}"


def _capped(number: int) -> str:
    return _("%(number)d+") % {"number": MOST} if number > MOST else str(number)


def _counted(cases: Any) -> str:
    number = cases.order_by()[: MOST_COUNTED + 1].count()
    return (
        _("more than %(number)d") % {"number": MOST_COUNTED}
        if number > MOST_COUNTED
        else str(number)
    )


def _on_a_day(row: dict[str, Any]) -> str:
    kind = DeadlineKind(row["kind"]).label
    if row["number"] == 1:
        return str(kind)
    return _("%(what)s (%(number)d)") % {"what": kind, "number": row["number"]}
