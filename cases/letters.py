"""The composed letter: one function makes the preview, the cleared text and what is sent.

In the texts people stand as [V-1], [G-2], [O-3]. Composing puts in each place the alias that the
State knows, or the name where the letter treats the person by name. What comes out is the whole
of what leaves; its SHA-256 is what mandates endorse, what a second person clears, what the
package carries and what the portal shows.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import sightings
from cases.models import Communication, CommunicationRule, Person
from cases.models.term import label
from cases.spellings import ADDRESS, LAST_DIGITS
from cases.stems import folded
from cases.vocabulary import IdentityTreatment

TOKEN = re.compile(r"\[((?:V|G|O)-\d{1,3})\]")
# A code of the house in clear text: S-1 or V-2 outside brackets must never leave either.
HOUSE_CODE = re.compile(r"\b[VGOSE]-\d{1,3}\b")
SHORTEST_NAME = 3
SHORTEST_NUMBER = 6

Content = dict[str, Any]


class Composed(NamedTuple):
    content: Content
    digest: str
    # Codes in the text that stand for nobody in the case.
    unknown: Sequence[str]


def words_for(communication: Communication, names: Mapping[UUID, str]) -> dict[str, str]:
    """What to write for each person of the case. `names` are those to be given in full."""
    treatments = {naming.person_id: naming.treatment for naming in communication.namings.all()}
    aliases = {alias.person_id: alias.word for alias in communication.case.aliases.all()}
    found = {}
    for person in communication.case.persons.all():
        by_name = treatments.get(person.pk) == IdentityTreatment.FULL
        word = names.get(person.pk) if by_name else aliases.get(person.pk)
        found[person.code] = word or aliases.get(person.pk, "")
    return found


def compose(communication: Communication, names: Mapping[UUID, str]) -> Composed:
    """The letter as the State will receive it. The same input gives the same digest.

    Reads the letter's elements, questions, signatories, namings and annexes, and the case's
    people and aliases; prefetch them with `services.communications.whole`.
    """
    words = words_for(communication, names)
    unknown: list[str] = []

    def put(text: str) -> str:
        unknown.extend(code for code in TOKEN.findall(text) if not words.get(code))
        return TOKEN.sub(lambda found: words.get(found[1]) or found[0], text).strip()

    with override(communication.language):
        content = {
            "type": communication.type,
            "type_label": label("V-ACTION", communication.type),
            "state": communication.case.state_id,
            "state_name": communication.case.state.name,
            "language": communication.language,
            "signatories": [signatory.mechanism.name for signatory in _signatories(communication)],
            "subject": put(communication.subject),
            "paragraphs": _paragraphs(put(communication.body)),
            "elements": _numbered(put(e.statement) for e in communication.elements.all()),
            "questions": _numbered(put(q.text) for q in communication.questions.all()),
            "closing": _paragraphs(put(communication.closing)),
            "response_days": response_days(communication),
            "annexes": _annexes(communication),
        }
    return Composed(content, digest_of(content), sorted(set(unknown)))


def veil(alias: str) -> str:
    """What stands, for whoever may not see it, where what is sent gives a name."""
    return _("%(word)s (named in full when sent)") % {"word": alias}


def veiled(
    communication: Communication,
    made: Composed,
    names: Mapping[UUID, str],
    shown: Collection[UUID] = frozenset(),
) -> Composed:
    """The composed letter with every name veiled but those `shown`; its digest stays that of what
    is sent, by which it is endorsed, cleared and transmitted."""
    aliases = {alias.person_id: alias.word for alias in communication.case.aliases.all()}
    hidden = {pk: veil(aliases.get(pk, "")) for pk in names if pk not in shown}
    if not hidden:
        return made
    return made._replace(content=compose(communication, {**names, **hidden}).content)


def digest_of(content: Content) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def response_days(communication: Communication) -> int | None:
    """The window that the lead mandate gives for this type of letter; None where it sets none."""
    rule = CommunicationRule.objects.filter(
        mechanism=communication.lead_id, type=communication.type
    ).first()
    return rule.response_days if rule else None


def _signatories(communication: Communication) -> list[Any]:
    everyone = communication.signatories.all()
    return sorted(everyone, key=lambda s: (s.mechanism_id != communication.lead_id, str(s)))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _numbered(texts: Iterable[str]) -> list[dict[str, Any]]:
    """From one without a gap: the numbers of the house would tell what was left out."""
    return [{"number": number, "text": text} for number, text in enumerate(texts, start=1)]


def _annexes(communication: Communication) -> list[dict[str, str]]:
    """Under a neutral name: the name of a file is a place where people are named.

    The hash is of the clean copy, which is what leaves; none while there is no copy.
    """
    return [
        {
            "name": _("Annex %(number)d") % {"number": number},
            "sha256": annex.leaving.sha256 if annex.leaving else "",
        }
        for number, annex in enumerate(communication.annexes.all(), start=1)
    ]


# The leak check --------------------------------------------------------------------------------


class Leak(NamedTuple):
    """Something of an identity that stands in the letter. It names the place, never the find."""

    code: str  # whose: V-1, S-2
    where: str


class Needles(NamedTuple):
    """What is looked for of one person or source."""

    names: Collection[str]
    numbers: Collection[str]
    addresses: Collection[str]
    likeness: sightings.Likeness


def leaks(
    content: Content,
    secrets: Mapping[str, Iterable[str]],
    common: Collection[str] = frozenset(),
    annexes: Sequence[str] = (),
) -> list[Leak]:
    """Where the composed letter, or what goes with it, holds a name, a number or an address of
    `secrets`.

    `secrets` maps the code of a person or source to what must not be said of them. Codes of the
    house itself are found too. Fails closed: whatever looks like a find is one, in any script and
    with slips of the pen (`sightings`). Only a part of a name that is also one of the `common`
    words (small letters) must stand there as a name does, with a capital: "Legal" of an
    organisation is found, "legal" is not.
    """
    needles = {code: _needles(list(texts)) for code, texts in secrets.items()}
    found = []
    for where, text in _places(content):
        found += [Leak(code, where) for code in _told(needles, text, _digits(text), common)]
        found += [Leak(code, where) for code in sorted(set(HOUSE_CODE.findall(text)))]
    for number, text in enumerate(annexes, start=1):
        where = _("annex %(number)d") % {"number": number}
        # Line by line: in a long table every number stands somewhere across two lines.
        digits = "\n".join(map(_digits, text.splitlines()))
        found += [Leak(code, where) for code in _told(needles, text, digits, common)]
    return found


def _told(
    needles: Mapping[str, Needles], text: str, digits: str, common: Collection[str]
) -> Iterator[str]:
    plain = _unmarked(text)
    small, reading = plain.casefold(), sightings.read(plain)
    for code, (names, numbers, addresses, likeness) in needles.items():
        if (
            any(number in digits for number in numbers)
            or any(address in small for address in addresses)
            or any(
                name.casefold() in small and _stands_in(name, plain, name.casefold() in common)
                for name in names
            )
            or sightings.is_meant(likeness, reading, common)
        ):
            yield code


def _digits(text: str) -> str:
    return re.sub(r"\D", "", folded(text))


def enclosed(communication: Communication) -> list[str]:
    """What can be read in the annexes that would leave; in pictures, nothing can."""
    copies = [annex.leaving for annex in communication.annexes.all()]
    return [copy.text if copy else "" for copy in copies]


def alone(text: str) -> Content:
    """Words to a State that are no letter, for the leak check."""
    rest: Content = {"paragraphs": [], "elements": [], "questions": [], "closing": []}
    return {"subject": text, **rest}


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that stand in small letters in our own standard texts."""
    return frozenset(
        word for text in texts for word in re.findall(r"\b[a-z]{3,}\b", _unmarked(text))
    )


