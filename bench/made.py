"""What is made up: the same every time, invented throughout, of no State that exists."""

import random
from collections.abc import Sequence
from hashlib import blake2b
from itertools import product
from typing import NamedTuple
from uuid import UUID

from cases import spellings, stems
from cases.models.index import made_by
from cases.vault.tokens import Kind, tokens

VOCABULARY, GIVEN, FAMILIES = 12_000, 1_500, 3_000
LENGTH_OF_A_NARRATIVE = 60
SYLLABLES = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]


class Word(NamedTuple):
    text: str
    tokens: Sequence[int]


def uid(kind: str, *numbers: int | str) -> str:
    """A random-looking id that the same numbers always give."""
    text = f"{kind}:{':'.join(map(str, numbers))}".encode()
    return str(UUID(bytes=blake2b(text, digest_size=16).digest(), version=4))


def luck(kind: str, number: int) -> random.Random:
    return random.Random(f"{kind}:{number}")  # noqa: S311  reproducible on purpose


def invented(number: int, syllables: int) -> str:
    """A word for a number: in `syllables` syllables, another one for each."""
    parts = []
    for _ in range(syllables):
        number, place = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts)


class Words:
    """Words and names with their tokens, computed once in a process.

    `rare(i)` stands in the narrative of allegation i alone: what somebody seeks who knows a case.
    """

    def __init__(self) -> None:
        self.made_by = made_by()
        self.common = [self._word(invented(n * 7 + 1, 3)) for n in range(VOCABULARY)]
        # As in a language: the word of rank r stands r times less often than the first.
        self.weights = [1 / (rank + 8) for rank in range(VOCABULARY)]
        self.given = [self._name(invented(n * 11 + 5, 3).title()) for n in range(GIVEN)]
        self.families = [self._name(invented(n * 13 + 3, 4).title()) for n in range(FAMILIES)]

    def narrative(self, number: int, chance: random.Random) -> tuple[str, list[int]]:
        chosen = chance.choices(self.common, self.weights, k=LENGTH_OF_A_NARRATIVE)
        rare = self.rare(number)
        text = " ".join([*(word.text for word in chosen), rare.text]).capitalize() + "."
        return text, sorted({*rare.tokens, *(t for word in chosen for t in word.tokens)})

    def rare(self, number: int) -> Word:
        return self._word(f"zx{invented(number, 4)}")

    def name(self, chance: random.Random) -> tuple[str, list[int]]:
        given, family = chance.choice(self.given), chance.choice(self.families)
        text = f"{given.text} {family.text}"
        return text, sorted({*given.tokens, *family.tokens})

    def _word(self, text: str) -> Word:
        return Word(text, tokens(Kind.WORDS, stems.stems(text)))

    def _name(self, text: str) -> Word:
        return Word(text, tokens(Kind.NAMES, spellings.kept([text], [])))
