"""Who may what, address by address. A route that is not in the table fails."""

from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from cases.api.urls import router
from tests.api.conftest import Machine, machine
from tests.api.world import MONTH, World, world
from tests.factories.journey import office_of
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db

# Focal point and reviewer at the desk, officer and holder of a mandate in a secretariat that
# writes to the State.
FOCAL, REVIEWER, OFFICER, MANDATE = "focal", "reviewer", "mechanism", "mandate"
DESK = {FOCAL, REVIEWER}
OFFICERS = {*DESK, OFFICER}
SEE = {*OFFICERS, MANDATE}
ANYBODY = "anybody of this side, and only what they may see"

READ = {"list": ANYBODY, "retrieve": SEE}
WRITE = {"create": OFFICERS, "partial_update": OFFICERS, "destroy": OFFICERS}
FILE = {"retrieve": SEE, "content": SEE}
FILES = {"content", "clean_copy"}  # what answers with bytes
REFERENCE = {"list": ANYBODY, "retrieve": ANYBODY}
# Named people are known to the owner of the case and to whom it is assigned by name.
# Whoever sees the case may ask the custodian, who is none of these four: see
# test_identity_requests.
KNOWN = {"identity": OFFICERS, "reveal": DESK, "ask": SEE, "break_glass": OFFICERS}

TABLE: dict[str, dict[str, Any]] = {
    "cases": {
        **READ,
        "create": OFFICERS,
        "partial_update": OFFICERS,
        "file": OFFICERS,
        "moves": SEE,
        "move": OFFICERS,
        "conclude": {REVIEWER},
        "stop": SEE,
        "lift": {REVIEWER},
        "protect": OFFICERS,
        "give": DESK,
        "show": {REVIEWER},
        "hide": {REVIEWER},
        "guests": SEE,
        "source_told": OFFICERS,
        "search": ANYBODY,
        "matrix": SEE,
        "uses": SEE,
        "timeline": SEE,
        "audit": DESK,
    },
    "persons": {**READ, **WRITE, **KNOWN},
    "acts": {**READ, **WRITE},
    "cooperations": {**READ, **WRITE},
    "sources": {**READ, **WRITE, **KNOWN, "reveal": {FOCAL}},  # who keeps it, and nobody else
    "evidence": {**READ, **WRITE, "attachments": OFFICERS},
    "evidence-attachments": {**FILE, "clean_copy": SEE, "custody": SEE},
    "elements": {**READ, **WRITE},
    "corroborations": {**READ, "create": OFFICERS, "destroy": OFFICERS},
    "consents": {**READ, "create": OFFICERS},
    "containments": {**READ, "close": OFFICERS, "give": OFFICERS},
    "risks": {**READ, **WRITE},
    "actions": {**READ, **WRITE},
    "measures": {**READ, **WRITE},
    "outcomes": {**READ, **WRITE},
    "assignments": {**READ, "create": DESK, "end": DESK},
    "recusals": {**READ, "create": SEE, "end": {REVIEWER}},
    "transfers": {**READ, "create": {REVIEWER}, "withdraw": {REVIEWER}},
    "offers": {"list": ANYBODY, "retrieve": DESK, "decide": DESK},
    "holds": {**READ, "create": {REVIEWER}, "lift": {REVIEWER}},
    "disposals": {**READ, "create": {REVIEWER}, "decide": {REVIEWER}},
    "identity-requests": {
        "list": ANYBODY,
        "retrieve": DESK,
        "approve": set(),
        "refuse": set(),
        "review": set(),
        "withdraw": {REVIEWER},
        "end": {REVIEWER},
    },
    "deadlines": READ,
    "communications": {
        **READ,
        "create": {FOCAL, OFFICER},
        "partial_update": {FOCAL, OFFICER},
        "preview": SEE,
        "names": SEE,
        "ask_clearance": {FOCAL, OFFICER},
        "clear": {REVIEWER},
        "send_back": {REVIEWER},
        "discard": {FOCAL, OFFICER},
        "answer_for_mandate": {MANDATE},
        "say_conditions_met": OFFICERS,
        "transmit": {OFFICER},
    },
    "packages": READ,
    "package-attachments": FILE,
    "extensions": {**READ, "decide": {REVIEWER, OFFICER}},
    "replies": {**READ, "assess": OFFICERS},
    "reply-attachments": FILE,
    # An administrator's, who is none of these four: tests/api/test_locks.py.
    "locks": {
        "list": ANYBODY,
        **{verb: {REVIEWER} for verb in ("retrieve", "create", "lift", "reads")},
    },
    "ties": {"list": ANYBODY, "retrieve": set(), "write": set()},
    "states": REFERENCE,
    "mechanisms": REFERENCE,
    "vocabularies": REFERENCE,
    "offices": REFERENCE,
    "colleagues": {"list": DESK, "retrieve": DESK},
}

