"""The truth table of corroboration: two independent, reliable sources, and nothing less."""

from uuid import uuid4

import pytest

from cases.models import Corroboration, Element, Source
from cases.verification import status_of
from cases.vocabulary import Stance, Verification

A, B, C = (uuid4() for _ in range(3))


def word(source, stance=Stance.SUPPORTS, credibility="2"):
    return Corroboration(
        element=Element(), source=Source(id=source), stance=stance, credibility=credibility
    )


def come_to(words, reliability, *pairs):
    independent = frozenset(frozenset(pair) for pair in pairs)
    return status_of(words, reliability, independent).code


RELIABLE = {A: "A", B: "B", C: "C"}


@pytest.mark.parametrize(
    ("words", "reliability", "pairs", "expected"),
    [
        ([], RELIABLE, [], Verification.CHK),
        ([word(A)], RELIABLE, [], Verification.PAR),
        ([word(A), word(B)], RELIABLE, [(A, B)], Verification.COR),
        ([word(A), word(B)], RELIABLE, [], Verification.PAR),  # not marked as independent
        ([word(A), word(B)], RELIABLE, [(A, C)], Verification.PAR),  # the pair does not speak
        ([word(A), word(B), word(C)], RELIABLE, [(B, C)], Verification.COR),
        ([word(A), word(B)], {A: "A", B: "D"}, [(A, B)], Verification.PAR),
        ([word(A), word(B)], {A: "F", B: "E"}, [(A, B)], Verification.CHK),
        ([word(A), word(B, credibility="4")], RELIABLE, [(A, B)], Verification.PAR),
        ([word(A), word(B, credibility="6")], RELIABLE, [(A, B)], Verification.PAR),
        (
            [word(A), word(B), word(C, Stance.CONTRADICTS)],
            RELIABLE,
            [(A, B)],
            Verification.INC,
        ),
        (
            [word(A), word(B), word(C, Stance.CONTRADICTS)],
            {**RELIABLE, C: "E"},
            [(A, B)],
            Verification.COR,
        ),
        (
            [word(A), word(B), word(C, Stance.CONTRADICTS, credibility="5")],
            RELIABLE,
            [(A, B)],
            Verification.COR,
        ),
        ([word(A, Stance.CONTRADICTS)], RELIABLE, [], Verification.INC),
    ],
)
def test_truth_table(words, reliability, pairs, expected):
    assert come_to(words, reliability, *pairs) == expected


@pytest.mark.parametrize("letter", "ABCDEF")
def test_reliable_ends_with_c(letter):
    found = come_to([word(A), word(B)], {A: "A", B: letter}, (A, B))
    assert (found == Verification.COR) is (letter in "ABC")


def test_every_status_says_why():
    for words in ([], [word(A)], [word(A), word(B)], [word(A, Stance.CONTRADICTS)]):
        assert status_of(words, RELIABLE, frozenset()).reason
