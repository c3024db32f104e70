"""The words of a text as search knows them: without endings, accents and capitals.

Two texts meet in a word where a reader would say it is the same one: "arrested" and "arrests",
"détention" and "detention". Nobody says in which language a text is written, so a word in Latin
letters has the stems of those of English, French and Spanish whose small words stand beside it;
one in Cyrillic letters the Russian, one in Arabic letters the Arabic. Chinese writes no spaces:
each two signs beside each other are a word.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer

STOP_WORDS = Path(__file__).with_name("reference") / "stop_words.json"
LATIN = ("english", "french", "spanish")
SCRIPTS = {"CYRILLIC": ("russian",), "ARABIC": ("arabic",)}
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A run of Chinese signs, or of any other letters and digits; apostrophes part words.
WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
TATWEEL = "\u0640"


def stems(text: str) -> set[str]:
    """Every word of a text, to be kept."""
    words = WORD.findall(folded(text))
    latin = _written_in(words)
    return {stem for word in words for found in _of(word, latin) for stem in found}


def wanted(text: str) -> list[frozenset[str]]:
    """For each word sought the stems of which one must be there; in whichever language it is.

    Words that stand in every text ("the", "de") are not sought.
    """
    return [found for word in WORD.findall(folded(text)) for found in _of(word, LATIN)]


def folded(text: str) -> str:
    """Small letters without accents and vowel signs; every digit as the one of the keyboard."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (c for c in plain if not unicodedata.combining(c) and c != TATWEEL)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)


def _of(word: str, latin: Sequence[str]) -> Iterator[frozenset[str]]:
    if re.match(f"[{HAN}]", word):
        yield from (frozenset({word[i : i + 2]}) for i in range(max(len(word) - 1, 1)))
    elif not any(word in words for words in _stop_words().values()):
        script = unicodedata.name(word[0], "").partition(" ")[0]
        languages = latin if script == "LATIN" else SCRIPTS.get(script, ())
        yield frozenset(_stemmer(name).stemWord(word) for name in languages) or frozenset({word})


def _written_in(words: Sequence[str]) -> Sequence[str]:
    """The languages whose small words stand in a text; all of them where none does."""
    counts = {name: sum(word in _stop_words()[name] for word in words) for name in LATIN}
    most = max(counts.values())
    return [name for name in LATIN if counts[name] * 3 >= most] if most else LATIN


@cache
def _stop_words() -> Mapping[str, frozenset[str]]:
    """Words that stand in every text of a language and tell none from another."""
    lists = json.loads(STOP_WORDS.read_text())
    return {name: frozenset(WORD.findall(folded(words))) for name, words in lists.items()}


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)
