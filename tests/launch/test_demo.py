"""What the demo's processes know, and what a person is told when something is wrong."""

import json
import socket
import stat
import sys

import pytest
from psycopg.conninfo import conninfo_to_dict

from launch.children import children
from launch.demo import _welcome
from launch.doors import HOST, Process, ports, processes
from launch.environment import environment
from launch.errors import LaunchError
from launch.roles import ROLE_OF, ROLES

RINGS = {"VAULT_KEYS", "PORTAL_KEYS", "SEARCH_KEYS", "SUBMISSION_KEYS"}
KEYS = RINGS | {"AUDIT_KEY", "SUBMISSION_PUBLIC_KEY"}


def test_no_process_holds_a_ring_that_is_not_its_own(monkeypatch, tmp_path):
    for ring in KEYS:  # not even one that lay about in the shell
        for source in ("", "_FILE", "_COMMAND"):
            monkeypatch.setenv(ring + source, "lying:about")

    started = processes({"console": 1, "portal": 2, "submission": 3}, common(tmp_path), tmp_path)

    assert {process.name: KEYS & set(process.env) for process in started} == {
        "console": RINGS,
        "portal": {"PORTAL_KEYS"},
        "submission": {"SUBMISSION_PUBLIC_KEY"},
        "worker": RINGS | {"AUDIT_KEY"},
    }
    assert {process.env["DOOR"] for process in started} == {p.name for p in started}
    assert "lying:about" not in {value for p in started for value in p.env.values()}


OWNERS = "owners-password"


def common(folder):
    """What all processes of a run would know; the address is the owner's."""
    owner = f"postgresql://owner:{OWNERS}@server/reprisals"
    servers = {"DATABASE_URL": owner, "REDIS_URL": "redis://server/0"}
    return {**environment(folder), **servers, "SECRET_KEY": "of the console"}


def test_each_process_connects_as_its_role_and_knows_no_other(monkeypatch, tmp_path):
    """Its own password only: neither the owner's nor another door's, by any way round."""
    for name in ("PGPASSWORD", "DATABASE_URL_FILE", "SECRET_KEY_FILE"):
        monkeypatch.setenv(name, OWNERS)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://owner:{OWNERS}@server/reprisals")

    started = processes({"console": 1, "portal": 2, "submission": 3}, common(tmp_path), tmp_path)

    parts = {p.name: conninfo_to_dict(p.env["DATABASE_URL"]) for p in started}
    assert {name: part["user"] for name, part in parts.items()} == ROLE_OF
    assert len({part["password"] for part in parts.values()}) == len(ROLES)
    for process in started:
        known = " ".join(process.env.values())
        assert "owners-password" not in known
        for role in set(ROLES) - {ROLE_OF[process.name]}:
            password = next(p["password"] for p in parts.values() if p["user"] == role)
            assert password not in known


def test_doors_outside_sign_with_keys_of_their_own(tmp_path):
    started = processes({"console": 1, "portal": 2, "submission": 3}, common(tmp_path), tmp_path)

    keys = {process.name: process.env["SECRET_KEY"] for process in started}
    assert keys["console"] == keys["worker"] == "of the console"
    assert len(set(keys.values())) == len(keys) - 1


def test_secrets_are_kept_and_readable_to_their_owner_only(tmp_path):
    first = environment(tmp_path)

    assert environment(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_older_demo_keeps_its_keys_and_is_given_what_is_new(tmp_path):
    (tmp_path / "secrets.json").write_text('{"VAULT_KEYS": "old"}')

    first, second = environment(tmp_path), environment(tmp_path)

    assert first == second
    assert first["VAULT_KEYS"] == "old"
    assert first["SEARCH_KEYS"].startswith("search-1:")


def test_secrets_differ_from_place_to_place(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert environment(tmp_path / "a")["VAULT_KEYS"] != environment(tmp_path / "b")["VAULT_KEYS"]


def test_port_in_use_is_said_with_its_door(monkeypatch):
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port - 1))

        with pytest.raises(LaunchError, match=rf"{port} \(portal\)"):
            ports()


def test_one_death_is_said_and_ends_all(tmp_path):
    dying = Process("portal", [sys.executable, "-c", "print('oh'); raise SystemExit(3)"], {})
    living = Process("console", [sys.executable, "-c", "import time; time.sleep(60)"], {})

    said = pytest.raises(LaunchError, match=r"(?s)oh.*portal process ended by itself \(code 3\)")
    with said, children(tmp_path) as family:
        family.start(living)
        family.start(dying)
        family.watch(until=lambda: False)

    assert family.running["console"].poll() is not None


def test_welcome_names_each_door_and_each_user(tmp_path):
    users = [["focal@demo.example", "a password", "focal point of the desk"]]

    text = _welcome({"console": 8000, "portal": 8001, "submission": 8002}, users, tmp_path)

    for words in ("http://localhost:8001/", "focal@demo.example", "a password", "focal point"):
        assert words in text


def test_the_box_of_an_older_demo_keeps_its_key_and_is_given_the_public_one(tmp_path):
    made = environment(tmp_path)
    held = {name: text for name, text in made.items() if name != "SUBMISSION_PUBLIC_KEY"}
    (tmp_path / "secrets.json").write_text(json.dumps(held))

    assert environment(tmp_path) == made
