"""The offices, the people in them and the fictitious States they write to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from string import ascii_uppercase
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Office, OfficeKind, Role, User
from bench.made import invented, uid
from cases.models import Mechanism, State

PASSWORD = "synthetic-data-only-2026"  # noqa: S105  of a database that holds nothing else
DESKS, SECRETARIATS, MISSIONS = 150, 20, 30
OF_A_DESK = [*[Role.FOCAL_POINT] * 6, *[Role.REVIEWER] * 3, Role.CUSTODIAN]
OF_A_SECRETARIAT = [*[Role.MECHANISM_OFFICER] * 8, *[Role.MANDATE_HOLDER] * 2]
OF_A_MISSION = [Role.MISSION_HEAD, *[Role.MISSION_USER] * 9]
# Four of the first desk read no case: those whose roles are apart.
APART = [Role.ANALYST, Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR]
OF_THE_FIRST = [*OF_A_DESK[:5], *APART, Role.CUSTODIAN]


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
    """2,000 people in 200 offices, those of an earlier attempt among them. One password for all."""
    letters = product("BC", ascii_uppercase)
    states = [f"X{first}{second}" for first, second in islice(letters, MISSIONS)]
    named = {code: {"en": f"Synthetic State {code}"} for code in states}
    rows = [State(iso3=code, names=names, status="synthetic") for code, names in named.items()]
    State.objects.bulk_create(rows, ignore_conflicts=True)
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
    return found


def _offices(
    kind: OfficeKind, number: int, roles: list[Role], states: list[str], password: str
) -> Iterator[Desk]:
    for place in range(number):
        office, _made = Office.objects.get_or_create(
            pk=uid("office", kind, place),
            defaults={
                "kind": kind,
                "name": f"Synthetic {kind.label} {place} {invented(place, 2).title()}",
                "state_id": states[place] if kind == OfficeKind.MISSION else None,
            },
        )
        held = OF_THE_FIRST if (kind, place) == (OfficeKind.DESK, 0) else roles
        yield _with_people(office, place, held, password)


def _with_people(office: Office, place: int, roles: list[Role], password: str) -> Desk:
    people = [
        User(
            pk=uid("user", office.kind, place, n),
            email=email(office.kind, place, n),
            name=f"Synthetic {role.label} {place}.{n}",
            password=password,
        )
        for n, role in enumerate(roles)
    ]
    members = zip(people, roles, strict=True)
    rows = [Membership(office=office, user=user, role=role) for user, role in members]
    User.objects.bulk_create(people, ignore_conflicts=True)
    Membership.objects.bulk_create(rows, ignore_conflicts=True)
    return Desk(str(office.pk), [str(user.pk) for user in people])
