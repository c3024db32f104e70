"""What a run leaves on the machine is closed to the other people of the machine."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from cases import files
from cases.vault import Ring
from launch import prepare, secret_files
from launch import services as launch_services
from launch.environment import environment
from launch.place import find_place
from launch.services import kept_folder, passing_folder, services
from tests.samples import pdf, upload

EMPTY = {"lock", "place"}  # nothing stands there but where the servers are
OPEN_BY_HAND = 0o022  # the umask of most machines: whatever is made is open to be read


@pytest.fixture(autouse=True)
def var(monkeypatch, tmp_path):
    """Reached by everybody, so that what is in it has to close itself."""
    monkeypatch.setattr(launch_services, "VAR", tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    before = os.umask(OPEN_BY_HAND)
    tmp_path.chmod(0o755)
    yield tmp_path
    os.umask(before)


def read_by_others(folder: Path) -> Iterator[Path]:
    """Files, and folders whose list can be read, wherever somebody else comes through to them."""
    for path in folder.iterdir():
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & 0o044 and path.name not in EMPTY:
            yield path
        if path.is_dir() and mode & 0o011:
            yield from read_by_others(path)


def test_the_eye_sees_what_is_open(var):
    (var / "passage").mkdir(mode=0o711)
    (var / "passage" / "dump").write_text("data")
    (var / "shut").mkdir(mode=0o700)
    (var / "shut" / "dump").write_text("data")
    assert list(read_by_others(var)) == [var / "passage" / "dump"]


@pytest.mark.parametrize("folder_of", [passing_folder, lambda: kept_folder("demo")])
def test_servers_secrets_mail_files_and_logs_of_a_run(folder_of, settings):
    with folder_of() as folder, services(folder, durable=False):
        made = environment(folder)
        settings.FILES_DIR = Path(made["FILES_DIR"])
        files.store(upload(pdf()), place_row=uuid4(), ring=Ring.VAULT)
        servers = find_place(folder).folder
        assert (servers / "postgres.log").exists() and (servers / "valkey.log").exists()
        assert list(read_by_others(folder)) == []
        assert stat.S_IMODE(servers.stat().st_mode) == 0o700


def test_the_file_store_closes_each_of_its_folders(var, settings):
    settings.FILES_DIR = var / "store"
    settings.FILES_DIR.mkdir(mode=0o755)  # as a volume comes
    files.store(upload(pdf()), place_row=uuid4(), ring=Ring.PORTAL)
    assert list(read_by_others(settings.FILES_DIR)) == []
    assert len(list(settings.FILES_DIR.rglob("*.sealed"))) == 1


def test_the_users_of_the_demo(var, monkeypatch):
    monkeypatch.setattr(prepare, "STEPS", ())
    prepare.main(var / "users.json")
    assert list(read_by_others(var)) == []


def test_secrets_for_containers(var):
    """Each can be read, by a user this machine does not know; nobody here comes to them."""
    secret_files.write(var / "secrets")
    assert len(list((var / "secrets").iterdir())) > 20
    assert list(read_by_others(var)) == []
