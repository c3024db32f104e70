"""What is given out: page by page, in a fixed number of queries, written down, and nothing more."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEvent, Case
from cases.services import (
    acts,
    cases,
    consents,
    cooperations,
    elements,
    evidence,
    people,
    risks,
    searches,
    sources,
)
from tests.api.conftest import machine
from tests.api.test_permissions import FILES, ROUTES, TABLE, address, as_
from tests.api.world import world
from tests.factories.journey import NAME, office_of, recorded
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
CONTACT = "555 0100"


@pytest.fixture
def case(who) -> Case:
    return recorded(who)


def more_of_everything(case: Case, who: Any) -> None:
    by = who.focal
    person = people.record_person(case, by=by, kind="individual", roles=["HRD"])
    act = acts.record_act(case, by=by, kind="LIB-DET", persons=[person], perpetrators=["S-POL"])
    cooperations.record_cooperation(
        case, by=by, kind="SIDE", actor="HRC", tense="PAST", persons=[person]
    )
    source = sources.record_source(
        case,
        by=by,
        kind="FAM",
        connection="DIRECT",
        independent_of=list(case.sources.all()),
    )
    element = elements.record_element(case, by=by, kind="act", act=act, statement="It was done.")
    elements.corroborate(element, source, by=by, stance="supports", credibility="2")
    evidence.record_evidence(case, by=by, kind="COURT", upload=upload(pdf(), "a.pdf"))
    consents.record_consent(case, by=by, person=person, scope="STO", status="GRANTED")
    risks.assess_risk(case, by=by, person=person, level="2", valid_until="2099-01-01")


LISTS = sorted(
    noun
    for noun, verb in ROUTES
    if verb == "list" and TABLE[noun].get("create") and noun not in {"assignments"}
)


def test_queries_do_not_grow_with_rows(who, case):
    focal = machine(who.focal)
    more_of_everything(case, who)
    few = {noun: _queries(focal, f"{noun}/") for noun in LISTS}
    for _time in range(3):
        more_of_everything(case, who)
        recorded(who)

    assert {noun: _queries(focal, f"{noun}/") for noun in LISTS} == few
    assert max(few.values()) < MOST_QUERIES


def test_case_is_read_in_few_queries(who, case):
    focal, path = machine(who.focal), f"cases/{case.pk}/"
    for step in ("", "moves/", "matrix/", "timeline/", "audit/"):
        few = _queries(focal, path + step)
        more_of_everything(case, who)
        assert _queries(focal, path + step) == few < MOST_QUERIES


def _queries(client: Any, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


# Pages ---------------------------------------------------------------------------------------


def test_every_row_comes_once_whatever_the_page(who, case):
    focal = machine(who.focal)
    for _time in range(4):
        people.record_person(case, by=who.focal, kind="individual")
    path, seen = f"/api/v1/persons/?case={case.pk}&page_size=2", []

    while path:
        page = focal.get(path).json()
        seen += [row["code"] for row in page["results"]]
        path = page["next"]

    assert sorted(seen) == ["V-1", "V-2", "V-3", "V-4", "V-5"]


@pytest.mark.parametrize("asked", ["1000000", "0", "-1", "x"])
def test_page_is_never_the_whole_table(who, case, asked):
    answer = machine(who.focal).get("persons/", {"page_size": asked})

    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 1


def test_cursor_that_is_not_ours(who, case):
    assert machine(who.focal).get("cases/", {"cursor": "x"}).status_code == 404


def test_cases_are_narrowed_as_on_their_page(who, case):
    focal = machine(who.focal)
    other = cases.record_case(
        office=office_of(who.focal), state=case.state, by=who.focal, kind="situation"
    )

    assert _ids(focal, {"kind": "situation"}) == {str(other.pk)}
    assert _ids(focal, {"act": "LIB-DET"}) == {str(case.pk)}
    assert _ids(focal, {"search": _sought(focal, case.reference)}) == {str(case.pk)}
    assert _ids(focal, {"search": _sought(focal, "internal narrative")}) == {str(case.pk)}
    assert _ids(focal, {"search": _sought(focal, "Marrowby")}) == set()
    assert _ids(focal, {"search": _sought(focal, "Marrowby", people=True)}) == {str(case.pk)}
    assert _ids(focal, {"state": "XAA"}) == {str(case.pk), str(other.pk)}


def _sought(client: Any, words: str, **more: Any) -> str:
    return client.put_in("cases/search/", {"words": words, **more})["search"]


def test_a_search_is_its_seekers(who, case):
    key = _sought(machine(who.focal), "narrative")

    answer = machine(who.reviewer).get("cases/", {"search": key})
    none = machine(who.reviewer).get("cases/", {"search": str(uuid4())})

    assert answer.status_code == none.status_code == 400
    assert answer.json() == none.json()
    assert machine(who.focal).get("cases/", {"q": "narrative"}).status_code == 400


def test_names_are_counted_and_refused_to_who_has_no_role_for_them(who, case, monkeypatch):
    monkeypatch.setattr(searches, "MOST_FOR_PEOPLE", 1)
    asked = {"words": "Marrowby", "people": True}

    assert machine(who.mandate).post("cases/search/", asked).status_code == 403
    machine(who.focal).put_in("cases/search/", asked)
    spent = machine(who.focal).post("cases/search/", asked)
    assert spent.status_code == 429
    assert spent.json()["reasons"]
    assert machine(who.focal).post("cases/search/", {"words": " "}).status_code == 400
    assert machine(who.focal).post("cases/search/", {"words": "x" * 101}).status_code == 400


def _ids(client: Any, query: dict[str, str]) -> set[str]:
    return {row["id"] for row in client.get("cases/", query).json()["results"]}


# What is never given out ---------------------------------------------------------------------


def test_no_reading_tells_who_anybody_is(db):
    """Every address that is read, by everybody who may: names are shown by POST and no other."""
    here = world()
    texts = list(_everything_read(here))

    assert len(texts) > 60
    for path, text in texts:
        assert NAME.split()[0] not in text, path
        assert CONTACT not in text, path


def test_numbers_of_rows_are_nowhere(db):
    """A number counts; what is known by one here is known by a random id."""
    here = world()
    for path, text in _everything_read(here):
        assert not re.search(r'"(?:pk|[a-z_]*id)":\s*\d', text), path


def _everything_read(here: Any) -> Any:
    """Files apart, which are what somebody sent."""
    for role in ("focal", "mandate"):
        client = as_(getattr(here.who, role))
        yield "me/", client.get("me/").content.decode()
        for noun, verb in (route for route, method in ROUTES.items() if method == "get"):
            path = address(noun, verb, here)
            if verb not in FILES and (answer := client.get(path)).status_code == 200:
                yield path, answer.content.decode()


def test_name_is_shown_to_whom_the_case_is_given_and_written_down(who, case):
    person, owner = case.persons.get(), machine(who.focal)

    answer = owner.post(f"persons/{person.pk}/reveal/", {"purpose": "contact"})

    assert answer.status_code == 200
    assert answer.json()["name"] == NAME
    look = AuditEvent.objects.filter(verb="revealed").get()
    assert (look.actor, look.case, look.read) == (who.focal.pk, case.pk, True)
    assert look.detail == {"of": "V-1", "purpose": "contact"}


def test_name_is_refused_to_the_others_and_that_is_written_down(who, case):
    person = case.persons.get()

    answer = machine(who.reviewer).post(f"persons/{person.pk}/reveal/", {"purpose": "contact"})

    assert answer.status_code == 403
    assert NAME not in answer.content.decode()
    assert AuditEvent.objects.filter(verb="refused", actor=who.reviewer.pk).count() == 1


@pytest.mark.parametrize("words", [{}, {"purpose": "curiosity"}, {"purpose": "contact", "x": 1}])
def test_name_is_not_shown_without_a_purpose(who, case, words):
    answer = machine(who.focal).post(f"persons/{case.persons.get().pk}/reveal/", words)

    assert answer.status_code == 400
    assert not AuditEvent.objects.filter(verb="revealed").exists()


def test_nobody_stands_behind_a_code_yet(who, case):
    source = case.sources.first()

    answer = machine(who.focal).post(f"sources/{source.pk}/reveal/", {"purpose": "contact"})

    assert answer.status_code == 404


# Who looked ----------------------------------------------------------------------------------


def test_each_look_is_written_down(who, case):
    focal = machine(who.focal)
    before = AuditEvent.objects.count()
    focal.get(f"cases/{case.pk}/")
    focal.get(f"persons/{case.persons.get().pk}/")

    looks = AuditEvent.objects.order_by("written_at")[before:]
    assert [(e.verb, e.noun, e.case, e.read) for e in looks] == [
        ("read", "case", case.pk, True),
        ("read", "person", case.pk, True),
    ]


def test_list_is_written_down_without_what_was_sought(who, case):
    focal = machine(who.focal)
    focal.get("cases/", {"search": _sought(focal, "detention")})

    look = AuditEvent.objects.latest("written_at")
    assert (look.verb, look.noun, look.actor, look.read) == ("listed", "case", who.focal.pk, True)
    assert set(look.detail) == {"number"}


def test_list_of_one_case_stands_with_it(who, case):
    machine(who.focal).get("persons/", {"case": str(case.pk)})

    look = AuditEvent.objects.latest("written_at")
    assert (look.case, look.detail) == (case.pk, {"number": 1})


def test_timeline_has_no_looks_and_the_audit_has(who, case):
    focal = machine(who.focal)
    focal.get(f"cases/{case.pk}/")

    told = focal.get(f"cases/{case.pk}/timeline/").json()["results"]
    asked = focal.get(f"cases/{case.pk}/audit/").json()["results"]

    assert not any(event["read"] for event in told)
    assert any(event["read"] for event in asked)
    assert all("id" not in event for event in asked)
