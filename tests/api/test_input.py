"""What comes in is named field by field; whatever else is refused, and nothing is written."""

import json
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework import serializers

from cases.api.people import Persons
from cases.api.urls import NOUNS
from cases.models import Case, EvidenceAttachment, Person
from tests.api.conftest import machine
from tests.api.test_permissions import ROUTES, address, as_, body_of
from tests.api.world import world
from tests.factories.journey import cast, office_of, recorded
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(who) -> Case:
    return recorded(who)


# Mass assignment ---------------------------------------------------------------------------------


def model_fields(model: Any) -> set[str]:
    """Every name under which a row of this model could be written."""
    fields = model._meta.get_fields()
    names = {field.name for field in fields}
    return names | {field.attname for field in fields if hasattr(field, "attname")} | {"pk"}


@pytest.mark.parametrize("noun", sorted(noun for noun, verb in ROUTES if verb == "partial_update"))
def test_no_field_is_written_that_is_not_named(db, noun):
    """Each field of the model, and each of its columns, sent alone by who may do most."""
    here = world()
    client = as_(here.who.focal)
    row, path = here.rows[noun], address(noun, "partial_update", here)
    view = NOUNS[noun]()
    taken = set(view.input(row, partial=True).fields)
    before = _as_stored(row)
    for name in sorted(model_fields(type(row)) - taken):
        answer = client.send(path, {name: "1"}, row.version)
        if answer.status_code != 409:  # a sent letter is refused whatever is sent
            assert answer.status_code == 400, (name, answer.content)
            assert answer.json() == {name: ["This field does not exist here."]}
    assert _as_stored(row) == before


def _as_stored(row: Any) -> dict[str, Any]:
    return type(row)._default_manager.filter(pk=row.pk).values().get()


@pytest.mark.parametrize(
    "extra",
    [
        {"stage": "CLOSE"},
        {"owner": "00000000-0000-0000-0000-000000000000"},
        {"verification": "RGB"},
        {"filed_at": "2026-01-01T00:00:00Z"},
        {"recorded_by": 1},
        {"channel": "submission"},
        {"version": 7},
        {"reference": "RP-0000-00"},
        {"stopped_at": None},
        {"office_id": "x"},
        {"nested": {"stage": "CLOSE"}},
    ],
)
def test_case_is_not_recorded_with_what_is_not_asked(who, extra):
    words = {"office": str(office_of(who.focal).pk), "state": "XAA", **extra}

    answer = machine(who.focal).post("cases/", words)

    assert answer.status_code == 400
    assert list(answer.json()) == list(extra)
    assert not Case.objects.exists()


def test_nested_input_refuses_strange_fields_too(db):
    here = world()
    words = body_of("replies", "assess", here)
    words = {**words, "findings": [{"element": 1, "substance": "ALT", "assessment": "x"}]}

    answer = as_(here.who.focal).post(f"replies/{here.reply.pk}/assess/", words)

    assert answer.status_code == 400
    assert list(answer.json()["findings"]["0"]) == ["assessment"]


def test_every_shape_of_input_names_its_fields():
    """None of them is made from a model: nothing new in a table opens by itself."""
    for viewset in NOUNS.values():
        shape = getattr(viewset, "input", None)
        assert shape is None or not issubclass(shape, serializers.ModelSerializer)


# Bad input ---------------------------------------------------------------------------------------

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("persons", {"sex": "no such code"}, "sex"),
    ("persons", {"roles": "HRD"}, "roles"),
    ("persons", {"roles": ["HRD", "XX"]}, "roles"),
    ("persons", {"size": -1}, "size"),
    ("persons", {"size": 10**12}, "size"),
    ("persons", {"size": 3, "kind": "individual"}, "__all__"),
    ("persons", {"kind": "crowd"}, "kind"),
    ("persons", {"related_to": "not an id"}, "related_to"),
    ("persons", {"description": ["a list"]}, "description"),
    ("persons", {"description": "x" * 20_001}, "description"),
    ("persons", {"id": "7"}, "id"),
    ("acts", {}, "kind"),
    ("acts", {"kind": ""}, "kind"),
    ("acts", {"kind": None}, "kind"),
    ("acts", {"kind": "LIB-DET", "started_on": "03/09/2026"}, "started_on"),
    (
        "acts",
        {"kind": "LIB-DET", "started_on": "2026-09-03", "ended_on": "2026-09-01"},
        "__all__",
    ),
    ("acts", {"kind": "LIB-DET", "persons": ["nobody"]}, "persons"),
    ("acts", {"kind": "LIB-DET", "persons": ["6f1c3a52-0000-4000-8000-000000000000"]}, "persons"),
    ("acts", {"kind": "LIB-DET", "involvement": "ORDERED"}, "perpetrators"),
    ("acts", {"kind": "LIB-DET", "collective": "perhaps"}, "collective"),
    ("sources", {"kind": "FAM"}, "connection"),
    ("elements", {"kind": "act", "statement": "   "}, "statement"),
    ("consents", {"scope": "STO", "status": "GRANTED"}, "person"),
    ("risks", {"level": "2", "valid_until": "2027-01-01"}, "non_field_errors"),
    ("actions", {}, "non_field_errors"),
    ("actions", {"kind": "NV", "protection": "SELF"}, "non_field_errors"),
    ("measures", {"kind": "INV-O", "taken_on": "2026-13-01"}, "taken_on"),
    ("assignments", {"duty": "lead"}, "non_field_errors"),
    ("communications", {"type": "AL"}, "lead"),
    ("communications", {"type": "MEET", "lead": "SP-HRD"}, "type"),
    ("communications", {"type": "AL", "lead": "SP-HRD", "questions": ["Why?"]}, "questions"),
]


