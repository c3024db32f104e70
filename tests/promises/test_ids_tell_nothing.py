"""Security test T6: an id says which row it is, and nothing else.

Ten thousand of each kind that stands in an address: at least 122 bits of each come from the dice
and none of them leans; the order in which they were made cannot be read from them. References are
shorter, because people say them aloud: they count nothing either. No number of a table stands in an
address, an answer or the description of the API.
"""

import itertools
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import models
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Session
from cases.models.case import ALPHABET, new_reference
from cases.models.package import new_code
from tests.api.test_permissions import FILES, ROUTES, address, as_
from tests.promises import house
from tests.promises.denial import MARK
from tests.promises.denial import as_ as signed_in
from tests.promises.routes import DOORS, routes
from tests.promises.writing import ours

pytestmark = pytest.mark.django_db

NUMBER = 10_000
BITS, RANDOM = 128, 122
SIGMAS = 6  # of so many bits one leans as much by chance once in a million runs


# The dice ----------------------------------------------------------------------------------------


def thrown(make: Callable[[], uuid.UUID]) -> list[str]:
    """What is wrong with ten thousand ids made one after another."""
    ids = [make().int for _ in range(NUMBER)]
    ones = [sum(column) for column in zip(*(_bits(one) for one in ids), strict=True)]
    free = [count for count in ones if 0 < count < NUMBER]
    lean = (NUMBER / 4) ** 0.5 * SIGMAS
    wrong = ["twice the same"] if len(set(ids)) < NUMBER else []
    wrong += ["few bits"] if len(free) < RANDOM else []
    wrong += ["bits that lean"] if any(abs(n - NUMBER / 2) > lean for n in free) else []
    return wrong + in_order(ids)


def _bits(number: int) -> Iterator[int]:
    return (number >> place & 1 for place in range(BITS))


def in_order(made: list[Any]) -> list[str]:
    """Whether the order of making shows: by rank over all, or from each to the next."""
    rank = {one: place for place, one in enumerate(sorted(made))}
    middle = (len(made) - 1) / 2
    together = sum((place - middle) * (rank[one] - middle) for place, one in enumerate(made))
    spread = sum((place - middle) ** 2 for place in range(len(made)))
    rises = sum(after > before for before, after in itertools.pairwise(made))
    wrong = abs(together / spread) > SIGMAS / NUMBER**0.5
    uneven = abs(rises - NUMBER / 2) > SIGMAS * (NUMBER / 12) ** 0.5
    return (["older is smaller"] if wrong else []) + (["each after the last"] if uneven else [])


def test_no_id_tells_when_it_was_made():
    assert thrown(uuid.uuid4) == []


def test_every_id_of_a_row_is_made_so():
    """Whatever stands in an address; a code of the reference data names a place or a body."""
    made = {m: m._meta.pk.default for m in ours() if isinstance(m._meta.pk, models.UUIDField)}
    others = {model.__name__ for model, make in made.items() if make is not uuid.uuid4}
    assert others == {"TextIndex"}  # has the id of the row whose words it holds
    assert Session._meta.get_field("handle").default is uuid.uuid4
    assert len(made) > 40


COUNTER = itertools.count()
FEW = itertools.cycle([uuid.uuid4() for _ in range(99)])


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (uuid.uuid1, {"few bits", "each after the last"}),
        (lambda: uuid.UUID(int=next(COUNTER)), {"few bits", "older is smaller"}),
        (lambda: uuid.UUID(int=uuid.uuid4().int & uuid.uuid4().int), {"bits that lean"}),
        (lambda: next(FEW), {"twice the same"}),
    ],
    ids=["a clock", "a counter", "bad dice", "few dice"],
)
def test_ids_that_tell_are_found_out(make, wrong):
    assert wrong <= set(thrown(make))


@pytest.mark.parametrize("make", [new_reference, lambda: new_code("AL", "XAA")])
def test_a_reference_counts_nothing(make):
    made = [make() for _ in range(NUMBER)]
    share = NUMBER / len(ALPHABET)

    assert in_order(made) == []
    for place in zip(*(one.replace("-", "")[-6:] for one in made), strict=True):
        counts = Counter(place)
        assert counts.keys() == set(ALPHABET)
        assert all(abs(n - share) < SIGMAS * share**0.5 for n in counts.values())


