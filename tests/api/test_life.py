"""A case through the API alone, from its recording to the assessed reply of the State."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Role
from cases import intake
from cases.models import Assessment, Case, Communication, Package
from cases.services import packages
from tests.api.conftest import machine
from tests.factories import OfficeFactory, member
from tests.factories.journey import NAME, assessed, office_of, replied

pytestmark = pytest.mark.django_db
STATEMENT = "On 3 September 2026 [V-1] was allegedly detained."


def recorded(focal, office) -> dict:
    return focal.put_in(
        "cases/",
        {
            "office": str(office.pk),
            "state": "XAA",
            "narrative": "For the house.",
            "summary": "[V-1] was allegedly detained.",
        },
    )


def furnished(focal, case) -> tuple[dict, dict]:
    """One person, act, cooperation, element, and two sources that say the same."""
    of = {"case": case["id"]}
    person = focal.put_in("persons/", {**of, "sex": "W", "age": "AD", "roles": ["HRD"]})
    focal.put_in(f"persons/{person['id']}/identity/", {"name": NAME}, 200)
    act = focal.put_in(
        "acts/",
        {**of, "kind": "LIB-DET", "persons": [person["id"]], "perpetrators": ["S-POL"]},
    )
    focal.put_in(
        "cooperations/",
        {
            **of,
            "kind": "SIDE",
            "actor": "HRC",
            "tense": "PAST",
            "nexus": "N1",
            "basis": "A photograph.",
        },
    )
    first = focal.put_in(
        "sources/", {**of, "kind": "FAM", "connection": "DIRECT", "reliability": "B"}
    )
    second = focal.put_in(
        "sources/",
        {
            **of,
            "kind": "REP",
            "connection": "PART",
            "reliability": "A",
            "independent_of": [first["id"]],
        },
    )
    element = focal.put_in(
        "elements/", {**of, "kind": "act", "act": act["id"], "statement": STATEMENT}
    )
    for source in (first, second):
        said = {"element": element["id"], "source": source["id"], "stance": "supports"}
        focal.put_in("corroborations/", {**said, "credibility": "2", "first_hand": True})
    return person, element


def decided(who) -> tuple[dict, dict]:
    focal, reviewer = machine(who.focal), machine(who.reviewer)
    case = recorded(focal, office_of(who.focal))
    person, _element = furnished(focal, case)
    here = f"cases/{case['id']}/"
    focal.put_in(f"{here}file/", code=200)
    for move in ("triage", "ask_consent"):
        focal.put_in(f"{here}move/", {"move": move}, 200)
    for scope in ("STO", "UNI", "STN"):
        said = {"case": case["id"], "person": person["id"], "scope": scope, "status": "GRANTED"}
        focal.put_in("consents/", said)
    focal.put_in(f"{here}move/", {"move": "assess_risk"}, 200)
    until = timezone.localdate() + dt.timedelta(days=60)
    risk = {"case": case["id"], "person": person["id"], "level": "3"}
    focal.put_in("risks/", {**risk, "valid_until": until.isoformat()})
    focal.put_in(f"{here}move/", {"move": "verify"}, 200)
    assert focal.get(f"{here}matrix/").json()["holds"] is True
    reviewer.put_in(f"{here}conclude/", {"conclusion": "RGB"}, 200)
    focal.put_in(f"{here}move/", {"move": "put_to_decision"}, 200)
    reviewer.put_in(f"{here}move/", {"move": "prepare_letter"}, 200)
    lead = {"case": case["id"], "office": str(office_of(who.mechanism).pk), "duty": "letter"}
    reviewer.put_in("assignments/", lead)
    return case, person


def sent(who, case) -> Package:
    mechanism, mandate = machine(who.mechanism), machine(who.mandate)
    letter = mechanism.put_in(
        "communications/",
        {"case": case["id"], "type": "AL", "lead": "SP-HRD", "subject": "Alleged detention"},
    )
    here = f"communications/{letter['id']}/"
    digest = mandate.get(f"{here}preview/").json()["digest"]
    mandate.put_in(
        f"{here}answer_for_mandate/",
        {"mechanism": "SP-HRD", "endorse": True, "digest": digest},
        200,
    )
    mechanism.put_in(f"{here}ask_clearance/", code=200)
    machine(who.reviewer).put_in(f"{here}clear/", {"digest": digest}, 200)
    preview = mechanism.get(f"{here}preview/").json()
    assert preview["ready"], preview["gates"]
    package = mechanism.put_in(f"{here}transmit/", {"digest": digest})
    assert package["digest"] == digest
    return Package.objects.get(pk=package["id"])


def test_whole_life(who):
    case, _person = decided(who)
    package = sent(who, case)
    focal = machine(who.focal)
    assert focal.get(f"cases/{case['id']}/").json()["stage"] == "AWAIT"
    reply = replied(package, who)  # the mission's own door

    assert focal.get("replies/", {"case": case["id"]}).json()["results"][0]["id"] == str(reply.pk)
    read = focal.get(f"replies/{reply.pk}/").json()
    numbers = [answer["element"] for answer in read["answers"] if answer["element"]]
    findings = [{"element": number, "substance": "ALT"} for number in numbers]
    answer = focal.put_in(
        f"replies/{reply.pk}/assess/",
        {"procedure": read["procedure"], "grade": "C", "findings": findings},
        200,
    )

    assert answer["assessment"]["grade"] == "C"
    assert Assessment.objects.get(reply=reply).findings.count() == len(findings)
    assert Case.objects.get(pk=case["id"]).stage == "FOLLOW"
    assert Communication.objects.get().status == "assessed"
    told = focal.get(f"cases/{case['id']}/timeline/").json()["results"]
    verbs = [event["verb"] for event in reversed(told)]
    assert [v for v in verbs if v in {"recorded", "filed", "transmitted", "assessed"}][-1] == (
        "assessed"
    )


def test_assessed_again_only_by_who_saw_the_first(who):
    case, _person = decided(who)
    reply = replied(sent(who, case), who)
    focal = machine(who.focal)
    words = {
        "procedure": "SUB",
        "grade": "C",
        "findings": [{"element": 1, "substance": "ALT"}],
    }
    focal.put_in(f"replies/{reply.pk}/assess/", words, 200)
    again = {**words, "grade": "B"}

    assert focal.post(f"replies/{reply.pk}/assess/", again).status_code == 428
    assert focal.send(f"replies/{reply.pk}/assess/", again, 7, "post").status_code == 412
    stale = focal.send(f"replies/{reply.pk}/assess/", again, 7, "post").json()
    assert stale["current"]["assessment"]["grade"] == "C"
    changed = focal.send(f"replies/{reply.pk}/assess/", again, 1, "post")
    assert changed.json()["assessment"]["grade"] == "B"
    assert changed["ETag"] == '"2"'


def test_shut_gates_are_told_every_one(who):
    focal = machine(who.focal)
    case = recorded(focal, office_of(who.focal))

    missing = focal.post(f"cases/{case['id']}/file/")
    assert missing.status_code == 409
    assert len(missing.json()["reasons"]) == 2
    moves = focal.get(f"cases/{case['id']}/moves/").json()
    triage = next(move for move in moves if move["move"] == "triage")
    assert triage["allowed"] is True
    assert [gate["state"] for gate in triage["gates"]] == ["shut"]
    assert focal.post(f"cases/{case['id']}/move/", {"move": "triage"}).status_code == 409


def test_source_is_told_once(who):
    case, _person = decided(who)
    reply = replied(sent(who, case), who)
    assessed(reply, who)
    focal, path = machine(who.focal), f"cases/{case['id']}/source_told/"
    owed = {"case": case["id"]}

    assert "feedback" in {row["kind"] for row in focal.get("deadlines/", owed).json()["results"]}
    assert focal.post(path).status_code == 200
    assert focal.post(path).status_code == 409


def test_guest_looks_until_it_is_hidden(who):
    guest = member(OfficeFactory(), Role.REVIEWER)
    reviewer, looker = machine(who.reviewer), machine(guest)
    case = recorded(machine(who.focal), office_of(who.focal))
    path = f"cases/{case['id']}/"
    assert looker.get(path).status_code == 404

    reviewer.put_in(f"{path}show/", {"to": str(guest.pk), "reason": "Advice."}, 204)
    seen = looker.get(path)
    assert seen.status_code == 200
    assert seen.json()["powers"] == ["view_case"]
    assert [row["user"] for row in reviewer.get(f"{path}guests/").json()] == [str(guest.pk)]

    reviewer.put_in(f"{path}hide/", {"to": str(guest.pk)}, 204)
    assert looker.get(path).status_code == 404


def test_letter_is_drafted_once_and_written_in_by_who_saw_it(who):
    case, person = decided(who)
    mechanism = machine(who.mechanism)
    words = {"id": str(uuid4()), "case": case["id"], "type": "AL", "lead": "SP-HRD"}
    letter = mechanism.put_in("communications/", words)
    assert mechanism.post("communications/", words).status_code == 200

    changed = mechanism.send(
        f"communications/{letter['id']}/",
        {"subject": "Anew", "questions": ["Why?", "Where?"], "in_full": [person["id"]]},
        letter["version"],
    )

    assert changed.status_code == 200
    assert [row["text"] for row in changed.json()["questions"]] == ["Why?", "Where?"]
    assert changed.json()["in_full"] == [person["id"]]
    preview = mechanism.get(f"communications/{letter['id']}/preview/").json()
    assert preview["ready"] is False
    assert NAME not in str(preview)  # without consent nobody is named, not even here
    assert any("Consent" in gate["title"] for gate in preview["gates"] if gate["state"] == "shut")


def test_time_is_granted_once(who):
    case, _person = decided(who)
    package = sent(who, case)
    until = timezone.localdate() + dt.timedelta(days=90)
    asked = packages.ask_extension(package, by=who.mission, until=until, reason="Courts sit late.")
    intake.take_in(package.pk)
    mechanism = machine(who.mechanism)

    read = mechanism.get(f"packages/{package.pk}/").json()
    assert [row["id"] for row in read["extensions"]] == [str(asked.pk)]
    granted = mechanism.put_in(f"extensions/{asked.pk}/decide/", {"grant": True}, 200)
    assert granted["decision"] == "granted"
    twice = mechanism.post(f"extensions/{asked.pk}/decide/", {"grant": True})
    assert twice.status_code == 409
    assert twice.json()["current"]["decision"] == "granted"