@pytest.mark.parametrize(("noun", "words", "field"), BAD)
def test_bad_input_is_named_by_its_field(who, case, noun, words, field):
    before = Case.objects.get().changed_at

    answer = machine(who.focal).post(f"{noun}/", {"case": str(case.pk), **words})

    assert answer.status_code == 400, answer.content
    assert field in answer.json()
    assert Case.objects.get().changed_at == before


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '"text"', '{"case": NaN}', "null"])
def test_body_that_is_no_object(who, case, body):
    answer = machine(who.focal).generic(
        "POST", "/api/v1/persons/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert case.persons.count() == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("application/xml", 415),
    ],
)
def test_only_json_is_read(who, case, kind, code):
    answer = machine(who.focal).generic("POST", "/api/v1/persons/", "case=1", content_type=kind)

    assert answer.status_code == code


@pytest.mark.parametrize("method", ["put", "trace"])
def test_nothing_is_put_whole(who, case, method):
    person = case.persons.get()

    answer = machine(who.focal).generic(method.upper(), f"/api/v1/persons/{person.pk}/", "")

    assert answer.status_code == 405


@pytest.mark.parametrize("key", ["1", "x", "%00", "None", "../cases", "a" * 400])
def test_strange_address_is_not_found(who, key):
    assert machine(who.focal).get(f"persons/{key}/").status_code == 404


@pytest.mark.parametrize("query", [{"state": "QQQ"}, {"stage": "x"}, {"due": "x"}])
def test_filter_that_means_nothing(who, query):
    assert machine(who.focal).get("cases/", query).status_code == 400


@pytest.mark.parametrize(("noun", "query"), [("cases", "stat"), ("persons", "kase")])
def test_filter_that_is_not_there_shows_nothing(who, noun, query):
    answer = machine(who.focal).get(f"{noun}/", {query: "XAA"})

    assert answer.status_code == 400
    assert list(answer.json()) == [query]


def test_person_is_not_related_to_itself(who, case):
    """Only the database can tell; its words stay in the house."""
    person = case.persons.get()

    answer = machine(who.focal).send(f"persons/{person.pk}/", {"related_to": str(person.pk)}, 1)

    assert answer.status_code == 400
    assert "constraint" not in answer.content.decode()


STRANGE: list[object] = [None, [], {}, 2**70, "\x00", "\ud800"]


def test_nothing_that_comes_in_breaks_anything(db):
    """Each field in each strange kind: taken or refused, never an error of ours."""
    here = world()
    client = as_(here.who.focal)
    client.raise_request_exception = False
    broken = []
    for noun in sorted(noun for noun, verb in ROUTES if verb == "create"):
        cache.clear()  # the throttle would count them all
        words = _new_case(here) if noun == "cases" else body_of(noun, "create", here)
        for name, value in product(NOUNS[noun].input().fields, STRANGE):
            code = _undone(client, f"{noun}/", {**words, name: value}).status_code
            if code not in {200, 201, 204, 400, 403, 409}:
                broken.append((noun, name, value, code))
    assert broken == []


@pytest.mark.parametrize("noun", ["states", "mechanisms", "vocabularies", "offices"])
def test_address_that_holds_no_character(who, noun):
    assert machine(who.focal).get(f"{noun}/%00/").status_code == 404


def _new_case(here: Any) -> dict[str, Any]:
    return {"office": str(office_of(here.who.focal).pk), "state": "XAA"}


def _undone(client: Any, path: str, words: dict[str, Any]) -> Any:
    with transaction.atomic():
        answer = client.generic("POST", path, json.dumps(words), content_type="application/json")
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("path", ["cases/", "me/", "states/", "schema/"])
def test_options_tell_nothing(who, path):
    assert machine(who.focal).options(path).status_code == 405


# Links -------------------------------------------------------------------------------------------


def test_row_of_another_case_is_not_linked(who, case):
    other = recorded(who, name="Ilmar Quennell")
    words = {"case": str(case.pk), "kind": "LIB-DET", "persons": [str(other.persons.get().pk)]}

    answer = machine(who.focal).post("acts/", words)

    assert answer.status_code == 409
    assert case.acts.count() == 1


