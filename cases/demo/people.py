"""The States, offices and people of the demonstration. All of them are invented."""

from typing import NamedTuple

from accounts.models import Membership, Office, OfficeKind, Role, User
from cases.models import Mechanism, State

PASSWORD = "synthetic-data-only-2026"  # noqa: S105  printed by `make demo`, and in the README

# (code, in English, French, Spanish, Arabic, Russian, Chinese): user-assigned codes of ISO 3166.
STATES = [
    ("XAA", "Ardania", "Ardanie", "Ardania", "أردانيا", "Ардания", "阿尔达尼亚"),
    ("XBB", "Belmora", "Belmora", "Belmora", "بلمورا", "Бельмора", "贝尔莫拉"),
    ("XCC", "Corvania", "Corvanie", "Corvania", "كورفانيا", "Корвания", "科尔瓦尼亚"),
    ("XDD", "Dalmeria", "Dalmérie", "Dalmeria", "دالميريا", "Далмерия", "达尔梅里亚"),
    ("XEE", "Estovar", "Estovar", "Estovar", "إستوفار", "Эстовар", "埃斯托瓦尔"),
    ("XFF", "Fenmark", "Fenmark", "Fenmark", "فنمارك", "Фенмарк", "芬马克国"),
]
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
MANDATES = ["SP-HRD", "SP-IJL", "SP-WGAD", "SP-FOAA"]


class Player(NamedTuple):
    email: str
    name: str
    office: str
    role: Role
    what: str


PLAYERS = [
    Player(
        "focal@demo.example",
        "Focal point, Region 2",
        "desk",
        Role.FOCAL_POINT,
        "records, verifies and follows up cases",
    ),
    Player(
        "reviewer@demo.example",
        "Reviewer, Region 2",
        "desk",
        Role.REVIEWER,
        "concludes, decides and clears letters",
    ),
    Player(
        "custodian@demo.example",
        "Identity custodian",
        "desk",
        Role.CUSTODIAN,
        "guards identities: decides who else sees a name",
    ),
    Player(
        "mechanism@demo.example",
        "Mandate secretariat",
        "secretariat",
        Role.MECHANISM_OFFICER,
        "drafts and transmits letters, assesses replies",
    ),
    Player(
        "mandate@demo.example",
        "Mandate holder",
        "secretariat",
        Role.MANDATE_HOLDER,
        "endorses letters",
    ),
    Player(
        "state-a@demo.example",
        "Mission of Ardania, head",
        "mission XAA",
        Role.MISSION_HEAD,
        "answers letters to Ardania (portal)",
    ),
    Player(
        "state-b@demo.example",
        "Mission of Belmora, member",
        "mission XBB",
        Role.MISSION_USER,
        "answers letters to Belmora (portal)",
    ),
    Player("analyst@demo.example", "Analyst", "management", Role.ANALYST, "sees no case"),
    Player("editor@demo.example", "Report editor", "management", Role.EDITOR, "sees no case yet"),
    Player("auditor@demo.example", "Auditor", "management", Role.AUDITOR, "sees no case"),
    Player(
        "admin@demo.example",
        "Administrator",
        "management",
        Role.ADMINISTRATOR,
        "invites people, keeps reference data; sees no case",
    ),
]
DEMO_USERS = [(player.email, PASSWORD, player.what) for player in PLAYERS]


class Cast(NamedTuple):
    """The people who walk a case through the house."""

    focal: User
    reviewer: User
    mechanism: User
    mandate: User
    custodian: User
    missions: dict[str, User]


def make_states() -> None:
    for code, *names in STATES:
        State.objects.update_or_create(
            iso3=code,
            defaults={
                "names": dict(zip(LANGUAGES, names, strict=True)),
                "status": "synthetic",
                "regional_group": "",
            },
        )


def make_people() -> Cast:
    """Every office and person of the demonstration; running it twice changes nothing."""
    offices = _offices()
    users = {player.email: _person(player, offices[player.office]) for player in PLAYERS}
    return Cast(
        focal=users["focal@demo.example"],
        reviewer=users["reviewer@demo.example"],
        mechanism=users["mechanism@demo.example"],
        mandate=users["mandate@demo.example"],
        custodian=users["custodian@demo.example"],
        missions={
            "XAA": users["state-a@demo.example"],
            "XBB": users["state-b@demo.example"],
        },
    )


def _offices() -> dict[str, Office]:
    desk, _new = Office.objects.get_or_create(kind=OfficeKind.DESK, name="Desk, Region 2")
    desk.covers.set(State.objects.filter(iso3__in=[row[0] for row in STATES]))
    secretariat, _new = Office.objects.get_or_create(
        kind=OfficeKind.SECRETARIAT, name="Secretariat of the mandates"
    )
    secretariat.mechanisms.set(Mechanism.objects.filter(code__in=MANDATES))
    management, _new = Office.objects.get_or_create(kind=OfficeKind.MANAGEMENT, name="Management")
    missions = {f"mission {code}": _mission(code, name) for code, name, *_rest in STATES}
    return {"desk": desk, "secretariat": secretariat, "management": management, **missions}


def _mission(code: str, name: str) -> Office:
    mission, _new = Office.objects.get_or_create(
        kind=OfficeKind.MISSION, state_id=code, name=f"Permanent Mission of {name}"
    )
    return mission


def _person(player: Player, office: Office) -> User:
    user = User.objects.filter(email=player.email).first()
    if user is None:
        staff = player.role == Role.ADMINISTRATOR
        user = User.objects.create_user(
            player.email, PASSWORD, name=player.name, is_staff=staff, is_superuser=staff
        )
    Membership.objects.get_or_create(user=user, office=office, role=player.role)
    return User.objects.get(pk=user.pk)
