"""The envelope opens at its own place only, and not after a single changed bit."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.vault import Place, Ring, RingMissing, Tampered, UnknownKey, VaultError, seal, unseal
from cases.vault.sealing import rewrap
from tests.vault.conftest import NEW, OLD

ROW = uuid4()
HERE = Place("cases_case", "narrative", ROW)
TEXT = "A name that must not be read: Ω أمل".encode()


@pytest.mark.parametrize("plain", [b"", b"x", TEXT, b"\0" * 100_000])
def test_what_was_sealed_opens_at_its_place(plain):
    assert unseal(seal(plain, HERE, Ring.VAULT), HERE, Ring.VAULT) == plain


def test_sealed_bytes_show_no_piece_of_the_text():
    assert not any(TEXT[n : n + 4] in seal(TEXT, HERE, Ring.VAULT) for n in range(len(TEXT) - 4))


def test_the_same_text_never_looks_the_same_twice():
    sealed = {seal(TEXT, HERE, Ring.VAULT) for _n in range(500)}

    keys_and_nonces = {content[:58] for content in sealed}
    assert len(sealed) == len(keys_and_nonces) == 500


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, table="cases_act"),
        replace(HERE, column="summary"),
        replace(HERE, row=uuid4()),
        replace(HERE, version=1),
        Place("cases_casen", "arrative", ROW),
        Place("cases_case", f"narrative{str(ROW)[0]}", str(ROW)[1:]),
    ],
)
def test_a_moved_text_is_refused(elsewhere):
    sealed = seal(TEXT, HERE, Ring.VAULT)

    with pytest.raises(Tampered, match="altered, moved"):
        unseal(sealed, elsewhere, Ring.VAULT)


def test_an_earlier_text_of_the_same_place_is_refused():
    first, second = (replace(HERE, version=number) for number in (1, 2))
    sealed = seal(TEXT, first, Ring.VAULT)

    assert unseal(sealed, first, Ring.VAULT) == TEXT
    with pytest.raises(Tampered, match="put back"):
        unseal(sealed, second, Ring.VAULT)


def test_a_text_of_one_ring_is_refused_by_the_other_even_with_the_same_key(settings):
    settings.KEY_RINGS = {"vault": OLD, "portal": OLD}
    sealed = seal(TEXT, HERE, Ring.VAULT)

    with pytest.raises(Tampered):
        unseal(sealed, HERE, Ring.PORTAL)


def test_a_wrong_key_of_the_right_name_is_refused(settings):
    sealed = seal(TEXT, HERE, Ring.VAULT)
    settings.KEY_RINGS = {"vault": NEW.replace("2026", "2025")}

    with pytest.raises(Tampered, match="data key"):
        unseal(sealed, HERE, Ring.VAULT)


def test_any_changed_bit_is_refused():
    sealed = seal(TEXT, HERE, Ring.VAULT)

    for position in range(len(sealed)):
        for bit in (0x01, 0x80):
            altered = bytearray(sealed)
            altered[position] ^= bit
            with pytest.raises((Tampered, UnknownKey)):
                unseal(bytes(altered), HERE, Ring.VAULT)


def test_anything_cut_or_added_is_refused():
    sealed = seal(TEXT, HERE, Ring.VAULT)

    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            unseal(sealed[:length], HERE, Ring.VAULT)
    with pytest.raises(Tampered):
        unseal(sealed + b"\0", HERE, Ring.VAULT)


@given(st.binary(max_size=2000), st.text(min_size=1), st.text(), st.integers(0) | st.none())
def test_any_text_comes_back_from_any_place(plain, table, column, version):
    here = Place(table, column, ROW, version)

    assert unseal(rewrap(seal(plain, here, Ring.VAULT), Ring.VAULT), here, Ring.VAULT) == plain


@given(st.binary(max_size=300))
def test_bytes_from_anywhere_are_refused_by_the_vault_and_nothing_else(content):
    with pytest.raises(VaultError):
        unseal(content, HERE, Ring.VAULT)


def test_parts_of_two_envelopes_do_not_make_a_third():
    one, other = seal(b"one  ", HERE, Ring.VAULT), seal(b"other", HERE, Ring.VAULT)

    for cut in range(14, len(one)):  # before that it is the other one, whole
        with pytest.raises(VaultError):
            unseal(one[:cut] + other[cut:], HERE, Ring.VAULT)


def test_under_another_key_the_body_is_the_same_to_the_byte(settings):
    old = seal(TEXT, HERE, Ring.VAULT)
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}
    new = rewrap(old, Ring.VAULT)

    settings.KEY_RINGS = {"vault": NEW}
    assert unseal(new, HERE, Ring.VAULT) == TEXT
    assert (new[:1], new[46:]) == (old[:1], old[46:])  # format; then nonce and body
    with pytest.raises(UnknownKey):
        unseal(old, HERE, Ring.VAULT)


def test_the_wrapping_of_another_value_opens_nothing():
    one, other = seal(TEXT, HERE, Ring.VAULT), seal(TEXT, HERE, Ring.VAULT)

    with pytest.raises(Tampered):
        unseal(one[:46] + other[46:], HERE, Ring.VAULT)


def test_of_a_hundred_thousand_values_no_two_share_a_data_key_or_a_nonce():
    heads = {seal(b"", HERE, Ring.VAULT)[6:58] for _n in range(100_000)}

    assert len({head[:40] for head in heads}) == len({head[40:] for head in heads}) == 100_000


def test_after_a_rotation_the_old_opens_and_the_new_seals(settings):
    old = seal(TEXT, HERE, Ring.VAULT)
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}
    new = seal(TEXT, HERE, Ring.VAULT)

    assert unseal(old, HERE, Ring.VAULT) == unseal(new, HERE, Ring.VAULT) == TEXT
    settings.KEY_RINGS = {"vault": NEW}
    assert unseal(new, HERE, Ring.VAULT) == TEXT
    with pytest.raises(UnknownKey, match="2025"):
        unseal(old, HERE, Ring.VAULT)


def test_a_process_without_the_ring_neither_seals_nor_opens(settings):
    sealed = seal(TEXT, HERE, Ring.VAULT)
    settings.KEY_RINGS = {"portal": OLD}

    with pytest.raises(RingMissing):
        unseal(sealed, HERE, Ring.VAULT)
    with pytest.raises(RingMissing):
        seal(TEXT, HERE, Ring.VAULT)
