"""Taking a consent back over the API obeys what the page obeys."""

import pytest

from accounts.models import OfficeKind
from cases.models import Consent
from cases.services import communications
from tests.api.conftest import machine
from tests.factories import OfficeFactory, journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def test_it_is_answered_with_all_that_it_touches_and_recorded_once_that_was_seen(who):
    package = journey.transmitted(who)
    case = package.communication.case
    letter = journey.drafted(case, who)
    focal = machine(who.focal)
    words = {
        "case": str(case.pk),
        "person": str(case.persons.get().pk),
        "scope": "STN",
        "status": "WITHDRAWN",
    }
    first = focal.post("consents/", words)
    told = first.json()
    assert first.status_code == 409 and "Not recorded yet" in told["reasons"][0]
    assert told["letters"] == [str(letter.pk)]
    assert [(one["kind"], one["id"]) for one in told["left"]] == [("letter", str(package.pk))]
    assert not Consent.objects.filter(case=case, status="WITHDRAWN").exists()

    made = focal.post("consents/", {**words, "seen": told["seen"]})
    assert made.status_code == 201 and made.json()["reopened"] == [str(letter.pk)]

    tasks = focal.get("containments/", {"case": str(case.pk)}).json()["results"]
    assert sorted(task["kind"] for task in tasks) == ["letter", "person"]
    path = f"containments/{tasks[0]['id']}/close/"
    assert focal.post(path, {"move": "finish"}).status_code == 400
    closed = focal.post(path, {"move": "finish", "words": "The mission was asked."})
    assert closed.json()["status"] == "done"
    again = focal.post(path, {"move": "give_up", "words": "No."})
    assert again.status_code == 409


def test_uses_are_answered_with_every_reason(who):
    case = journey.decided(who)
    rows = machine(who.focal).get(f"cases/{case.pk}/uses/").json()
    found = {(row["use"], row["by_name"]): row for row in rows}
    assert found["state", False]["allowed"] and not found["state", True]["allowed"]
    assert found["state", True]["reasons"] == ["To the State, with name: Refused"]
    assert len(rows) == 12


def test_no_field_of_a_transmission_names_a_person_without_their_yes(who):
    case = journey.decided(who)
    letter = journey.drafted(case, who)
    officer = machine(who.mechanism)
    named = {"in_full": [str(case.persons.get().pk)]}
    assert officer.send(f"communications/{letter.pk}/", named, 1, "patch").status_code == 200
    letter.refresh_from_db()
    digest = journey.cleared(letter, who)
    path = f"communications/{letter.pk}/transmit/"
    for more in ({}, {"force": True}, {"override": True}, {"consent": "GRANTED"}):
        answer = officer.post(path, {"digest": digest, **more})
        assert answer.status_code == (400 if more else 409)
    letter.refresh_from_db()
    assert letter.transmitted_at is None


def test_conditions_are_answered_for_in_words(who):
    case = journey.decided(who)
    person = case.persons.get()
    said = {"status": "CONDITIONS", "conditions": "Months only."}
    state = journey.said(case, who, person=person, scope="STN", **said)
    journey.said(case, who, person=person, scope="UNI", **said)
    letter = journey.drafted(case, who)
    digest = communications.composed(communications.whole(letter), by=who.mechanism).digest
    officer = machine(who.mechanism)
    gates = officer.get(f"communications/{letter.pk}/preview/").json()["gates"]
    assert [gate["row"] for gate in gates if gate["section"] == "conditions"] == [str(state.pk)]
    words = {"consent": str(state.pk), "digest": digest, "words": "Only months are given."}
    path = f"communications/{letter.pk}/say_conditions_met/"
    assert officer.post(path, {**words, "words": ""}).status_code == 400
    assert officer.post(path, words).status_code == 200

    office = OfficeFactory.create(kind=OfficeKind.ENTITY)
    share = {"case": str(case.pk), "office": str(office.pk), "duty": "support"}
    focal = machine(who.focal)
    assert focal.post("assignments/", share).status_code == 409
    share["conditions_met"] = "They get no days."
    assert focal.post("assignments/", share).status_code == 201
