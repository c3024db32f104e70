"""Where a key ring may come from, and that its words are shown to nobody on the way."""

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from reprisals import environment
from reprisals.environment import env, ring

KEYS = "vault-1:c2VjcmV0"


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch):
    for source in ("", "_FILE", "_COMMAND"):
        monkeypatch.delenv(f"VAULT_KEYS{source}", raising=False)


def program(tmp_path, text) -> str:
    path = tmp_path / "ask kms.py"
    path.write_text(text)
    return f'{sys.executable} "{path}"'


def test_no_ring_at_all_is_no_error():
    assert ring("VAULT_KEYS") == ""


def test_a_ring_is_a_word_of_the_environment(monkeypatch):
    monkeypatch.setenv("VAULT_KEYS", f"{KEYS}\n")

    assert ring("VAULT_KEYS") == KEYS


def test_a_file_is_left_to_the_vault_to_read(monkeypatch, tmp_path):
    monkeypatch.setenv("VAULT_KEYS_FILE", str(tmp_path / "not there yet"))

    assert ring("VAULT_KEYS") == Path(tmp_path / "not there yet")


def test_a_program_asks_the_kms(monkeypatch, tmp_path):
    monkeypatch.setenv("VAULT_KEYS_COMMAND", program(tmp_path, f"print({KEYS!r})"))

    assert ring("VAULT_KEYS") == KEYS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"import sys; print({KEYS!r}); sys.exit({KEYS!r})", "ended with code 1"),
        ("", "ended with code 0 and no ring"),
        (f"import time; print({KEYS!r}, flush=True); time.sleep(60)", "took longer than 0.5 s"),
    ],
)
def test_a_program_that_fails_is_named_and_not_quoted(monkeypatch, tmp_path, capfd, text, why):
    monkeypatch.setattr(environment, "COMMAND_SECONDS", 0.5)
    monkeypatch.setenv("VAULT_KEYS_COMMAND", program(tmp_path, text))

    with pytest.raises(ImproperlyConfigured, match="VAULT_KEYS_COMMAND") as refused:
        ring("VAULT_KEYS")

    assert why in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert "c2VjcmV0" not in f"{refused.value!r}{capfd.readouterr()}"


@pytest.mark.parametrize("command", ["/nowhere/ask", "'unclosed"])
def test_a_program_that_cannot_start_is_said(monkeypatch, command):
    monkeypatch.setenv("VAULT_KEYS_COMMAND", command)

    with pytest.raises(ImproperlyConfigured, match="cannot be started"):
        ring("VAULT_KEYS")


def test_what_must_be_there_is_asked_for_by_name(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        env("SECRET_KEY")
