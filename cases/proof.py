"""Proving that the audit is whole, and writing down that somebody did."""

from collections.abc import Callable, Mapping

from cases import anchors, audit, chain
from cases.chain import Finding, Head
from cases.models import AuditEvent


def verify(
    start: Mapping[int, Head],
    *,
    with_anchors: bool,
    walked: Callable[[int], object] = lambda number: None,
) -> tuple[int, list[Finding]]:
    """How many rows were walked, and what is wrong: in each lane the first row that is.

    The proof is written into the audit itself, where the page of the auditor reads when it was.
    """
    number = 0

    def count(so_far: int) -> None:
        nonlocal number
        number = so_far
        walked(so_far)

    found = list(chain.broken(start, count))
    if with_anchors:
        found += anchors.disagreements()
    first = _first_of_each_lane(found)
    detail = {"rows": number, "findings": len(first), "anchored": with_anchors}
    audit.record("verified", AuditEvent(), by=None, detail=detail)
    return number, first


def _first_of_each_lane(found: list[Finding]) -> list[Finding]:
    """An anchor that is wrong is no lane; all of these are told."""
    lanes: dict[int, Finding] = {}
    for finding in found:
        known = lanes.get(finding.lane)
        if finding.lane >= 0 and (known is None or finding.position < known.position):
            lanes[finding.lane] = finding
    return [finding for finding in found if finding.lane < 0] + list(lanes.values())
