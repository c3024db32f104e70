"""The second of two writers is told and overwrites nothing; the same request twice is one row."""

from uuid import uuid4

import pytest

from cases.models import Act, Case, Element, Identity
from cases.services import cases, people
from tests.api.conftest import machine
from tests.factories.journey import NAME, cast, office_of, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(who) -> Case:
    return recorded(who)


def test_change_says_what_was_seen(who, case):
    focal, path = machine(who.focal), f"cases/{case.pk}/"
    seen = focal.get(path)["ETag"]

    answer = focal.patch(path, {"summary": "Mine."}, headers={"If-Match": seen})

    assert (seen, answer["ETag"]) == ('"1"', '"2"')
    assert answer.json()["summary"] == "Mine."


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 428),
        ("*", 400),
        ("1", 400),
        ('W/"1"', 400),
        ('"1", "2"', 400),
        ('"-1"', 400),
        ('""', 400),
        ('"99999999999"', 400),
        ('"0"', 412),
        ('"2"', 412),
    ],
)
def test_change_without_having_seen_is_refused(who, case, header, code):
    headers = {} if header is None else {"If-Match": header}
    person = case.persons.get()

    answer = machine(who.focal).patch(
        f"persons/{person.pk}/", {"description": "Mine."}, headers=headers
    )

    assert answer.status_code == code
    person.refresh_from_db()
    assert (person.description, person.version) == ("", 1)


def test_second_writer_gets_the_row_as_the_first_left_it(who, case):
    focal, reviewer = machine(who.focal), machine(who.reviewer)
    path = f"cases/{case.pk}/"
    assert focal.send(path, {"summary": "First."}, 1).status_code == 200

    answer = reviewer.send(path, {"summary": "Second."}, 1)

    assert answer.status_code == 412
    assert answer.json()["current"]["summary"] == "First."
    assert answer.json()["current"]["version"] == 2
    assert answer.json()["reasons"]
    case.refresh_from_db()
    assert case.summary == "First."


def test_page_and_machine_meet(who, case):
    """The version is the same at both doors: the service's."""
    person = case.persons.get()
    people.edit_person(person, by=who.reviewer, version=1, description="By a page.")

    answer = machine(who.focal).send(f"persons/{person.pk}/", {"description": "Mine."}, 1)

    assert answer.status_code == 412
    assert answer.json()["current"]["description"] == "By a page."


def test_change_of_nothing_is_refused(who, case):
    assert machine(who.focal).send(f"cases/{case.pk}/", {}, 1).status_code == 400


def test_row_changed_meanwhile_is_not_removed(who, case):
    focal, element = machine(who.focal), case.elements.get()
    path = f"elements/{element.pk}/"
    focal.send(path, {"statement": "[V-1] was allegedly held."}, 1)

    assert focal.send(path, None, 1, "delete").status_code == 412
    assert Element.objects.filter(pk=element.pk).exists()
    assert focal.send(path, None, 2, "delete").status_code == 204
    assert not Element.objects.filter(pk=element.pk).exists()
    assert focal.send(path, None, 2, "delete").status_code == 404


def test_identity_is_not_written_over(who, case):
    focal, person = machine(who.focal), case.persons.get()
    path = f"persons/{person.pk}/identity/"
    assert focal.get(f"persons/{person.pk}/").json()["identity_version"] == 1

    assert focal.post(path, {"contact": "+000 555 0199"}).status_code == 409
    assert focal.send(path, {"contact": "+000 555 0199"}, 2, "post").status_code == 412
    kept = focal.send(path, {"contact": "+000 555 0199"}, 1, "post")
    assert (kept.status_code, kept["ETag"]) == (200, '"2"')
    held = Identity.objects.get(person=person).content
    assert held == {"name": NAME, "contact": "+000 555 0199"}


def test_refusal_of_an_identity_tells_nothing_of_it(who, case):
    person = case.persons.get()

    answer = machine(who.focal).post(f"persons/{person.pk}/identity/", {"name": "Other"})

    assert answer.status_code == 409
    assert NAME not in answer.content.decode()


# The same request, twice ------------------------------------------------------------------------


def test_same_id_twice_is_one_row(who, case):
    focal = machine(who.focal)
    words = {"id": str(uuid4()), "case": str(case.pk), "kind": "LIB-DET", "place": "The square"}

    first, second = focal.post("acts/", words), focal.post("acts/", words)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"] == words["id"]
    assert Act.objects.filter(pk=words["id"]).count() == 1


def test_same_case_twice_is_one_case(who):
    focal = machine(who.focal)
    words = {"id": str(uuid4()), "office": str(office_of(who.focal).pk), "state": "XAA"}

    codes = [focal.post("cases/", words).status_code for _time in range(2)]

    assert codes == [201, 200]
    assert Case.objects.count() == 1


def test_id_of_a_row_out_of_sight_gives_nothing_away(who, case):
    """Refused, and without the row."""
    theirs = recorded(cast())
    words = {"id": str(theirs.acts.get().pk), "case": str(case.pk), "kind": "LIB-DET"}

    answer = machine(who.focal).post("acts/", words)

    assert answer.status_code == 409
    assert set(answer.json()) == {"reasons"}
    assert case.acts.count() == 1


def test_state_of_a_filed_case_stands(who, case):
    focal, path = machine(who.focal), f"cases/{case.pk}/"
    assert focal.send(path, {"state": "XAA"}, 1).status_code == 200
    cases.file_case(case, by=who.focal)

    answer = focal.send(path, {"state": "XAA"}, 2)

    assert answer.status_code == 400
    assert list(answer.json()) == ["state"]
