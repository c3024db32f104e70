"""Tokens of words: equal for equal words under one key and one kind, and nothing else."""

import hashlib
import hmac

import pytest

from cases.vault import RingMissing, tokens
from cases.vault.tokens import Kind
from tests.vault.conftest import key

OLD, NEW = f"search-1:{key('s')}", f"search-2:{key('t')}"


@pytest.fixture(autouse=True)
def ring(settings):
    settings.KEY_RINGS = {"search": OLD}
    return settings


def test_equal_words_have_equal_tokens_and_others_have_not():
    first, second = tokens.tokens(Kind.WORDS, ["arrest"]), tokens.tokens(Kind.WORDS, ["court"])

    assert first == tokens.tokens(Kind.WORDS, ["arrest", "arrest"])
    assert first != second
    assert tokens.tokens(Kind.WORDS, ["court", "arrest"]) == sorted(first + second)


def test_a_token_fits_the_column():
    found = tokens.tokens(Kind.WORDS, map(str, range(2000)))

    assert all(-(2**63) <= token < 2**63 for token in found)
    assert len(found) == 2000
    assert min(found) < 0 < max(found)


def test_no_kind_meets_another():
    found = [tokens.tokens(kind, ["marrowby"]) for kind in (Kind.WORDS, Kind.NAMES, Kind.AUDIT)]

    assert len({token for row in found for token in row}) == 3


def test_the_key_of_the_ring_itself_is_never_used():
    plain = hmac.digest(b"s" * 32, b"marrowby", hashlib.sha256)[:8]

    found = tokens.tokens(Kind.WORDS, ["marrowby"]) + tokens.tokens(Kind.NAMES, ["marrowby"])

    assert int.from_bytes(plain, "big", signed=True) not in found


def test_the_first_key_writes_and_every_key_is_sought(ring):
    kept = tokens.tokens(Kind.NAMES, ["marrowby"])
    ring.KEY_RINGS = {"search": f"{NEW},{OLD}"}
    anew = tokens.tokens(Kind.NAMES, ["marrowby"])

    assert kept != anew
    assert tokens.current_key() == "search-2"
    assert set(tokens.sought(Kind.NAMES, ["marrowby"])) == {*kept, *anew}


def test_a_mark_is_equal_for_equal_texts_only_and_holds_no_text():
    assert tokens.mark("marrowby") == tokens.mark("marrowby") != tokens.mark("marrow")
    assert len(tokens.mark("marrowby")) == 32
    assert "marrowby" not in tokens.mark("marrowby")


@pytest.mark.parametrize("rings", [{}, {"search": ""}])
def test_a_process_without_the_ring_makes_none(rings, ring):
    ring.KEY_RINGS = {**rings, "vault": OLD}

    with pytest.raises(RingMissing, match="search"):
        tokens.tokens(Kind.WORDS, ["arrest"])
