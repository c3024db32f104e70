"""One case with a row of every noun, and every address of console and API that is of one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import Invitation, Role, Session, User
from accounts.services import invite
from cases.console.parts.nouns import NOUNS
from cases.models import CaseUserObjectPermission, Lock, Recusal, Tie
from tests.api.world import World, world
from tests.factories import OfficeFactory, member, mission_of
from tests.factories.journey import office_of
from tests.promises.denial import as_
from tests.promises.routes import Route, routes

# Of no row of a case: reference data and its own pages.
OPEN = ("/admin/", "/api/v1/states/", "/api/v1/mechanisms/", "/api/v1/vocabularies/")
API = "api/v1/"


class House(NamedTuple):
    here: World
    rows: dict[str, Any]  # by how an address begins
    admin: User

    def insiders(self) -> list[User]:
        who = self.here.who
        return [who.focal, who.reviewer, who.mechanism, who.custodian, self.admin]


def build() -> House:
    here, admin = world(), member(role=Role.ADMINISTRATOR)
    rows = {f"{API}{noun}": row for noun, row in here.rows.items()}
    rows |= {f"{API}offices": mission_of(), f"{API}colleagues": here.who.mission}
    return House(here, rows | _of_pages(here) | _of_people(here, admin), admin)


def _of_pages(here: World) -> dict[str, Any]:
    rows, letter = here.rows, here.rows["communications"]
    same = ("cases", "assignments", "consents", "containments", "evidence", "extensions", "holds",
            "disposals", "identity-requests", "recusals", "replies", "transfers")  # fmt: skip
    return {
        **{noun: rows[noun] for noun in same},
        "consents": rows["containments"].consent,
        "identities": rows["persons"].identity,
        "evidence/attachments": rows["evidence-attachments"],
        "letters": letter,
        "letters/files": rows["package-attachments"],
        "signatories": letter.signatories.first(),
        "replies/files": rows["reply-attachments"],
        **{f"parts/{noun}": rows[of.rows] for noun, of in NOUNS.items() if of.edit},
    }


def _of_people(here: World, admin: User) -> dict[str, Any]:
    """Of an office that is nobody's of those who ask, and of a session that is nobody else's."""
    office = OfficeFactory.create()
    there = member(office, Role.REVIEWER)
    invited, _token = invite(
        email="new@example.org", office=office, role=Role.REVIEWER, by=admin, language="en"
    )
    as_(admin)
    lock = Lock.objects.create(user=there, locked_by=admin, reason="Phished")
    return {
        "offices": office,
        "offices/invitations": Invitation.objects.get(pk=invited.pk),
        "offices/memberships": there.memberships.get(),
        "people": there,
        "locks": lock,
        f"{API}locks": lock,
        "accounts/security/sessions": Session.objects.get(user=admin),
    }


def key_of(row: Any) -> Any:
    return row.handle if isinstance(row, Session) else row.pk


def addresses(house: House) -> Iterator[tuple[Route, str, Any]]:
    """Each address with an id in it: its route, the noun and the row that the first id is of."""
    for route in routes("console"):
        if "/<uuid:" not in route.pattern and "/<pk>" not in route.pattern:
            continue
        if not route.pattern.startswith(OPEN):
            for noun in _nouns(route):
                yield route, noun, _row(house, route, noun)


def _nouns(route: Route) -> list[str]:
    if route.noun != "parts":
        return [route.noun]
    named = ("person", "source") if route.name == "identity-keep" else NOUNS
    return [f"parts/{noun}" for noun in named if NOUNS[noun].edit]


def _row(house: House, route: Route, noun: str) -> Any:
    """An offer is answered by the other office, and withdrawn by the one that made it."""
    return house.here.rows["offers"] if route.name == "transfer-answer" else house.rows[noun]


def named(house: House, noun: str) -> dict[str, Any]:
    """What else stands in such an address, as it is in the case of the house."""
    rows = house.here.rows
    return {
        "noun": noun.removeprefix("parts/") if noun.startswith("parts/") else "person",
        "element": rows["elements"].pk,
        "source": rows["sources"].pk,
        "entry": rows["containments"].consent_id,
        "guest": house.here.guest.pk,
    }


def kept_out(house: House) -> dict[str, User]:
    """People from whom all of the case is hidden, each by another rule."""
    here = house.here
    desk, offered = office_of(here.who.focal), here.rows["offers"].case
    recused, tied = member(desk, Role.REVIEWER), member(desk, Role.FOCAL_POINT)
    for case in (here.case, offered):
        Recusal.objects.create(case=case, user=recused, declared_by=here.who.reviewer)
    Tie.objects.create(user=tied, state=here.case.state, bond="nationality")
    grants = CaseUserObjectPermission.objects.filter(user=here.guest)
    grants.update(expires_at=timezone.now())
    return {
        "of another office": here.strangers["elsewhere"],
        "who stepped back": recused,
        "of that State": tied,
        "a guest whose time is over": here.guest,
    }
