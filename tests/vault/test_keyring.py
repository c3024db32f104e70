"""A ring is read from the settings, or refused without a word of its content."""

import pytest

from cases.vault import Ring, RingBroken, RingMissing, UnknownKey
from cases.vault.keyring import ring_of
from tests.vault.conftest import NEW, OLD, key


def test_the_first_key_is_the_one_that_seals(settings):
    settings.KEY_RINGS = {"vault": f"{NEW}, {OLD}"}

    ring = ring_of(Ring.VAULT)

    assert ring.current == "2026"
    assert ring.key("2025") == b"o" * 32


@pytest.mark.parametrize("rings", [{}, {"vault": ""}])
def test_a_process_without_a_ring_says_which_one(settings, rings):
    settings.KEY_RINGS = rings

    with pytest.raises(RingMissing, match="'vault'"):
        ring_of(Ring.VAULT)


@pytest.mark.parametrize(
    "text",
    [
        key("o"),
        f":{key('o')}",
        f"a b:{key('o')}",
        "2025:c2hvcnQ=",
        f"2025:{key('o')[:-2]}!!",
        f"{OLD},",
        f"{OLD},{OLD}",
    ],
)
def test_a_broken_ring_is_refused_without_showing_it(settings, text):
    settings.KEY_RINGS = {"vault": text}

    with pytest.raises(RingBroken) as refused:
        ring_of(Ring.VAULT)

    said = f"{refused.value!r} {refused.value.__cause__!r}"
    assert key("o")[:8] not in said
    assert "c2hvcnQ" not in said


def test_a_ring_does_not_show_its_keys():
    ring = ring_of(Ring.VAULT)

    assert "oooo" not in repr(ring)
    with pytest.raises(UnknownKey, match="1999"):
        ring.key("1999")


# A ring in a file ---------------------------------------------------------------------------------


def test_a_file_is_read_and_read_anew_when_it_changes(settings, tmp_path):
    path = tmp_path / "vault_keys"
    path.write_text(f"{OLD}\n")
    settings.KEY_RINGS = {"vault": path}
    assert ring_of(Ring.VAULT).current == "2025"

    fresh = tmp_path / "fresh"
    fresh.write_text(f"{NEW},{OLD}")
    fresh.replace(path)

    assert ring_of(Ring.VAULT).current == "2026"


def test_a_file_that_is_not_there_is_a_missing_ring(settings, tmp_path):
    settings.KEY_RINGS = {"vault": tmp_path / "nothing"}

    with pytest.raises(RingMissing, match="file of the key ring 'vault'"):
        ring_of(Ring.VAULT)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\n"])
def test_a_file_without_words_is_a_missing_ring(settings, tmp_path, content):
    path = tmp_path / "vault_keys"
    path.write_bytes(content)
    settings.KEY_RINGS = {"vault": path}

    with pytest.raises(RingMissing):
        ring_of(Ring.VAULT)
