"""Finding a case: by its reference, the words of its codes, its State, its texts, its people.

Texts and names are sealed and stay so: their words are sought as tokens (`models.index`).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from cases import policy, spellings, stems
from cases.models import Act, NameIndex, Package, Search, State, TextIndex
from cases.models.case import ALPHABET
from cases.models.noun import array_of
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


def matching(search: Search, seeker: User) -> Q:
    """What a search finds, among cases that `visible_to` gave; names where it asks for people."""
    found = in_words(search.words)
    return found | in_names(search.words, seeker) if search.people else found


def in_words(text: str) -> Q:
    """Cases whose reference or letter begins like this, or that hold every word of it, in their
    codes or their texts."""
    found, names = Q(), _names_of_states()
    words = _folded(text).split()
    for word in [word for word in words if stems.wanted(word)] or words:
        found &= _of_codes(word, names) | _of_texts(word)
    if reference := reference_in(text):
        found |= Q(reference__startswith=reference.text)
    if LETTER_CODE.fullmatch(code := DASHES.sub("-", _plain(text).strip().upper())):
        letters = Package.objects.filter(communication__case=OuterRef("pk"), code__startswith=code)
        found |= Q(Exists(letters))
    return found


def in_names(text: str, seeker: User) -> Q:
    """Cases with a person or source called so, whom the seeker knows anyway.

    One question to the database, whether or not somebody of the name is elsewhere.
    """
    parts = spellings.wanted(text)
    known = policy.identities_known(seeker)
    rows = NameIndex.objects.holding(*parts).filter(identity__in=known)
    return Q(pk__any=array_of(rows, "case")) if parts else Q(pk__in=[])


def _of_texts(word: str) -> Q:
    found = Q() if (alternatives := stems.wanted(word)) else Q(pk__in=[])
    for stem in alternatives:
        found &= Q(pk__any=array_of(TextIndex.objects.holding(stem), "case"))
    return found


def _of_codes(word: str, names: dict[str, str]) -> Q:
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