# Numbers -----------------------------------------------------------------------------------------

# Rows with a number of the table's own, which nothing outside the database speaks of.
NUMBERED = {"CaseGroupObjectPermission", "IdentityGroupObjectPermission", "Tombstone"}
# Words that stand in an address: of the code, or secrets that are thrown like ids.
WORDS = {"noun", "step", "move", "token", "handle"}
# Of others: a key of a mail with the id of its person, and the reference data.
OF_OTHERS = re.compile(r"/admin/|/accounts/password/reset/key/")
# What is a number because it is an amount, a version, or counted within its case.
AMOUNTS = {
    "version", "identity_version", "number", "severity", "size", "element", "question", "edition",
    "corroborated", "response_days", "tasks", "fields", "letters", "let_go",
}  # fmt: skip


def test_rows_with_a_number_are_few_and_known():
    numbered = {m.__name__ for m in ours() if isinstance(m._meta.pk, models.AutoField)}
    assert numbered == NUMBERED


@pytest.mark.parametrize("door", DOORS)
def test_no_address_of_any_door_takes_a_number(door):
    taken = {
        (route.pattern, kind or "str", name)
        for route in routes(door)
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.pattern)
        if not OF_OTHERS.match(route.pattern) and not route.pattern.startswith("/api/")
    }
    assert {one for one in taken if one[1] != "uuid" and one[2] not in WORDS} == set()
    assert "int" not in {kind for route in routes(door) for kind in KINDS.findall(route.pattern)}


KINDS = re.compile(r"<(\w+):")


def leaves(told: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of an answer, with the name it stands under."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from leaves(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from leaves(value, name)
    else:
        yield name, told


def test_the_api_describes_no_number_of_a_row():
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            named = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
            assert {one["schema"]["type"] for one in named} <= {"string"}, path
    found = {
        name
        for part in schema["components"]["schemas"].values()
        for name, told in part.get("properties", {}).items()
        if "integer" in str(told.get("type"))
    }
    assert found <= AMOUNTS, found - AMOUNTS


def test_the_api_answers_with_no_number_of_a_row():
    here = house.world()
    client, seen, strange = as_(here.who.focal), Counter(), set()
    for noun, verb in [route for route, method in ROUTES.items() if method == "get"]:
        if verb in FILES:
            continue
        for name, value in leaves(client.get(address(noun, verb, here)).json()):
            if isinstance(value, int) and not isinstance(value, bool) and name not in AMOUNTS:
                strange.add((noun, verb, name))
            seen[type(value)] += 1
    assert strange == set()
    assert seen[int] > 20 and seen[str] > 500


# A number where a row would be named: /cases/17/, ?case=17, value="17" of a field that is a row.
NAMED = re.compile(r"""(?:href|action|src|formaction)="([^"]*)\"""")
COUNTED = re.compile(r"/\d+(?:/|$)|[?&;](?!page=|severity=)[\w-]+=\d+(?:&|$)")


def test_no_page_leads_to_a_number():
    found, read = {}, 0
    built = house.build()
    for person in (built.here.who.focal, built.admin):
        client = signed_in(person)
        for path in _pages(built):
            answer = client.get(path)
            page = "" if answer.streaming else answer.content.decode(errors="replace")
            read += answer.status_code == 200
            if counted := {link for link in NAMED.findall(page) if COUNTED.search(link)}:
                found[path] = counted
    assert found == {}
    assert read > 60


def _pages(built: house.House) -> Iterator[str]:
    for route in routes("console"):
        if route.pattern.startswith(("/api/", "/admin/")) or "logout" in route.name:
            continue
        if "<" not in route.pattern:
            yield route.path
    for route, noun, row in house.addresses(built):
        if not noun.startswith("api/"):
            path = route.at(**house.named(built, noun), pk=MARK, handle=MARK)
            yield path.replace(MARK, str(house.key_of(row)))
