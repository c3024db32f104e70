"""What the console's lists share: addresses, chips, facets, orders, the page that is shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.filters import CaseFilter
from cases.models import Case, Search, State
from cases.paging import Order, Page
from cases.templatetags.words import day

# Where a page begins: said anew with every other change of the list.
MARKS = ("after", "before")


class Link(NamedTuple):
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """No tuple: a template would find the method `count` of one, and try to call it."""

    value: str
    label: str
    checked: bool


class Facet(NamedTuple):
    name: str
    title: str
    options: list[Option]
    opened: bool


class Sort(NamedTuple):
    """One order of a list; `column` is the heading under which it sorts."""

    label: str | Promise
    order: Order
    column: str
    descending: bool = False


def address(request: AuthedRequest, *, without: Iterable[str] = (), **put: str | list[str]) -> str:
    """This list with other values, from its beginning. Empty fields of a form are left out."""
    query = asked(request)
    for name in (*MARKS, *without):
        query.pop(name, None)
    for name, value in put.items():
        query.setlist(name, [value] if isinstance(value, str) else value)
    said = query.urlencode()
    return f"{request.path}?{said}" if said else request.path


def marks_of(request: AuthedRequest) -> dict[str, str]:
    """Where the page asked for begins or ends."""
    return {mark: request.GET[mark] for mark in MARKS if request.GET.get(mark)}


def asked(request: AuthedRequest) -> QueryDict:
    """What the address says, without the fields that a form left empty."""
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if kept := [value for value in values if value]:
            query.setlist(name, kept)
    return query


def sort_of(request: AuthedRequest, sorts: Mapping[str, Sort]) -> tuple[str, bool]:
    """The order asked for, the first one otherwise; and whether what was asked for exists."""
    asked = request.GET.get("sort", "")
    return (asked, True) if asked in sorts else (next(iter(sorts)), not asked)


def paged(request: AuthedRequest, page: Page[Any], **known: bool) -> dict[str, object]:
    """What every template of a list needs: the page, its neighbours ("" where there is none), and
    what could not be done as asked. `known` says whether the tab and the order asked for exist."""
    return {
        "page": page,
        "previous": address(request, before=page.before) if page.before else "",
        "following": address(request, after=page.after) if page.after else "",
        "notes": _notes(page, **known),
    }


def _notes(page: Page[Any], *, sort_known: bool = True, tab_known: bool = True) -> list[str]:
    notes = {
        _("There is no such part of the list. Everything stands here."): not tab_known,
        _("There is no such order. The list stands in its usual one."): not sort_known,
        _("That page is not there any more. This is the beginning of the list."): page.lost,
    }
    return [words for words, holds in notes.items() if holds]


# What is chosen ----------------------------------------------------------------


def chips(request: AuthedRequest, filters: CaseFilter) -> list[Link]:
    """Each value that narrows the list, with the list without it."""
    return [
        Link(_("%(what)s: %(value)s") % {"what": title, "value": label}, url)
        for name in filters.form.cleaned_data
        for title, label, url in _chips_of(request, filters.form, name)
    ]


def _chips_of(request: AuthedRequest, form: BaseForm, name: str) -> Iterator[tuple[str, str, str]]:
    title = str(form.fields[name].label)
    labels = _labels(form, name)
    for value in filter(None, dict.fromkeys(request.GET.getlist(name))):
        rest = [other for other in request.GET.getlist(name) if other != value]
        yield title, labels.get(value, value), address(request, **{name: rest})


def _labels(form: BaseForm, name: str) -> dict[str, str]:
    """What the chosen values are called; rows were fetched when the form was checked."""
    chosen = form.cleaned_data[name]
    if isinstance(chosen, list) and chosen and not isinstance(chosen[0], str):
        return {str(row.pk): str(getattr(row, "label", row)) for row in chosen}
    if isinstance(chosen, Search):
        words = _("%(words)s, names too") if chosen.people else "%(words)s"
        return {str(chosen.pk): words % {"words": chosen.words}}
    if isinstance(chosen, date):
        return {form.data[name]: day(chosen)}
    choices = getattr(form.fields[name], "choices", ())
    return {str(value): str(label) for value, label in choices} if chosen else {}


# What may be chosen ----------------------------------------------------------------

OPEN = ("stage", "due", "severity", "state", "owner", "flag")
CLOSED = ("act", "priority", "verification", "nature", "kind", "office")


def facets(request: AuthedRequest, filters: CaseFilter) -> list[Facet]:
    """Every way to narrow the list; what leaves nothing to choose is not offered."""
    found = [_facet(request, filters, name) for name in (*OPEN, *CLOSED)]
    return [facet for facet in found if len(facet.options) > 1]


def _facet(request: AuthedRequest, filters: CaseFilter, name: str) -> Facet:
    field = filters.form.fields[name]
    chosen = set(request.GET.getlist(name))
    pairs = _states(request) if name == "state" else field.choices
    options = [Option(str(code), str(label), str(code) in chosen) for code, label in pairs]
    opened = name in OPEN or any(option.checked for option in options)
    return Facet(name, str(field.label), options, opened)


def _states(request: AuthedRequest) -> list[tuple[str, str]]:
    """States of cases that this person sees, by name."""
    seen = Case.objects.visible_to(request.user).filter(state=OuterRef("pk"))
    rows = State.objects.filter(Exists(seen)).only("iso3", "names")
    return sorted(((state.iso3, state.label) for state in rows), key=lambda pair: pair[1])
