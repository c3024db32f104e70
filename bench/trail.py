"""The audit of all those years: chained as the trigger chains it, a lane for each process."""

from datetime import datetime
from random import Random
from uuid import UUID

from bench.allegations import SPAN, Scene
from bench.copying import NOTHING, copy
from bench.made import luck, uid
from cases.chain import Link, digest
from cases.models import AuditEvent

FOR_A_CASE, BATCH = 10, 50_000
VERBS = ["recorded", "edited", *["read"] * 8]
COLUMNS = [str(field.column) for field in AuditEvent._meta.concrete_fields]


def trail(scene: Scene, lane: int, lanes: int) -> None:
    """This lane's share of ten rows for each case, in the order of time."""
    number = scene.number * FOR_A_CASE // lanes
    step, chance = SPAN / (number + 1), luck("trail", lane)
    begun, before = scene.now - SPAN, b""
    lines: list[str] = []
    for position in range(1, number + 1):
        link = _link(scene, lane, position, begun + step * position, chance)
        before = digest(before, link)
        lines.append(_line(link._replace(hash=before)))
        if len(lines) == BATCH or position == number:
            copy(AuditEvent, COLUMNS, lines)
            lines.clear()


def _link(scene: Scene, lane: int, position: int, at: datetime, chance: Random) -> Link:
    """Somebody of a case's desk did or saw something in it; its hash is still to come."""
    place, verb = chance.randrange(scene.number), chance.choice(VERBS)
    case = uid("case", place)
    return Link(
        lane=lane,
        position=position,
        written_at=at,
        id=UUID(uid("event", lane, position)),
        at=at,
        door="console",
        actor=UUID(chance.choice(scene.people.desks[scene.desks[place]].people)),
        verb=verb,
        noun="case",
        subject=case,
        case=UUID(case),
        read=verb == "read",
        detail="{}",
        hash=b"",
    )


def _line(link: Link) -> str:
    given = link._asdict() | {
        "read": "t" if link.read else "f",
        "hash": rf"\\x{link.hash.hex()}",
    }
    return "\t".join(NOTHING if (v := given[name]) is None else str(v) for name in COLUMNS)
