"""The files of a case as its page shows them: what may be opened, and through whose hands."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from cases import custody
from cases.models import Case, CleanCopy, CustodyEntry, Evidence, EvidenceAttachment
from cases.models.attachment import Scan
from cases.models.custody import CustodyStep
from cases.vocabulary import Hindrance


class Hand(NamedTuple):
    """One entry of the chain: `checked` where every byte was read and was as it should be."""

    at: datetime
    step: str
    by: str
    note: str
    checked: bool


class HeldFile(NamedTuple):
    file: EvidenceAttachment
    copy: CleanCopy | None
    shut: bool
    hands: list[Hand]


class HeldEvidence(NamedTuple):
    row: Evidence
    files: list[HeldFile]


def held(case: Case) -> list[HeldEvidence]:
    """Of a case read whole: one query more, however many files there are."""
    hands = _hands(case)
    return [
        HeldEvidence(
            row,
            [
                HeldFile(file, file.leaving, custody.quarantined(file), hands[file.pk])
                for file in row.attachments.all()
            ],
        )
        for row in case.evidence.all()
    ]


def _hands(case: Case) -> defaultdict[UUID, list[Hand]]:
    name = User.objects.filter(pk=OuterRef("by")).values("name")
    rows = CustodyEntry.objects.filter(case=case.pk).annotate(name=Subquery(name[:1]))
    entries: list[Any] = list(rows) if case.evidence.all() else []
    found: defaultdict[UUID, list[Hand]] = defaultdict(list)
    for entry in entries:
        by = entry.name or _("the worker")
        step = CustodyStep(entry.step).label
        found[entry.file].append(Hand(entry.at, str(step), by, _note(entry), bool(entry.sha256)))
    return found


def _note(entry: CustodyEntry) -> str:
    """A code of ours in words; the reference of a letter as it is."""
    if entry.step == CustodyStep.SCANNED:
        return str(Scan(entry.note).label)
    if entry.step == CustodyStep.HINDERED:
        return str(Hindrance(entry.note).label)
    return entry.note
