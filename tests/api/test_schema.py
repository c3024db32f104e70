"""The description of the API is whole: valid, without a warning, at its promised address."""

import pytest
import yaml
from django.core.management import call_command

from cases.api.urls import NOUNS
from tests.api.conftest import machine

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
