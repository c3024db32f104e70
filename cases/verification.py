"""What the sources add up to, element by element. Computed, explained, never typed in.

The standard is that of OHCHR's methodology for SDG 16.10.1: each factual element corroborated by
at least two independent and reliable sources (A/HRC/RES/54/24 OP9; domain.md 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import Corroboration, Element, Source
from cases.vocabulary import Reliability, Stance, Verification

RELIABLE = frozenset({Reliability.A, Reliability.B, Reliability.C})
CREDIBLE = frozenset({"1", "2", "3"})
ENOUGH = 2

# Which sources are independent of which: pairs of ids, both ways.
Independence = frozenset[frozenset[UUID]]


class ElementStatus(NamedTuple):
    """What the sources say of one element, and why that is the result."""

    code: Verification
    reason: str


def independence(sources: Iterable[Source]) -> Independence:
    """The pairs that officers marked as independent. Prefetch `independent_of` before."""
    return frozenset(
        frozenset({source.pk, other.pk})
        for source in sources
        for other in source.independent_of.all()
    )


def status_of(
    words: Sequence[Corroboration], reliability: Mapping[UUID, str], independent: Independence
) -> ElementStatus:
    """Weigh what was said of one element. `reliability` gives each source's letter A-F."""
    against = [w for w in words if w.stance == Stance.CONTRADICTS and _counts(w, reliability)]
    supporting = [w for w in words if w.stance == Stance.SUPPORTS and _counts(w, reliability)]
    pairs = combinations({word.source_id for word in supporting}, ENOUGH)
    two = any(frozenset(pair) in independent for pair in pairs)
    if against:
        return ElementStatus(Verification.INC, _("A reliable source contradicts it."))
    if two:
        return ElementStatus(Verification.COR, _("Two independent, reliable sources support it."))
    if supporting:
        return ElementStatus(Verification.PAR, _missing(len(supporting)))
    return ElementStatus(Verification.CHK, _("No reliable source supports it yet."))


def _counts(word: Corroboration, reliability: Mapping[UUID, str]) -> bool:
    return reliability.get(word.source_id) in RELIABLE and word.credibility in CREDIBLE


def _missing(supporting: int) -> str:
    if supporting < ENOUGH:
        return _("One more independent, reliable source is needed.")
    return _("The sources that support it are not marked as independent of each other.")


class Matrix(NamedTuple):
    """Elements by sources, each with its cell, and what each row comes to."""

    sources: Sequence[Source]
    rows: Sequence[tuple[Element, Sequence[Corroboration | None], ElementStatus]]

    @property
    def corroborated(self) -> int:
        return sum(status.code == Verification.COR for _e, _c, status in self.rows)

    @property
    def holds(self) -> bool:
        """Every element is corroborated, and there is at least one."""
        return bool(self.rows) and self.corroborated == len(self.rows)


def matrix(
    elements: Sequence[Element], sources: Sequence[Source], words: Iterable[Corroboration]
) -> Matrix:
    said = {(word.element_id, word.source_id): word for word in words}
    reliability = {source.pk: source.reliability for source in sources}
    independent = independence(sources)
    rows = []
    for element in elements:
        cells = [said.get((element.pk, source.pk)) for source in sources]
        status = status_of([cell for cell in cells if cell], reliability, independent)
        rows.append((element, cells, status))
    return Matrix(sources, rows)
