"""Reference data from its files into its tables, as often as one likes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cases.models.state import CouncilTerm, State
from cases.models.term import forget_terms
from cases.refusals import Refused
from cases.services.reference_files import FILES, SHEETS, Cells, Key, Reader, Sheet
from cases.vocabulary import StateStatus


class WrongFiles(Refused):
    """What is wrong, by file, line and column. Nothing was loaded."""


@dataclass
class Counts:
    """What one load did. `kept`: rows that an administrator changed here."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    kept: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{number} {word}" for word, number in vars(self).items())


def load_reference(folder: Path = FILES) -> Counts:
    """Make the tables say what the files say; all of it or nothing.

    Never deletes: what a file no longer has is retired, so that old rows keep their words.
    Never touches a synthetic State, nor a row that an administrator changed here.
    """
    reader = Reader(folder)
    read = [(sheet, reader.read(sheet)) for sheet in SHEETS]
    if reader.wrong:
        raise WrongFiles(*reader.wrong)
    counts = Counts()
    with transaction.atomic():
        for sheet, rows in read:
            _write(sheet, rows, counts)
        transaction.on_commit(forget_terms)
    return counts


def _write(sheet: Sheet, rows: dict[Key, Cells], counts: Counts) -> None:
    """Retires first, so that a corrected Council term does not meet the one it corrects."""
    held = {tuple(getattr(row, name) for name in sheet.key): row for row in _held(sheet.model)}
    ours = {key: row for key, row in held.items() if not row.local}
    counts.kept += len(held) - len(ours)
    try:
        _retire(sheet, [row for key, row in ours.items() if key not in rows], counts)
        _update(sheet, [(row, rows[key]) for key, row in ours.items() if key in rows], counts)
        _create(sheet, [cells for key, cells in rows.items() if key not in held], counts)
    except IntegrityError as error:
        raise WrongFiles(f"{sheet.file}: the database refuses it: {error}") from error


def _held(model: Any) -> models.QuerySet[Any]:
    """The rows that files may speak of, locked until the load is over."""
    rows = model._default_manager.select_for_update(of=("self",))
    if model is State:
        return rows.exclude(status=StateStatus.SYNTHETIC)
    if model is CouncilTerm:
        return rows.exclude(state__status=StateStatus.SYNTHETIC)
    return rows


def _retire(sheet: Sheet, rows: list[Any], counts: Counts) -> None:
    today = timezone.localdate()
    over = today if sheet.end == "valid_to" else False
    going = [row for row in rows if not _is_over(getattr(row, sheet.end), over)]
    for row in going:
        setattr(row, sheet.end, over)
    sheet.model._default_manager.bulk_update(going, [sheet.end])
    counts.retired += len(going)
    counts.unchanged += len(rows) - len(going)


def _is_over(held: Any, over: Any) -> bool:
    """Not again where it ended before: the first day after a term's end stays as it was."""
    return held is not None and held <= over


def _update(sheet: Sheet, pairs: list[tuple[Any, Cells]], counts: Counts) -> None:
    changed = []
    for row, cells in pairs:
        different = {name: value for name, value in cells.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            changed.append(row)
    if changed:
        names = [name for name in pairs[0][1] if name not in sheet.key]
        sheet.model._default_manager.bulk_update(changed, names)
    counts.updated += len(changed)
    counts.unchanged += len(pairs) - len(changed)


def _create(sheet: Sheet, rows: list[Cells], counts: Counts) -> None:
    sheet.model._default_manager.bulk_create([sheet.model(**cells) for cells in rows])
    counts.created += len(rows)
