"""The description of the API is whole: valid, without a warning, at its promised address."""

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from cases.api.urls import NOUNS
from tests.api.conftest import machine
from tests.api.test_permissions import FILES, ROUTES, address, as_
from tests.api.world import world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    target = tmp_path_factory.mktemp("schema") / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    return yaml.safe_load(target.read_text())


def test_schema_is_valid_and_without_a_warning(schema):
    assert schema["openapi"].startswith("3.")


def test_every_noun_is_described(schema):
    described = {path.split("/")[3] for path in schema["paths"]}

    assert described == {*NOUNS, "me"}


def test_every_operation_says_how_it_refuses(schema):
    for path in schema["paths"].values():
        for operation in path.values():
            assert "4XX" in operation["responses"]


def test_changes_say_which_version_was_seen(schema):
    patches = [path["patch"] for path in schema["paths"].values() if "patch" in path]

    assert len(patches) == 12
    for patch in patches:
        assert "If-Match" in {parameter["name"] for parameter in patch["parameters"]}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [("application/vnd.oai.openapi+json", "json"), ("application/vnd.oai.openapi", "openapi")],
)
def test_schema_is_at_its_address(who, asked, kind):
    answer = machine(who.focal).get("schema/", HTTP_ACCEPT=asked)

    assert answer.status_code == 200
    assert kind in answer["Content-Type"]
    assert b"/api/v1/cases/" in answer.content


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("cases/{id}/move/", "MoveIn"),
        ("persons/{id}/reveal/", "RevealIn"),
        ("communications/{id}/transmit/", "DigestIn"),
        ("replies/{id}/assess/", "AssessIn"),
        ("persons/", "PersonIn"),
    ],
)
def test_what_goes_in_is_described_apart_from_what_comes_out(schema, path, shape):
    body = schema["paths"][f"/api/v1/{path}"]["post"]["requestBody"]["content"]

    assert list(body) == ["application/json"]
    assert body["application/json"]["schema"]["$ref"] == f"#/components/schemas/{shape}"


def _closed(schema):
    """The same schema, in which a field that is not named is wrong."""
    parts = schema["components"]["schemas"]
    shut = {
        name: {**part, "additionalProperties": False} if "properties" in part else part
        for name, part in parts.items()
    }
    return {"schemas": shut}


def _template(noun, verb):
    base = f"/api/v1/{noun}/"
    if verb == "list":
        return base
    key = "{vocabulary}" if noun == "vocabularies" else _key(noun)
    return f"{base}{key}/" if verb == "retrieve" else f"{base}{key}/{verb}/"


def _key(noun):
    return {"states": "{iso3}", "mechanisms": "{code}"}.get(noun, "{id}")


def test_answers_are_as_described_and_hold_no_other_field(schema):
    parts = _closed(schema)
    here = world()
    admin, wrong = here.rows["locks"].locked_by, []
    for noun, verb in [route for route, method in ROUTES.items() if method == "get"]:
        if verb in FILES:
            continue
        told = schema["paths"][_template(noun, verb)]["get"]["responses"]["200"]
        shape = told["content"]["application/json"]["schema"]
        client = as_(admin if noun in {"locks", "ties"} else here.who.focal)
        answer = client.get(address(noun, verb, here))
        assert answer.status_code == 200
        check = Draft202012Validator({**shape, "components": parts})
        found = check.iter_errors(answer.json())
        wrong += [(noun, verb, error.json_path, error.message[:80]) for error in found]
    assert wrong == []
