"""Whoever holds the public key can put something in; only the private one takes it out."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.vault import Place, RingBroken, RingMissing, Tampered, UnknownKey, VaultError, box
from cases.vault.keyring import new_entry
from launch.doors import environment_of
from launch.environment import environment

ROOT = Path(__file__).resolve().parents[2]
HERE = Place("submissions", "text", uuid4(), 1)
TEXT = "What they did to us — أمل".encode()
KEYS, LATER = new_entry("box-1"), new_entry("box-2")


@pytest.fixture(autouse=True)
def rings(settings):
    settings.KEY_RINGS = {"submission": KEYS}
    settings.SUBMISSION_PUBLIC_KEY = box.public_line(KEYS)
    return settings


@given(st.binary(max_size=3000))
def test_what_was_put_in_comes_out(plain):
    sealed = box.seal(plain, HERE)

    assert box.unseal(sealed, HERE) == plain
    assert box.seal(plain, HERE) != sealed


def test_the_public_key_opens_nothing(settings):
    sealed = box.seal(TEXT, HERE)
    settings.KEY_RINGS = {}

    assert not any(TEXT[n : n + 4] in sealed for n in range(len(TEXT) - 4))
    with pytest.raises(RingMissing):
        box.unseal(sealed, HERE)
    settings.KEY_RINGS = {"submission": new_entry("box-1")}
    with pytest.raises(Tampered):
        box.unseal(sealed, HERE)


def test_without_the_public_key_nothing_is_put_in(settings):
    settings.SUBMISSION_PUBLIC_KEY = ""

    with pytest.raises(RingMissing, match="public key"):
        box.seal(TEXT, HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, table="cases_case"),
        replace(HERE, column="name"),
        replace(HERE, row=uuid4()),
        replace(HERE, version=2),
        replace(HERE, version=None),
    ],
)
def test_what_was_moved_is_refused(elsewhere):
    with pytest.raises(Tampered):
        box.unseal(box.seal(TEXT, HERE), elsewhere)


def test_any_changed_or_missing_byte_is_refused():
    sealed = box.seal(TEXT, HERE)

    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 0x10
        with pytest.raises((Tampered, UnknownKey)):
            box.unseal(bytes(altered), HERE)
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            box.unseal(sealed[:length], HERE)


def test_after_a_rotation_old_and_new_come_out(settings):
    old = box.seal(TEXT, HERE)
    settings.KEY_RINGS = {"submission": f"{LATER},{KEYS}"}
    settings.SUBMISSION_PUBLIC_KEY = box.public_line(settings.KEY_RINGS["submission"])
    new = box.seal(TEXT, HERE)

    assert box.unseal(old, HERE) == box.unseal(new, HERE) == TEXT
    settings.KEY_RINGS = {"submission": LATER}
    with pytest.raises(UnknownKey, match="box-1"):
        box.unseal(old, HERE)


@pytest.mark.parametrize("line", ["box-1", "box-1:c2hvcnQ=", ":AAAA", "box-1:no base64!"])
def test_a_broken_public_key_is_refused(settings, line):
    settings.SUBMISSION_PUBLIC_KEY = line

    with pytest.raises(RingBroken):
        box.seal(TEXT, HERE)


SEALS_AND_TRIES = """
import django; django.setup()
from uuid import UUID
from django.conf import settings
from cases.vault import Place, RingMissing, box
here = Place("submissions", "text", UUID(int=1))
sealed = box.seal(b"her words", here)
assert not any(settings.KEY_RINGS.values())
try:
    box.unseal(sealed, here)
except RingMissing:
    print(settings.DOOR, sealed.hex())
"""


def test_the_submission_process_seals_and_cannot_open(settings, tmp_path):
    """In the very environment that the launcher gives it, whatever lay about in ours."""
    servers = {"DATABASE_URL": "postgresql://owner@server/x", "REDIS_URL": "redis://server/0"}
    common = environment(tmp_path) | servers
    env = environment_of("submission", common) | {"DJANGO_SETTINGS_MODULE": "reprisals.settings"}

    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", SEALS_AND_TRIES],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    door, sealed = done.stdout.split()
    settings.KEY_RINGS = {"submission": common["SUBMISSION_KEYS"]}
    here = Place("submissions", "text", "00000000-0000-0000-0000-000000000001")
    assert door == "submission"
    assert box.unseal(bytes.fromhex(sealed), here) == b"her words"
    secret = common["SUBMISSION_KEYS"].partition(":")[2]
    assert not [name for name, value in env.items() if secret in value]
