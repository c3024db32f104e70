"""Every address of a door, generated from its URLconf: what is not asked of here does not exist."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

DOORS = ("console", "portal", "submission")
ANY = UUID(int=7)
# What stands in the address for each name in it; a UUID that no row has for the rest.
STAND_INS = {
    "noun": "person",
    "step": "people",
    "move": "triage",
    "token": "no-such-token",
    "uidb36": "1",
    "key": "abc-123",
    "vocabulary": "V-ACT",
    "app_label": "cases",
    "content_type_id": "1",
    "object_id": "1",
    "url": "no-such-page",
    "format": "json",
}


class Route(NamedTuple):
    name: str
    pattern: str

    def at(self, **named: object) -> str:
        """The address with these ids and words in it, and a stand-in for each other."""
        known = {**STAND_INS, **named}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(known.get(m[1], ANY)), self.pattern)

    @property
    def path(self) -> str:
        return self.at()

    @property
    def noun(self) -> str:
        """What the first id in the address is of, by how the address begins."""
        return self.pattern.strip("/").partition("/<")[0]

    @property
    def is_of_a_row(self) -> bool:
        return "<" in self.pattern


def routes(door: str) -> list[Route]:
    return list(_walk(get_resolver(f"reprisals.urls_{door}").url_patterns, "/", ""))


def _walk(patterns: Sequence[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Route]:
    for pattern in patterns:
        here = prefix + _plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, here, space + inner)
        else:
            yield Route(space + (pattern.name or here), here)


def _plain(pattern: str) -> str:
    if not re.search(r"[\^$(?]", pattern):
        return pattern
    return simplify_regex(pattern).removeprefix("/")