def _places(content: Content) -> Iterator[tuple[str, str]]:
    yield _("subject"), content["subject"]
    for number, text in enumerate(content["paragraphs"], start=1):
        yield _("paragraph %(number)d") % {"number": number}, text
    for element in content["elements"]:
        yield _("element %(number)d") % element, element["text"]
    for question in content["questions"]:
        yield _("question %(number)d") % question, question["text"]
    for text in content["closing"]:
        yield _("closing"), text


def _unmarked(text: str) -> str:
    """Without accents, marks or signs that nobody sees, so that Éva is found as Eva."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(
        c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )


def _needles(texts: Sequence[str]) -> Needles:
    names, numbers = set(), set()
    for text in texts:
        numbers |= {
            digits[-LAST_DIGITS:]  # with or without the code of a country before it
            for run in re.findall(r"[\d][\d\s().+/-]+\d", folded(text))
            if len(digits := re.sub(r"\D", "", run)) >= SHORTEST_NUMBER
        }
        for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", _unmarked(text)):
            wide = not word.isascii() and len(word) > 1
            names |= {word} if wide or len(word) >= SHORTEST_NAME else set()
    addresses = {found for text in texts for found in ADDRESS.findall(folded(text))}
    return Needles(names, numbers, addresses, sightings.likeness(map(_unmarked, texts)))


def _stands_in(name: str, plain: str, is_common: bool) -> bool:
    if not name.isascii():
        return name.casefold() in plain.casefold()  # scripts that write without spaces
    as_written = name.capitalize() if is_common else name
    flags = re.NOFLAG if is_common else re.IGNORECASE
    # A digit or a stroke beside it does not hide a name: the sign of a footnote stands so.
    edges = rf"(?<![^\W\d_]){re.escape(as_written)}(?![^\W\d_])"
    return re.search(edges, plain, flags) is not None


def people_in(communication: Communication) -> list[Person]:
    """The people that the letter speaks of, by the codes in its texts."""
    texts = [communication.subject, communication.body, communication.closing]
    texts += [element.statement for element in communication.elements.all()]
    texts += [question.text for question in communication.questions.all()]
    codes = {code for text in texts for code in TOKEN.findall(text)}
    return [person for person in communication.case.persons.all() if person.code in codes]
