"""No container engine runs here: docker-compose.yml is held against the settings it starts."""

import ast
from pathlib import Path

import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from cases.vault import Ring
from launch import acl, postgres, secret_files
from launch.doors import OUTSIDE
from launch.roles import ROLE_OF
from reprisals.settings import DOORS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
SERVERS = {"postgres", "valkey"}
DOOR_OF = {
    "migrate": "worker",
    "console": "console",
    "portal": "portal",
    "submission": "submission",
    "worker": "worker",
    "beat": "worker",
}
PAGES = ["console", "portal", "submission"]


def test_the_database_writes_no_statement_and_no_row_into_its_log():
    said = {f"--{name}={value}" for name, value in postgres.QUIET.items()}
    assert SERVICES["postgres"]["command"] == ["postgres", *sorted(said)]


def names_in_settings() -> set[str]:
    """Every name that settings.py reads from the environment, by env(), flag() or ring()."""
    tree = ast.parse((ROOT / "reprisals" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in {"env", "flag", "ring"}
        and isinstance(call.args[0], ast.Constant)
    }


def test_services_are_the_servers_and_the_processes_of_the_house():
    assert set(SERVICES) == SERVERS | set(DOOR_OF)


@pytest.mark.parametrize(("service", "door"), DOOR_OF.items())
def test_door_is_one_that_the_settings_know(service, door):
    assert SERVICES[service]["environment"]["DOOR"] == door
    assert door in DOORS


@pytest.mark.parametrize("service", DOOR_OF)
def test_environment_holds_only_names_that_the_settings_read(service):
    known = names_in_settings()

    given = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}

    assert given <= known


@pytest.mark.parametrize("service", DOOR_OF)
def test_secrets_come_as_files_that_are_mounted_and_declared(service):
    environment = SERVICES[service]["environment"]
    files = {value for name, value in environment.items() if name.endswith("_FILE")}

    assert files == {f"/run/secrets/{name}" for name in SERVICES[service]["secrets"]}
    assert set(SERVICES[service]["secrets"]) <= set(COMPOSE["secrets"])
    assert not {"SECRET_KEY", "DATABASE_URL", "AUDIT_KEY"} & set(environment)
    assert not {f"{name}_KEYS" for name in (*Ring.__members__, "SEARCH", "SUBMISSION")} & set(
        environment
    )


@pytest.fixture
def written(tmp_path) -> Path:
    secret_files.write(tmp_path)
    return tmp_path


def test_declared_secrets_are_those_that_the_launcher_writes(written):
    names = {path.name for path in written.iterdir()}

    # The others reach the services inside of addresses and of what makes the roles and users.
    passwords = set(secret_files.PASSWORDS) - {"postgres_password"}
    assert set(COMPOSE["secrets"]) == names - passwords


def test_the_broker_lets_nobody_in_without_a_name(written):
    lines = (written / "valkey_acl").read_text().splitlines()

    assert lines[0] == "user default off"
    assert {line.split()[1] for line in lines[1:]} == set(acl.USERS)
    assert "/run/secrets/valkey_acl" in SERVICES["valkey"]["command"]
    for name in DOOR_OF:
        user = name if name in acl.USERS else "worker"
        assert SERVICES[name]["environment"]["REDIS_URL_FILE"] == f"/run/secrets/redis_url_{user}"
        word = (written / f"redis_password_{user}").read_text()
        assert f":{word}@" in (written / f"redis_url_{user}").read_text()
        assert word not in "".join(lines)


def test_each_door_has_a_role_and_a_password_of_its_own(written):
    read = {
        door: conninfo_to_dict((written / f"database_url_{door}").read_text())
        for door in ("owner", *secret_files.DOORS)
    }
    roles = (written / "database_roles").read_text()

    assert len({one["password"] for one in read.values()}) == len(read)
    assert read["owner"]["user"] == SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    for door in secret_files.DOORS:
        assert read[door]["user"] == ROLE_OF[door]
        assert f"PASSWORD '{read[door]['password']}'" in roles
    assert read["owner"]["password"] not in roles
    made = {"source": "database_roles", "target": "/docker-entrypoint-initdb.d/roles.sql"}
    assert made in SERVICES["postgres"]["secrets"]


def test_secrets_stay_when_they_are_written_again(written):
    first = {path.name: path.read_text() for path in written.iterdir()}

    secret_files.write(written)

    assert {path.name: path.read_text() for path in written.iterdir()} == first