def test_row_out_of_sight_is_linked_no_more_than_one_that_never_was(who, case):
    theirs = recorded(cast())
    words = {"case": str(case.pk), "kind": "LIB-DET"}
    client = machine(who.focal)

    hidden = client.post("acts/", {**words, "persons": [str(theirs.persons.get().pk)]})
    absent = client.post("acts/", {**words, "persons": [str(case.pk)]})

    assert hidden.status_code == absent.status_code == 400
    assert list(hidden.json()) == list(absent.json()) == ["persons"]


def test_code_no_longer_offered_stays_with_its_row(who, case):
    """What a row holds already is taken back; a new one is not begun with it."""
    person = case.persons.get()
    answer = machine(who.focal).send(
        f"persons/{person.pk}/", {"sex": person.sex, "age": person.age}, person.version
    )

    assert answer.status_code == 200


def test_text_is_what_people_type(who, case):
    words = {"case": str(case.pk), "description": "  one\r\ntwo\u0007 <b>three</b>  "}

    made = machine(who.focal).put_in("persons/", words)

    assert made["description"] == "one\ntwo <b>three</b>"


# Files -------------------------------------------------------------------------------------------


@pytest.fixture
def proof(who, case) -> str:
    return machine(who.focal).put_in("evidence/", {"case": str(case.pk), "kind": "COURT"})["id"]


def test_file_comes_in_sealed_and_out_as_it_was(who, proof):
    client, content = machine(who.focal), pdf()
    path = f"evidence/{proof}/attachments/"

    made = client.post(path, {"file": upload(content, "judgment.pdf")}, format="multipart")

    assert made.status_code == 201, made.content
    assert made.json()["name"] == "judgment.pdf"
    read = client.get(f"evidence-attachments/{made.json()['id']}/content/", HTTP_ACCEPT="*/*")
    assert b"".join(read.streaming_content) == content
    assert read["Content-Disposition"] == f'attachment; filename="{made.json()["id"]}.pdf"'
    assert read["X-Content-Type-Options"] == "nosniff"
    assert read["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "application/json"])
def test_file_is_sent_to_whoever_asks_for_one(who, proof, accept):
    client = machine(who.focal)
    path = f"evidence/{proof}/attachments/"
    made = client.post(path, {"file": upload(pdf(), "a.pdf")}, format="multipart").json()

    read = client.get(f"evidence-attachments/{made['id']}/content/", HTTP_ACCEPT=accept)

    assert (read.status_code, read["Content-Type"]) == (200, "application/pdf")
    list(read.streaming_content)


@pytest.mark.parametrize(
    ("file", "extra"),
    [
        (SimpleUploadedFile("a.pdf", b"MZ\x90\x00 no document"), {}),
        (SimpleUploadedFile("a.pdf", b""), {}),
        (SimpleUploadedFile("a.exe", pdf()), {}),
        ("text", {}),
        (SimpleUploadedFile("a.pdf", pdf()), {"copy": "third"}),
        (SimpleUploadedFile("a.pdf", pdf()), {"sha256": "0" * 64}),
        (SimpleUploadedFile("a.pdf", pdf()), {"added_by": "1"}),
    ],
)
def test_file_that_is_not_taken_leaves_nothing(who, proof, file, extra):
    answer = machine(who.focal).post(
        f"evidence/{proof}/attachments/", {"file": file, **extra}, format="multipart"
    )

    assert answer.status_code == 400, answer.content
    assert not EvidenceAttachment.objects.exists()


def test_file_that_is_not_there_is_said(who, proof, settings, tmp_path):
    client = machine(who.focal)
    path = f"evidence/{proof}/attachments/"
    made = client.post(path, {"file": upload(pdf(), "a.pdf")}, format="multipart").json()
    settings.FILES_DIR = tmp_path / "elsewhere"

    answer = client.get(f"evidence-attachments/{made['id']}/content/")

    assert answer.status_code == 503


# More than a request may carry -----------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"narrative": "' + b"a" * 2 * 1024 * 1024 + b'"}',
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=["long", "deep"],
)
def test_json_without_end_is_refused_before_it_is_looked_at(who, body):
    answer = machine(who.focal).generic("POST", "cases/", body, content_type="application/json")

    assert answer.status_code == 400, answer.content
    assert not Case.objects.exists()


def test_a_row_taken_off_at_the_same_moment_is_not_found(who, case, monkeypatch):
    """It was there when it was fetched, and gone when it was held."""

    def gone(*_args, **_kwargs):
        raise Person.DoesNotExist

    monkeypatch.setattr(Persons, "edit", staticmethod(gone))
    person = case.persons.get()

    answer = machine(who.focal).send(f"persons/{person.pk}/", {"age": "AD"}, seen=1)

    assert answer.status_code == 404
