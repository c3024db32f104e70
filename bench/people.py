"""The offices, the people in them and the fictitious States they write to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from string import ascii_uppercase
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Office, OfficeKind, Role, User
from bench.made import invented, uid
from cases.models import Mechanism, State

PASSWORD = "synthetic-data-only-2026"  # noqa: S105  of a database that holds nothing else
DESKS, SECRETARIATS, MISSIONS = 150, 20, 30
OF_A_DESK = [*[Role.FOCAL_POINT] * 6, *[Role.REVIEWER] * 3, Role.CUSTODIAN]
OF_A_SECRETARIAT = [*[Role.MECHANISM_OFFICER] * 8, *[Role.MANDATE_HOLDER] * 2]
OF_A_MISSION = [Role.MISSION_HEAD, *[Role.MISSION_USER] * 9]
# Besides what they are in their desk: people of the first one, who read no case by this role.
APART = [Role.ANALYST, Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR]


class Desk(NamedTuple):
    """An office with its people, by id."""

    office: str
    people: list[str]


@dataclass
class Population:
    """Who there is, by id: all that the rows of cases refer to."""

    states: list[str]
    mechanisms: list[str]
    desks: list[Desk] = field(default_factory=list)
    secretariats: list[Desk] = field(default_factory=list)
    missions: list[Desk] = field(default_factory=list)
    everybody: list[str] = field(default_factory=list)


def email(kind: str, office: int, person: int) -> str:
    return f"{kind}-{office}-{person}@bench.example"


def populate() -> Population:
    """2,000 people in 200 offices. One password for all, hashed once."""
    letters = product("BC", ascii_uppercase)
    states = [f"X{first}{second}" for first, second in islice(letters, MISSIONS)]
    State.objects.bulk_create(
        State(iso3=code, names={"en": f"Synthetic State {code}"}, status="synthetic")
        for code in states
    )
    found = Population(states, list(Mechanism.objects.values_list("pk", flat=True)[:SECRETARIATS]))
    password = make_password(PASSWORD)
    rooms = [
        (OfficeKind.DESK, DESKS, OF_A_DESK, found.desks),
        (OfficeKind.SECRETARIAT, SECRETARIATS, OF_A_SECRETARIAT, found.secretariats),
        (OfficeKind.MISSION, MISSIONS, OF_A_MISSION, found.missions),
    ]
    for kind, number, roles, into in rooms:
        into.extend(_offices(kind, number, roles, states, password))
        found.everybody.extend(person for desk in into for person in desk.people)
    for office, code in zip(found.secretariats, found.mechanisms, strict=True):
        Office.objects.get(pk=office.office).mechanisms.add(Mechanism.objects.get(pk=code))
    _give_the_roles_apart(found.desks[0])
    return found


def _offices(
    kind: OfficeKind, number: int, roles: list[Role], states: list[str], password: str
) -> Iterator[Desk]:
    for place in range(number):
        office = Office.objects.create(
            pk=uid("office", kind, place),
            kind=kind,
            name=f"Synthetic {kind.label} {place} {invented(place, 2).title()}",
            state_id=states[place] if kind == OfficeKind.MISSION else None,
        )
        people = [
            User(
                pk=uid("user", kind, place, n),
                email=email(kind.value, place, n),
                name=f"Synthetic {role.label} {place}.{n}",
                password=password,
            )
            for n, role in enumerate(roles)
        ]
        User.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(office=office, user=user, role=role)
            for user, role in zip(people, roles, strict=True)
        )
        yield Desk(str(office.pk), [str(user.pk) for user in people])


def _give_the_roles_apart(desk: Desk) -> None:
    """Each to somebody who is nothing else in the house."""
    for person, role in zip(desk.people[-len(APART) - 1 : -1], APART, strict=True):
        Membership.objects.filter(user_id=UUID(person)).update(role=role)
