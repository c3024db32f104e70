"""Security test T9, the API: nobody writes a field by sending it.

Every address that writes, as each role that may, with every field of every model beside what is
asked: by its name, as a list, inside of another, in the query. Whatever is not asked for is
refused by its name and nothing is written; in the query it does nothing. The database is compared
whole. The pages: `test_no_form_writes_more`.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api.conftest import Machine
from tests.api.test_permissions import ROUTES, SEE, TABLE, address, as_, body_of
from tests.api.world import World, world
from tests.factories.journey import office_of
from tests.promises.writing import Done, done, every_name, standing_still
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db

WRITES = {route: method for route, method in ROUTES.items() if method != "get"}
# Asked by two of the house about a third; none of the four of the table.
OF_THE_CUSTODIAN = {("identity-requests", verb) for verb in ("approve", "refuse", "review")}
# Of an administrator, who is none of the four either.
ADMIN, OF_THE_ADMIN = "administrator", {("ties", "write")}
# A look is written down in a commit of its own, which nothing takes back.
LOOKS = {("persons", "reveal"), ("sources", "reveal")}


class Writer:
    """Somebody who may, at one address."""

    def __init__(self, noun: str, verb: str, role: str, here: World) -> None:
        self.route, self.method = (noun, verb), WRITES[noun, verb]
        admin = here.rows["locks"].locked_by
        self.client: Machine = as_(admin if role == ADMIN else getattr(here.who, role))
        self.path = address(noun, verb, here)
        self.role, self.body = role, self._asked(here)
        self.seen = self._version(here.rows.get(noun))

    def _version(self, row: Any) -> int | None:
        """Of what is changed: the row, or the identity behind it."""
        changed = {"partial_update": row, "identity": getattr(row, "identity", None)}
        return getattr(changed.get(self.route[1]), "version", None)

    def _asked(self, here: World) -> dict[str, Any]:
        if self.route == ("cases", "create"):
            return {"office": str(office_of(self.client.person).pk), "state": "XAA"}
        if self.route == ("evidence", "attachments"):
            return {"file": upload(pdf(deterministic_id=True), "b.pdf")}
        return body_of(*self.route, here)

    def dressed(self, more: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        if self.route == ("evidence", "attachments"):
            return  # a form with a file has neither lists nor anything inside
        yield "in a list", [{**self.body, **more}]
        for name, value in list(self.body.items())[:1]:
            yield f"inside {name}", {**self.body, name: {"id": value, **more}}

    def sent(self, body: Any, query: str = "") -> Done:
        return done(lambda: self._send(body, query), f"{self.route}")

    def _send(self, body: Any, query: str) -> Any:
        if self.route == ("evidence", "attachments"):
            body["file"].seek(0)
            return self.client.post(f"{self.path}{query}", body, format="multipart")
        headers = {} if self.seen is None else {"If-Match": f'"{self.seen}"'}
        raw = json.dumps(body)
        return self.client.generic(
            self.method.upper(), f"{self.path}{query}", raw, "application/json", headers=headers
        )


def writers(here: World) -> Iterator[Writer]:
    for noun, verb in WRITES:
        roles = {"custodian"} if (noun, verb) in OF_THE_CUSTODIAN else TABLE[noun][verb]
        roles = {ADMIN} if (noun, verb) in OF_THE_ADMIN else roles
        for role in sorted(SEE if isinstance(roles, str) else roles):
            yield Writer(noun, verb, role, here)


def described() -> dict[tuple[str, str], set[str]]:
    """The fields that the description of the API names, and no others, for each address."""
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    return {route: set(_fields(schema, *route)) for route in WRITES}


def _fields(schema: Any, noun: str, verb: str) -> list[str]:
    step = {
        "create": "",
        "search": "search/",
        "write": "write/",
        "partial_update": "{id}/",
        "destroy": "{id}/",
    }
    path = f"/api/v1/{noun}/{step.get(verb, f'{{id}}/{verb}/')}"
    taken = schema["paths"][path][WRITES[noun, verb]].get("requestBody", {"content": {}})
    names = [kind["schema"]["$ref"].split("/")[-1] for kind in taken["content"].values()]
    parts = schema["components"]["schemas"]
    return [field for name in names for field in parts[name].get("properties", ())]


def wrong_with(writer: Writer, more: dict[str, Any]) -> Iterator[str]:
    """What is written though nobody asked for it, or not refused by its name."""
    found = writer.sent({**writer.body, **more})
    if found.written or found.gone:
        yield "written by its name"
    if found.answer.status_code != 400:
        yield f"by its name: {found.answer.status_code}"
    elif set(found.answer.json()) != set(more):
        yield f"not by its name: {sorted(set(more) ^ set(found.answer.json()))[:5]}"


def wrong_otherwise(writer: Writer, more: dict[str, Any]) -> Iterator[str]:
    """The same as one of a list, inside of a field, and in the query, where it does nothing."""
    for how, body in writer.dressed(more):
        found = writer.sent(body)
        if found.written or found.gone or found.answer.status_code != 400:
            yield f"{how}: {found.answer.status_code}"
    if writer.route not in LOOKS:
        asked, queried = (writer.sent(writer.body, query) for query in ("", f"?{urlencode(more)}"))
        if asked.diff != queried.diff or asked.answer.status_code != queried.answer.status_code:
            yield "in the query"


def test_a_program_writes_nothing_that_is_not_asked(db):
    """Each address and role; what no role changes, the shapes, once for each address."""
    here, wrong, shapes, asked = world(), {}, described(), set()
    with standing_still():
        names = every_name()
        for writer in writers(here):
            more = {name: names[name] for name in names.keys() - shapes[writer.route]}
            found = list(wrong_with(writer, more))
            found += wrong_otherwise(writer, more) if writer.route not in asked else []
            asked.add(writer.route)
            if found:
                wrong[(*writer.route, writer.role)] = found
    assert wrong == {}, "\n".join(f"{key}: {told}" for key, told in wrong.items())
    assert asked == WRITES.keys()
    assert len(names) > 300


def test_what_is_asked_is_written(db):
    """Control: without more each is taken, or its refusal written down, and the comparison sees."""
    here, idle = world(), set()
    with standing_still():
        for writer in {writer.route: writer for writer in writers(here)}.values():
            if writer.route not in LOOKS and not writer.sent(writer.body).written:
                idle.add(writer.route)
    assert idle == set()
