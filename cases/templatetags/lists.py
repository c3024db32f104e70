"""Ways through a page and a list: tabs, sections, steps, track, chips, facets, pages, facts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Library

register = Library()


@register.inclusion_tag("_parts/tabs.html")
def tabs(items: Iterable[Any], label: str) -> dict[str, Any]:
    """`{% tabs items "Letters" %}`: each item has `url`, `label`, `current`, maybe `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("_parts/sections.html")
def sections(items: Iterable[Any], label: str) -> dict[str, Any]:
    """`{% sections items "In this case" %}`: each item has `id` and `label`, maybe `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("_parts/steps.html")
def steps(items: Iterable[Any], label: str) -> dict[str, Any]:
    """`{% steps items "Steps" %}`: each item has `label`, `state` (done, current or nothing) and,
    where one may go there, `url`."""
    return {"items": items, "label": label}


@register.inclusion_tag("_parts/track.html")
def track(items: Iterable[Any], label: str) -> dict[str, Any]:
    """`{% track items "Life of the case" %}`: each has `label` and `state` (done, current, "")."""
    return {"items": items, "label": label}


@register.inclusion_tag("_parts/chips.html")
def chips(items: Sequence[Any], clear_url: str = "") -> dict[str, Any]:
    """`{% chips filters clear_url %}`: each item has `label` and `url`, the list without it."""
    return {"items": items, "clear_url": clear_url}


@register.inclusion_tag("_parts/facet.html")
def facet(title: str, name: str, options: Iterable[Any], opened: bool = True) -> dict[str, Any]:
    """`{% facet "Stage" "stage" options %}`: inside the filter form, checkboxes called `name`.

    Each option has `value`, `label`, `checked` and, where known, `count`.
    """
    return {"title": title, "name": name, "options": options, "opened": opened}


@register.inclusion_tag("_parts/pages.html")
def pages(
    previous: str = "", following: str = "", *, count: int | None = None, capped: bool = False
) -> dict[str, Any]:
    """`{% pages page.previous page.next count=page.count capped=page.capped %}`.

    Addresses of the neighbours, nothing where there is none. Capped says "more than" the count.
    """
    return {"previous": previous, "following": following, "count": count, "capped": capped}


@register.inclusion_tag("_parts/crumbs.html")
def crumbs(*steps: str) -> dict[str, Any]:
    """`{% crumbs url label url label here %}`: address and word by turns, last the word of here."""
    links = list(zip(steps[::2], steps[1::2], strict=False))
    return {"links": links, "here": steps[-1] if len(steps) % 2 else ""}


@register.inclusion_tag("_parts/facts.html")
def facts(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`{% facts pairs %}`: label and value; a pair with an empty value is left out."""
    return {"pairs": [(label, value) for label, value in pairs if value not in ("", None)]}