# Of each address: which method leads to which verb.
ROUTES = {
    (noun, verb): method
    for noun, viewset, _name in router.registry
    for pattern in router.urls
    if getattr(pattern.callback, "cls", None) is viewset
    for method, verb in getattr(pattern.callback, "actions", {}).items()
}
DIGEST = {"digest": "0" * 64}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("cases", "search"): {"words": "detention"},
    ("cases", "move"): {"move": "report"},
    ("cases", "conclude"): {"conclusion": "RGB"},
    ("cases", "stop"): {"reason": "A threat was received."},
    ("cases", "protect"): {"on": True},
    ("cases", "partial_update"): {"summary": "Anew."},
    ("persons", "identity"): {"name": "Ilmar Quennell"},
    ("sources", "identity"): {"name": "Ilmar Quennell"},
    ("persons", "reveal"): {"purpose": "contact"},
    ("sources", "reveal"): {"purpose": "contact"},
    ("persons", "ask"): {"purpose": "contact", "motive": "To call."},
    ("sources", "ask"): {"purpose": "contact", "motive": "To call."},
    ("persons", "break_glass"): {"motive": "A threat.", "confirmed": True},
    ("sources", "break_glass"): {"motive": "A threat.", "confirmed": True},
    ("identity-requests", "approve"): {"period": "1h", "reason": "Agreed."},
    ("identity-requests", "refuse"): {"reason": "Not needed."},
    ("identity-requests", "review"): {"justified": True, "review": "Real."},
    ("elements", "partial_update"): {"statement": "Anew."},
    ("risks", "partial_update"): {"threat": "Anew."},
    ("outcomes", "partial_update"): {"note": "Anew."},
    ("communications", "partial_update"): {"subject": "Anew."},
    ("communications", "clear"): DIGEST,
    ("communications", "transmit"): DIGEST,
    ("communications", "answer_for_mandate"): {
        **DIGEST,
        "mechanism": "SP-HRD",
        "endorse": True,
    },
    ("containments", "close"): {"move": "finish", "words": "The mission was told."},
    ("extensions", "decide"): {"grant": True},
    ("disposals", "decide"): {"approve": True},
    ("offers", "decide"): {"accept": False},
    ("locks", "lift"): {"reason": "They were spoken to."},
    ("replies", "assess"): {
        "procedure": "SUB",
        "grade": "C",
        "findings": [{"element": 1, "substance": "ALT"}],
    },
}
CREATES: dict[str, dict[str, Any]] = {
    "persons": {},
    "acts": {"kind": "LIB-DET"},
    "cooperations": {"kind": "SIDE", "actor": "HRC", "tense": "PAST"},
    "sources": {"kind": "FAM", "connection": "DIRECT"},
    "evidence": {"kind": "COURT"},
    "elements": {"kind": "act", "statement": "It was done."},
    "actions": {"kind": "NV"},
    "measures": {"kind": "INV-O"},
    "communications": {"type": "FUL", "lead": "SP-HRD", "subject": "More"},
}


def body_of(noun: str, action: str, here: World) -> dict[str, Any]:
    if (noun, action) in BODIES:
        return BODIES[noun, action]
    if action == "create":
        return create_of(noun, here)
    if action == "write":
        person = str(here.who.custodian.pk)
        return {"person": person, "nationalities": ["XAA"], "seconded_by": None}
    if action == "say_conditions_met":
        return {**DIGEST, "consent": str(here.rows["consents"].pk), "words": "They are free."}
    if action in {"give", "show", "hide"}:
        reason = {"reason": "Advice is sought."} if action == "show" else {}
        return {"to": str(here.who.reviewer.pk), **reason}
    return {"description": "Anew."} if action == "partial_update" else {}


def create_of(noun: str, here: World) -> dict[str, Any]:
    of = {"case": str(here.case.pk)}
    person = {**of, "person": str(here.rows["persons"].pk)}
    until = (timezone.localdate() + MONTH).isoformat()
    special = {
        "consents": {**person, "scope": "STN", "status": "GRANTED"},
        "risks": {**person, "level": "2", "valid_until": until},
        "outcomes": {**person, "kind": "DET"},
        "assignments": {**of, "user": str(here.who.focal.pk), "duty": "support"},
        "holds": {**of, "reason": "A court asks"},
        "locks": {"person": str(here.who.custodian.pk), "reason": "Phished"},
        "disposals": of,
        "recusals": of,
        "transfers": {
            **of,
            "to": str(office_of(here.strangers["elsewhere"]).pk),
            "reason": "Theirs",
            "expires_at": f"{until}T12:00:00Z",
        },
        "corroborations": {
            "element": str(here.rows["elements"].pk),
            "source": str(here.rows["sources"].pk),
            "stance": "contradicts",
            "credibility": "2",
        },
    }
    return special.get(noun) or {**of, **CREATES[noun]}


REFERENCE_KEYS = {"states": "XAA", "mechanisms": "SP-HRD", "vocabularies": "V-ACT"}


