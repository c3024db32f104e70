"""Each thing that must not be committed is found; the project itself is clean."""

import shutil
import subprocess

import polib
import pytest

from launch import secret_files
from launch.checks import ROOT, lock_lags, tracked_files
from launch.messages import compile_messages

KEY = "c2VjcmV0" * 6


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S603, S607
    return tmp_path


def commit(repository, text):
    (repository / "file.txt").write_text(text)
    subprocess.run(["git", "add", "."], cwd=repository, check=True)  # noqa: S607


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see files.python" + "hosted.org/x", "address of a package index"),
        ("-----BEGIN RSA PRIVATE" + " KEY-----", "private key"),
        ("AKIA" + "A1B2C3D4E5F6G7H8", "access token"),
        (f'VAULT_KEYS = "vault-1:{KEY}"', "secret of a process"),
        (f"SECRET_KEY={KEY}", "secret of a process"),
        ("postgresql://me:hunter22" + "@server/db", "password in an address"),
    ],
)
def test_what_must_not_be_committed_is_found_and_not_repeated(repository, text, what):
    commit(repository, f"first\n{text}\n")

    assert list(tracked_files(repository)) == [f"file.txt:2: {what}"]


def test_names_without_secrets_pass(repository):
    commit(repository, "SECRET_KEY_FILE: /run/secrets/secret_key\nredis://valkey:6379/0\n")

    assert list(tracked_files(repository)) == []


def test_project_is_clean():
    assert list(tracked_files(ROOT)) == []


def test_lock_is_up_to_date():
    assert list(lock_lags(ROOT)) == []


@pytest.mark.parametrize(("old", "new"), [("django>=5.2", "django>=5.3"), ("redis>", "radish>")])
def test_lock_that_lags_is_found(tmp_path, old, new):
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text().replace(f'"{old}', f'"{new}').replace(",<5.3", "")
    )

    found = list(lock_lags(tmp_path))

    assert len(found) == 2  # in base.txt and in dev.txt
    assert all("run make lock" in line for line in found)


def test_messages_are_compiled_when_their_source_is_newer(tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Reply", msgstr="Réponse"))
    catalogue.save(folder / "django.po")

    compile_messages(tmp_path)

    assert polib.mofile(folder / "django.mo")[0].msgstr == "Réponse"


def test_secret_files_are_made_once_in_a_closed_folder(tmp_path):
    folder = tmp_path / "secrets"
    secret_files.write(folder)
    before = {path.name: path.read_text() for path in folder.iterdir()}

    secret_files.write(folder)

    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert before["postgres_password"] in before["database_url_owner"]
    assert before["database_password_portal"] in before["database_url_portal"]
    assert before["postgres_password"] not in before["database_url_portal"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_lost_public_key_of_the_box_is_made_anew_from_its_ring(tmp_path):
    secret_files.write(tmp_path)
    public = tmp_path / "submission_public_key"
    before = public.read_text()
    public.unlink()

    secret_files.write(tmp_path)

    assert public.read_text() == before
