"""Finding a case by what is not sealed: its reference, the words of its codes, its State.

The texts of a case and the names of people are sealed; nothing here looks into them.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from cases.models import Act, Package, State
from cases.models.case import ALPHABET
from cases.models.term import in_active_language, terms

LETTER_CODE = re.compile(r"[A-Z]{2,4}-[A-Z]{3}-[0-9A-Z]{1,6}")
DASHES = re.compile(r"[\s\u2010-\u2015\u2212_./-]+")
LOOK_ALIKE = str.maketrans("OI", "01")
BLOCK, WHOLE, LEAST = 4, 6, 3


class Reference(NamedTuple):
    """A reference as it is written in the house, or its beginning."""

    text: str
    whole: bool


def reference_in(text: str) -> Reference | None:
    """Forgives case, spaces, any dash, O for 0, I for 1, and a missing RP; None for words."""
    typed = "".join(c for c in _plain(text).upper() if c.isalnum())
    said = typed.startswith("RP") and len(typed) > len("RP")
    body = (typed[2:] if said else typed).translate(LOOK_ALIKE)
    if not 0 < len(body) <= WHOLE or set(body) - set(ALPHABET):
        return None
    if not said and not (len(body) >= LEAST and any(c.isdigit() for c in typed)):
        return None
    return Reference(
        "RP-" + "-".join(filter(None, (body[:BLOCK], body[BLOCK:]))), len(body) == WHOLE
    )


def matching(text: str) -> Q:
    """Cases whose reference or letter begins like this, or whose codes hold every word of it."""
    found, names = Q(), _names_of_states()
    for word in _folded(text).split():
        found &= _of_word(word, names)
    if reference := reference_in(text):
        found |= Q(reference__startswith=reference.text)
    if LETTER_CODE.fullmatch(code := DASHES.sub("-", _plain(text).strip().upper())):
        letters = Package.objects.filter(communication__case=OuterRef("pk"), code__startswith=code)
        found |= Q(Exists(letters))
    return found


def _of_word(word: str, names: dict[str, str]) -> Q:
    kinds = [code for code, term in terms("V-ACT").items() if word in _names_of(term.labels)]
    states = [iso3 for iso3, name in names.items() if word in name or word == iso3.casefold()]
    acts = Act.objects.filter(case=OuterRef("pk"), kind__in=kinds)
    return Q(state__in=states) | (Q(Exists(acts)) if kinds else Q(pk__in=[]))


def _names_of_states() -> dict[str, str]:
    rows = State.objects.only("iso3", "names")
    return {state.iso3: _names_of(state.names) for state in rows}


def _names_of(words: Mapping[str, str]) -> str:
    """In the language of the page and in English, which everybody in the house writes."""
    return _folded(f"{in_active_language(words)}\n{words.get('en', '')}")


def _plain(text: str) -> str:
    """Full-width and Arabic digits as the ones of the keyboard."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


def _folded(text: str) -> str:
    """Without accents and capitals, so that "Dalmerie" finds "Dalmérie"."""
    parts = unicodedata.normalize("NFKD", _plain(text).casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