def address(noun: str, action: str, here: World) -> str:
    if action in {"list", "create"}:
        return f"{noun}/"
    if action in {"search", "write"}:  # of no row
        return f"{noun}/{action}/"
    row = here.rows.get(noun)
    key = str(row.pk) if row else REFERENCE_KEYS.get(noun)
    if key is None:
        key = str(here.who.focal.pk if noun == "colleagues" else office_of(here.who.focal).pk)
    step = "" if action in {"retrieve", "partial_update", "destroy"} else f"{action}/"
    return f"{noun}/{key}/{step}"


def asked(client: Machine, noun: str, action: str, here: World) -> Any:
    """One request; what it did to the database is undone."""
    method, path = ROUTES[noun, action], address(noun, action, here)
    if method == "get":
        return client.get(path)
    if action == "attachments":
        return _tried(client.post, path, {"file": upload(pdf(), "b.pdf")}, format="multipart")
    if action == "reveal":  # writes down the look for ever, in a commit of its own
        return client.post(path, body_of(noun, action, here))
    if (noun, action) == ("cases", "create"):
        words = {"office": str(office_of(client.person).pk), "state": "XAA"}
    else:
        words = body_of(noun, action, here)
    seen = 1 if action == "partial_update" else None
    return _tried(client.send, path, words, seen, method)


def _tried(call: Any, *args: Any, **kwargs: Any) -> Any:
    with transaction.atomic():
        answer = call(*args, **kwargs)
        transaction.set_rollback(True)
    return answer


def as_(person: Any) -> Machine:
    """Signed in once for each person: a session of its own costs as much as the request."""
    if not hasattr(person, "client"):
        person.client = machine(person)
        person.client.person = person
    return person.client


def test_every_route_is_in_the_table():
    assert set(ROUTES) == {(noun, verb) for noun, row in TABLE.items() for verb in row}


OF_A_CASE = [noun for noun, row in TABLE.items() if row["retrieve"] == SEE]


def test_roles(db):
    here = world()
    wrong = []
    for (noun, action), role in product(ROUTES, sorted(SEE)):
        allowed = TABLE[noun][action]
        code = asked(as_(getattr(here.who, role)), noun, action, here).status_code
        good = code not in {400, 401, 403, 404, 405, 415, 428}
        # An offer to another office, a request to see a name of others: not theirs to find.
        refused = {
            "offers": {404},
            "identity-requests": {403, 404},
            "locks": {403, 404},
            "ties": {403, 404},
        }.get(noun, {403})
        if good != (allowed == ANYBODY or role in allowed) or not (good or code in refused):
            wrong.append((noun, action, role, code))
    assert wrong == []


def test_guest_may_look_and_no_more(db):
    here = world()
    wrong = []
    for (noun, action), method in ROUTES.items():
        if noun in OF_A_CASE and action not in {"create", "search"}:
            code = asked(as_(here.guest), noun, action, here).status_code
            looks = (method == "get" and action != "audit") or action == "ask"
            # That letter names nobody: there is nothing to show to anybody.
            if code != (409 if action == "names" else 200 if looks else 403):
                wrong.append((noun, action, code))
    assert wrong == []


def test_why_is_read_by_whoever_may_do_it(db):
    """Why a colleague stepped back, why a case is held, offered or shown: as on the pages."""
    here = world()
    told = set()
    for noun, role in product(("recusals", "transfers", "holds"), sorted(SEE)):
        for path in (address(noun, "list", here), address(noun, "retrieve", here)):
            found = as_(getattr(here.who, role)).get(path).json()
            (row,) = found.get("results", [found])
            told |= {(noun, role)} if row["reason"] is not None else set()
    for role in SEE:
        (row,) = as_(getattr(here.who, role)).get(address("cases", "guests", here)).json()
        told |= {("guests", role)} if row["reason"] is not None else set()
    assert told == {(noun, REVIEWER) for noun in ("recusals", "transfers", "holds", "guests")}


def test_stranger_learns_nothing(db):
    """Not from a row, not from its steps, not from a list, not from linking to it."""
    here = world()
    expected = {"list": 200, "create": 400, "search": 201}
    wrong = []
    for (name, person), (noun, action) in product(here.strangers.items(), ROUTES):
        if noun not in OF_A_CASE or (noun, action) == ("cases", "create"):
            continue
        answer = asked(as_(person), noun, action, here)
        told = answer.json().get("results") if action == "list" else None
        if answer.status_code != expected.get(action, 404) or told:
            wrong.append((name, noun, action, answer.status_code))
    assert wrong == []


def test_filter_by_a_case_out_of_sight_is_like_one_that_never_was(db):
    here = world()
    client = as_(here.strangers["elsewhere"])
    for noun in OF_A_CASE:
        if (noun, "list") in ROUTES and noun != "cases":
            hidden = client.get(f"{noun}/", {"case": str(here.case.pk)})
            absent = client.get(f"{noun}/", {"case": str(uuid4())})
            assert hidden.json() == absent.json()


def test_only_officers_record_a_case_in_their_office(db):
    here = world()
    answers = {
        name: asked(as_(person), "cases", "create", here).status_code
        for name, person in here.strangers.items()
    }

    assert answers.pop("elsewhere") == 201
    assert set(answers.values()) == {403}