@pytest.mark.parametrize("keys", ["vault_keys", "search_keys", "submission_keys"])
def test_only_the_offices_and_their_worker_hold_the_vault_and_what_searches_it(keys):
    holders = {name for name in SERVICES if keys in SERVICES[name].get("secrets", [])}

    assert holders == {"console", "worker"}


def test_the_submission_door_seals_and_holds_no_key_that_opens():
    held = {
        name for name in SERVICES if "submission_public_key" in SERVICES[name].get("secrets", [])
    }
    keys = [name for name in SERVICES["submission"]["secrets"] if "key" in name]

    assert held == {"submission"}
    assert keys == ["secret_key_submission", "submission_public_key"]


def test_a_door_to_the_outside_signs_nothing_that_the_console_believes():
    """With the console's key it could make links for new passwords and open second factors."""
    keys = {name: SERVICES[name]["environment"]["SECRET_KEY_FILE"] for name in PAGES}

    assert len(set(keys.values())) == len(PAGES)
    for door in OUTSIDE:
        assert "secret_key" not in SERVICES[door]["secrets"]


def test_files_are_reached_with_the_ring_that_opens_them():
    """One volume for each ring; a door without the key cannot destroy what it cannot read."""
    for name in DOOR_OF:
        rings = {f"{ring}_keys" for ring in Ring} & set(SERVICES[name].get("secrets", []))
        volumes = {f"{ring}_files:/data/files/{ring}" for ring in Ring if f"{ring}_keys" in rings}
        assert set(SERVICES[name].get("volumes", [])) - ANCHORS == volumes
    made = next(line for line in (ROOT / "Dockerfile").read_text().splitlines() if "0700" in line)
    assert all(f"/data/files/{ring}" in made for ring in Ring)


ANCHORS = {"anchors:/data/anchors", "anchors:/data/anchors:ro"}


def test_the_worker_alone_signs_where_the_audit_stands():
    """The console shows it, and can write neither a line nor a signature."""
    holders = {name for name in SERVICES if "audit_key" in SERVICES[name].get("secrets", [])}
    mounted = {name: ANCHORS & set(SERVICES[name].get("volumes", [])) for name in DOOR_OF}

    assert holders == {"worker"}
    assert {name: volumes for name, volumes in mounted.items() if volumes} == {
        "console": {"anchors:/data/anchors:ro"},
        "worker": {"anchors:/data/anchors"},
    }


def test_submission_migrate_and_beat_hold_no_ring():
    holders = {name for name in SERVICES if "portal_keys" in SERVICES[name].get("secrets", [])}

    assert holders == {"console", "portal", "worker"}


def test_only_migrate_connects_as_the_owner():
    urls = {
        name: service["environment"].get("DATABASE_URL_FILE", "").rpartition("/")[2]
        for name, service in SERVICES.items()
        if name in DOOR_OF
    }

    assert urls == {
        "migrate": "database_url_owner",
        "console": "database_url_console",
        "portal": "database_url_portal",
        "submission": "database_url_submission",
        "worker": "database_url_console",
        "beat": "",
    }


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check(service):
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("service", PAGES)
def test_a_door_is_healthy_when_healthz_says_so(service):
    assert "http://localhost:8000/healthz" in SERVICES[service]["healthcheck"]["test"][-1]
    assert SERVICES[service]["environment"]["ALLOWED_HOSTS"].endswith(",localhost")


@pytest.mark.parametrize("service", [*PAGES, "worker", "beat"])
def test_no_door_opens_before_the_schema_is_there(service):
    migrated = SERVICES[service]["depends_on"]["migrate"]

    assert migrated == {"condition": "service_completed_successfully"}


def test_doors_share_no_network_with_one_another():
    assert {name: SERVICES[name]["networks"] for name in PAGES} == {n: [n] for n in PAGES}
    assert SERVICES["worker"]["networks"] == SERVICES["beat"]["networks"] == ["work"]
    assert set(COMPOSE["networks"]) == {*PAGES, "work"}


def test_only_doors_are_published_and_only_to_this_machine():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(ports) == set(PAGES)
    assert all(port.startswith("127.0.0.1:") for listed in ports.values() for port in listed)


@pytest.mark.parametrize("service", DOOR_OF)
def test_our_containers_may_do_little(service):
    ours = SERVICES[service]

    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]


def test_image_is_installed_from_the_lock_and_runs_as_nobody_of_note():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    installs = [line for line in lines if "pip install" in line]

    assert users == ["10001"]
    assert installs
    assert all("--require-hashes" in line for line in installs)
