"""Who may be meant by words that are not quite their name: in another script, with a slip of the
pen, or by initials.

A letter is stopped by what is found here, and nobody can say that it may leave all the same: the
rules are finer than those by which officers search (`spellings`). One part of a name tells of
somebody only where it is long; short ones must stand beside each other as a whole name does.
What is looked for and what it costs is bounded: `tests/test_sightings.py` holds both.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import OSA

from cases.spellings import kept, wanted
from cases.stems import HAN, folded

# A longer text, or a piece of more words, is about somebody and is not what they are called.
LONGEST_TEXT, MOST_WORDS = 2_000, 6
SHORTEST = 3
# Letters from which on one or two slips of the pen are looked for, and up to which.
ONE_SLIP, TWO_SLIPS, LONGEST_WORD = 5, 8, 24
# Of a form of `spellings` with its mark: from here on one part of a name is told by its sound.
LEAST_SOUND, LEAST_WHOLE = 7, 6
PIECES = re.compile(r"[,;/|\n]")
WORD = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:['’-][^\W\d_{HAN}]+)*")
INITIALS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.[\s-]?){2,4}")
NOBODY = frozenset({"UN", "US", "UK", "EU", "AU", "HC", "HRC", "UPR", "NGO"})
LATIN, CHINESE, OTHER = "latin", "chinese", "other"


class Likeness(NamedTuple):
    """What somebody is called, ready to be looked for."""

    slips: dict[str, set[str]]  # what is left of a long word without up to two letters
    parts: list[list[frozenset[str]]]  # of each name its parts, each in every form
    scripts: frozenset[str]
    initials: frozenset[str]
    spoken: frozenset[str]  # a whole name, its parts one by one
    in_one: frozenset[str]  # a whole name in Latin letters without spaces, either part first
    by_sign: frozenset[str]  # the same of a name that is kept in Chinese


class Reading(NamedTuple):
    """One text, taken apart once, whoever is looked for."""

    words: list[str]
    latin: dict[str, str]  # each word and how it is written in Latin letters
    initials: frozenset[str]
    named: str  # the words that are written as names are, each in its place
    signs: str  # what stands in Chinese, by its sounds
    beside: frozenset[str]  # two or three words beside each other, without spaces


def likeness(texts: Iterable[str]) -> Likeness:
    names = [name for text in texts if len(text) <= LONGEST_TEXT for name in _names(text)]
    slips: dict[str, set[str]] = {}
    for word in {latin for name in names for part in WORD.findall(name) if (latin := _latin(part))}:
        for left in _left_of(word):
            slips.setdefault(left, set()).add(word)
    split = [WORD.findall(name) for name in names]
    return Likeness(
        slips=slips,
        parts=[parts for name in names if (parts := wanted(name))],
        scripts=frozenset(_script(word) for words in split for word in words),
        initials=frozenset(found for words in split for found in _initials_of(words)),
        spoken=frozenset(whole for words in split if (whole := _spoken(words))),
        in_one=frozenset(whole for words in split for whole in _wholes(words)),
        by_sign=frozenset(
            latin
            for words in split
            for word in words
            if _script(word) == CHINESE and len(latin := _latin(word)) >= LEAST_WHOLE
        ),
    )


def read(text: str) -> Reading:
    words = WORD.findall(text)
    latin = {word: _latin(word) for word in set(words)}
    return Reading(
        words=words,
        latin=latin,
        initials=frozenset("".join(re.findall(r"[^\W\d_]", run)) for run in INITIALS.findall(text)),
        named=f" {' '.join(latin[word] if _is_named(word) else '.' for word in words)} ",
        signs=" ".join(latin[word] for word in words if _script(word) == CHINESE),
        beside=frozenset(_beside([latin[word] for word in words])),
    )


def is_meant(who: Likeness, reading: Reading, common: Collection[str] = frozenset()) -> bool:
    """`common` words, in small letters, are a name only where the name itself says so."""
    return (
        bool(who.initials & reading.initials)
        or bool(who.by_sign & reading.beside)
        or any(whole in reading.named for whole in who.spoken)
        or any(whole in reading.signs for whole in who.in_one)
        or any(_slipped(who, word, latin, common) for word, latin in reading.latin.items())
        or any(_sounds(who, word, common) for word in reading.latin)
        or _stands_whole(who, reading.words)
    )


# A slip of the pen ------------------------------------------------------------------------------


def _slipped(who: Likeness, word: str, latin: str, common: Collection[str]) -> bool:
    if latin in common or not SHORTEST <= len(latin) <= LONGEST_WORD + 2:
        return False
    near = {name for left in _left_of(latin, slips=2) for name in who.slips.get(left, ())}
    return any(OSA.distance(latin, name) <= _slips(name, word) for name in near)


def _slips(name: str, word: str) -> int:
    """How many are let pass for this name; in a short one, only where the word is a name too."""
    if len(name) >= TWO_SLIPS:
        return 2
    return int(len(name) >= ONE_SLIP and word != word.lower())


def _left_of(word: str, slips: int | None = None) -> set[str]:
    """A word and what is left of it without one or two of its letters."""
    if slips is None:
        slips = 2 if len(word) >= TWO_SLIPS else int(len(word) >= ONE_SLIP)
    if len(word) > LONGEST_WORD + 2:
        return set()
    ways = (gone for number in range(slips + 1) for gone in combinations(range(len(word)), number))
    return {"".join(c for place, c in enumerate(word) if place not in gone) for gone in ways}


# By its sound -----------------------------------------------------------------------------------


def _sounds(who: Likeness, word: str, common: Collection[str]) -> bool:
    """One word alone: in the script of the name it must be written as a name is, and sound alike
    with its vowels; in another, its consonants are enough where they are many."""
    if word.casefold() in common:
        return False
    same = _script(word) in who.scripts
    if same and not _is_named(word):
        return False
    marks = ("F:",) if same else ("F:", "A:", "V:")
    return any(
        len(form) >= LEAST_SOUND and form.startswith(marks)
        for parts in who.parts
        for part in parts
        for form in part & _forms(word)
    )


def _stands_whole(who: Likeness, words: list[str]) -> bool:
    """All parts of a name in neighbouring words of another script, however short they are."""
    foreign = [word if _script(word) not in who.scripts else "" for word in words]
    if not any(foreign):
        return False
    for parts in who.parts:
        for size in (len(parts), len(parts) + 1) if len(parts) > 1 else ():
            for start in range(len(foreign) - size + 1):
                window = foreign[start : start + size]
                if all(window) and all(part & _forms(" ".join(window)) for part in parts):
                    return True
    return False


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    return frozenset(kept([word], []))


# What somebody is called ------------------------------------------------------------------------


def _names(text: str) -> Iterator[str]:
    """Pieces that can be names: a few words, of which one begins as a name does."""
    for piece in PIECES.split(text):
        words = WORD.findall(piece)
        named = [word for word in words if _is_named(word)]
        if named and len(words) <= MOST_WORDS:
            yield " ".join(named)


def _is_named(word: str) -> bool:
    """With a capital, where the script has them."""
    return word != word.lower() or word == word.upper()


def _initials_of(words: list[str]) -> Iterator[str]:
    """In either order, as families are named first or last."""
    whole = "".join(word[0].upper() for word in words)
    if len(words) > 1 and whole not in NOBODY:
        yield from (whole, whole[::-1])


def _spoken(words: list[str]) -> str:
    """A whole name, however short: part by part, sign by sign."""
    parts = [sign for word in words for sign in (word if _script(word) == CHINESE else [word])]
    return f" {' '.join(map(_latin, parts))} " if len(parts) > 1 else ""


def _wholes(words: list[str]) -> Iterator[str]:
    """As a Chinese name is written in Latin letters, with what belongs together put together."""
    for order in (words, words[1:] + words[:1]):
        whole = "".join(_latin(word) for word in order)
        if len(words) > 1 and len(whole) >= LEAST_WHOLE and not _all_chinese(words):
            yield whole


def _beside(words: list[str]) -> Iterator[str]:
    for one, two, three in zip(words, [*words[1:], ""], [*words[2:], "", ""], strict=False):
        yield from (one + two, two + one, one + two + three, two + three + one)


def _all_chinese(words: list[str]) -> bool:
    return all(_script(word) == CHINESE for word in words)


def _script(word: str) -> str:
    if re.match(f"[{HAN}]", word):
        return CHINESE
    return LATIN if word[0].isascii() or folded(word)[:1].isascii() else _other(word[0])


def _other(sign: str) -> str:
    return "arabic" if "\u0600" <= sign <= "\u08ff" else "cyrillic" if sign < "\u0600" else OTHER


def _latin(word: str) -> str:
    return re.sub("[^a-z]", "", anyascii(folded(word)).lower())
