"""The emergency brake and the ties of colleagues, by machines: the same rule as on the pages."""

import pytest

from accounts.models import Office, Role, User
from cases.models import Case, Lock, Tie
from cases.services import locks
from tests.api.conftest import machine
from tests.factories import OfficeFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db

NOT_LOCKERS = [Role.FOCAL_POINT, Role.CUSTODIAN, Role.AUDITOR, Role.ANALYST]


@pytest.fixture
def admin(db):
    return member(OfficeFactory(kind="management"), Role.ADMINISTRATOR)


@pytest.fixture
def case(who):
    return journey.recorded(who)


def test_one_request_locks_and_the_next_shows_what_was_read(who, admin, case):
    machine(who.focal).get(f"cases/{case.pk}/")

    row = machine(admin).put_in("locks/", {"person": str(who.focal.pk), "reason": "Phished"})

    assert not User.objects.get(pk=who.focal.pk).is_active
    assert (row["user"], row["office"], row["reason"]) == (str(who.focal.pk), None, "Phished")
    reads = f"locks/{row['id']}/reads/"
    of_admin = machine(admin).get(reads).json()["results"]
    of_reviewer = machine(who.reviewer).get(reads).json()["results"]
    assert {"verb", "noun", "actor", "at", "door", "case"} == set(of_admin[0])
    assert {event["case"] for event in of_admin} == {None}
    assert str(case.pk) in {event["case"] for event in of_reviewer}


def test_a_whole_office(who, admin):
    office = journey.office_of(who.focal)

    machine(admin).put_in("locks/", {"office": str(office.pk), "reason": "Searched"})

    assert not Office.objects.get(pk=office.pk).active


@pytest.mark.parametrize(
    "words",
    [
        {"reason": "Phished"},
        {"person": "{focal}", "office": "{office}", "reason": "Phished"},
        {"person": "{focal}"},
        {"person": "{focal}", "reason": " "},
        {"person": "00000000-0000-4000-8000-000000000007", "reason": "Phished"},
        {"person": "{focal}", "reason": "Phished", "lifted_by": "{focal}"},
    ],
)
def test_what_is_not_one_of_both_with_a_reason_locks_nobody(who, admin, words):
    ids = {"focal": who.focal.pk, "office": journey.office_of(who.focal).pk}
    answer = machine(admin).post("locks/", {k: v.format(**ids) for k, v in words.items()})

    assert answer.status_code == 400
    assert not Lock.objects.exists()


def test_a_reviewer_reaches_the_people_of_their_offices_alone(who):
    stranger = member(role=Role.FOCAL_POINT)
    client = machine(who.reviewer)

    hidden = client.post("locks/", {"person": str(stranger.pk), "reason": "Phished"})
    mine = client.post("locks/", {"person": str(who.focal.pk), "reason": "Phished"})

    assert (hidden.status_code, mine.status_code) == (400, 201)
    assert User.objects.get(pk=stranger.pk).is_active


@pytest.mark.parametrize("role", NOT_LOCKERS)
def test_nobody_else_locks_sees_or_lifts(who, role):
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    client = machine(member(journey.office_of(who.reviewer), role))

    assert client.get("locks/").json()["results"] == []
    assert client.get(f"locks/{lock.pk}/").status_code == 404
    assert client.get(f"locks/{lock.pk}/reads/").status_code == 404
    assert client.post(f"locks/{lock.pk}/lift/", {"reason": "x"}).status_code == 404
    new = {"person": str(who.custodian.pk), "reason": "x"}
    assert client.post("locks/", new).status_code == 403


def test_a_second_person_lifts_it_with_a_reason(who, admin):
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    path = f"locks/{lock.pk}/lift/"

    own = machine(who.reviewer).post(path, {"reason": "Mine"})
    empty = machine(admin).post(path, {"reason": ""})
    lifted = machine(admin).post(path, {"reason": "New laptop"})
    twice = machine(admin).post(path, {"reason": "Again"})

    answers = [answer.status_code for answer in (own, empty, lifted, twice)]
    assert answers == [409, 400, 200, 409]
    assert lifted.json()["lifted_by"] == str(admin.pk)
    assert "another person" in own.json()["reasons"][0]


def test_ties_are_written_read_and_weighed(who, admin, case):
    client = machine(admin)
    mission_of("XAB")  # there is such a State
    words = {
        "person": str(who.focal.pk),
        "nationalities": [case.state_id, "XAB"],
        "seconded_by": None,
    }

    answer = client.post("ties/write/", words)

    assert (answer.status_code, answer.json()) == (200, {"let_go": 1})
    assert not Case.objects.visible_to(User.objects.get(pk=who.focal.pk)).exists()
    found = client.get("ties/", {"person": str(who.focal.pk)}).json()["results"]
    assert {(row["state"], row["bond"]) for row in found} == {
        (case.state_id, "nationality"),
        ("XAB", "nationality"),
    }
    assert client.post("ties/write/", {**words, "nationalities": []}).json() == {"let_go": 0}
    assert not Tie.objects.exists()


def test_half_of_what_must_be_said_takes_no_tie_away(who, admin, case):
    Tie.objects.create(user=who.focal, state=case.state, bond="nationality")
    client, person = machine(admin), {"person": str(who.focal.pk)}
    half = [
        person,
        {**person, "nationalities": []},
        {**person, "seconded_by": None},
        {**person, "nationalities": ["XQQ"], "seconded_by": None},
        {"person": str(who.mission.pk), "nationalities": [], "seconded_by": None},
    ]

    answers = [client.post("ties/write/", words).status_code for words in half]

    assert answers == [400] * len(half)
    assert Tie.objects.count() == 1


@pytest.mark.parametrize("role", [*NOT_LOCKERS, Role.REVIEWER])
def test_ties_are_an_administrators(who, case, role):
    tie = Tie.objects.create(user=who.focal, state=case.state, bond="nationality")
    client = machine(member(journey.office_of(who.reviewer), role))
    words = {"person": str(who.focal.pk), "nationalities": [], "seconded_by": None}

    assert client.get("ties/").json()["results"] == []
    assert client.get(f"ties/{tie.pk}/").status_code == 404
    assert client.post("ties/write/", words).status_code == 403
    assert Tie.objects.count() == 1
