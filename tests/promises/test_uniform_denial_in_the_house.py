"""Security test T4 at the console and in its API: forbidden is absent.

Every address with an id, every method: whoever is of another office, stepped back, is of the State
in question or was a guest once gets what anybody gets for a row that never was. The same status,
headers, length and body, and as many questions to the database (`denial`).
"""

import pytest

from tests.promises.denial import MARK, METHODS, as_, differing, told
from tests.promises.house import House, addresses, build, kept_out, key_of, named

pytestmark = pytest.mark.django_db

# No mission works on a case: its office is nobody's here.
NOBODYS = "api/v1/offices"
FORM = {"version": 1, "reason": "Time.", "next": "/", "move": "triage", "answer": "accept"}


@pytest.fixture
def house() -> House:
    return build()


def ids(house: House, noun: str) -> dict[str, object]:
    return named(house, noun) | dict.fromkeys(("pk", "handle"), MARK)


def test_what_is_hidden_answers_like_what_never_was(house):
    """One of the four asks by every method, the others by the two that show and do."""
    told_apart = {}
    ways = [METHODS, ("get",), ("post",), ("get",)]
    for (why, person), methods in zip(kept_out(house).items(), ways, strict=True):
        client = as_(person)
        for route, noun, row in addresses(house):
            path = route.at(**ids(house, noun))
            if found := differing(client, path, key_of(row), FORM, methods):
                told_apart[why, route.name, noun] = found
    assert told_apart == {}


def test_each_address_answers_somebody_of_the_house(house):
    """Control: the rows are there, and the addresses are theirs."""
    clients = [as_(person) for person in house.insiders()]

    def is_found(path: str, row) -> bool:
        came = (told(c, m, path, key_of(row)) for c in clients for m in ("get", "post"))
        return any(not answer.startswith((b"404", b"405")) for answer in came)

    silent = [
        (route.name, noun)
        for route, noun, row in addresses(house)
        if noun != NOBODYS and not is_found(route.at(**ids(house, noun)), row)
    ]
    assert silent == []
    assert len(list(addresses(house))) > 170
