"""What the files of `cases/reference/` look like, and everything that is wrong with one."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

from django.core.exceptions import ValidationError

from cases.models.fields import TermField
from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.state import CouncilTerm, State
from cases.models.template import PLACEHOLDERS, LetterTemplate
from cases.models.term import LANGUAGES, Term

FILES = Path(__file__).resolve().parent.parent / "reference"

Cells = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """One file and the table it fills. Columns are called as the fields are."""

    file: str
    model: Any
    key: tuple[str, ...]  # attributes that tell one row from the next
    columns: tuple[str, ...]
    end: str = "active"  # the field that says a row is over
    words: tuple[str, str] = ("", "")  # a JSON field, and the prefix of its six columns
    mappings: tuple[str, ...] = ()

    @property
    def header(self) -> set[str]:
        field_name, prefix = self.words
        spoken = {f"{prefix}_{language}" for language in LANGUAGES} if field_name else set()
        return {*self.columns, *spoken, *self.mappings}


SHEETS = (
    Sheet(
        file="terms.csv",
        model=Term,
        key=("vocabulary", "code"),
        columns=(
            *("vocabulary", "code", "order", "definition"),
            *("valid_from", "valid_to", "severity", "needs_review"),
        ),
        end="valid_to",
        words=("labels", "label"),
        mappings=("sdg_16_10_1", "huridocs"),
    ),
    Sheet(
        file="states.csv",
        model=State,
        key=("iso3",),
        columns=(
            *("iso3", "iso2", "m49", "status", "admitted", "regional_group"),
            *("sub_region_m49", "intermediate_region_m49", "note"),
        ),
        words=("names", "name"),
    ),
    Sheet(
        file="council_terms.csv",
        model=CouncilTerm,
        key=("state_id", "start"),
        columns=("state", "start", "end", "certainty", "source", "note"),
    ),
    Sheet(
        file="mechanisms.csv",
        model=Mechanism,
        key=("code",),
        columns=(
            *("code", "actor", "kind", "established_year", "founding_resolution", "active"),
            *("source", "certainty", "names_unsure", "note"),
        ),
        words=("names", "name"),
    ),
    Sheet(
        file="communication_rules.csv",
        model=CommunicationRule,
        key=("mechanism_id", "type"),
        columns=("mechanism", "type", "response_days", "confidentiality_days", "basis"),
    ),
    Sheet(
        file="templates.json",
        model=LetterTemplate,
        key=("code",),
        columns=(
            *("code", "type", "mechanism_kind", "language"),
            *("subject", "opening", "interim", "questions", "closing"),
        ),
    ),
)


@dataclass
class Reader:
    """Reads every file to its end before anybody writes, so that all faults are told at once."""

    folder: Path
    wrong: list[str] = field(default_factory=list)
    where: str = ""
    # Codes of each vocabulary and keys of each model, for the files that point at them.
    known: dict[str, set[str]] = field(default_factory=dict)
    seats: dict[str, list[tuple[date, date]]] = field(default_factory=dict)

    def read(self, sheet: Sheet) -> dict[Key, Cells]:
        rows: dict[Key, Cells] = {}
        for raw in self._raw(sheet):
            so_far = len(self.wrong)
            cells = self._cells(sheet, raw)
            if len(self.wrong) > so_far:
                continue
            key = tuple(cells[name] for name in sheet.key)
            if key in rows:
                self._complain(sheet.key[-1], "stands in an earlier line as well")
            rows[key] = cells
            self._remember(sheet, cells)
        return rows

    def _complain(self, column: str, what: str) -> None:
        self.wrong.append(f"{self.where}, column {column}: {what}")

    def _raw(self, sheet: Sheet) -> Iterator[Cells]:
        """Each row of a file, while `where` says which."""
        try:
            text = (self.folder / sheet.file).read_text(encoding="utf-8")
            rows = entries_of(text) if sheet.file.endswith(".json") else lines_of(text)
        except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
            self.wrong.append(f"{sheet.file}: cannot be read: {error}")
            return
        for number, raw in rows:
            self.where = f"{sheet.file}, {number}"
            if self._has_its_columns(sheet, raw):
                yield raw

    def _has_its_columns(self, sheet: Sheet, raw: Cells) -> bool:
        there = {name for name, value in raw.items() if value is not None}
        for name in sorted(sheet.header - there):
            self._complain(name, "is missing")
        for name in sorted(str(name) for name in there - sheet.header):
            self._complain(name, "is not a column of this file")
        return there == sheet.header

    def _cells(self, sheet: Sheet, raw: Cells) -> Cells:
        cells: Cells = {"active": True} if sheet.end == "active" else {}
        for column in sheet.columns:
            target = sheet.model._meta.get_field(column)
            try:
                cells[target.attname] = self._value(target, raw[column])
            except ValidationError as error:
                self._complain(column, " ".join(error.messages))
        if sheet.words[0]:
            cells[sheet.words[0]] = self._words(sheet.words[1], raw)
        if sheet.mappings:
            cells["mappings"] = {name: raw[name] for name in sheet.mappings if raw[name]}
        if sheet.model is LetterTemplate:
            self._check_placeholders(raw)
        return cells

    def _value(self, target: Any, raw: Any) -> Any:
        if target.is_relation:
            return self._known(raw, target.related_model.__name__)
        if isinstance(target, TermField):
            return self._known(raw, target.vocabulary)
        if target.get_internal_type() == "ArrayField":
            raw = raw.split("|") if raw else []
        if raw == "" and target.null:
            return None
        return target.clean(raw, None)

    def _known(self, code: str, group: str) -> str:
        if code not in self.known.get(group, ()):
            raise ValidationError(f"unknown code {code!r} in {group}")
        return code

    def _words(self, prefix: str, raw: Cells) -> dict[str, str]:
        if not raw[f"{prefix}_en"]:
            self._complain(f"{prefix}_en", "is empty")
        words = {language: raw[f"{prefix}_{language}"] for language in LANGUAGES}
        return {language: word for language, word in words.items() if word}

    def _remember(self, sheet: Sheet, cells: Cells) -> None:
        group = cells["vocabulary"] if sheet.model is Term else sheet.model.__name__
        self.known.setdefault(group, set()).add(cells[sheet.key[-1]])
        if sheet.model is State and cells["iso3"].startswith("X"):
            self._complain("iso3", "XAA to XZZ are for synthetic States, which no file holds")
        if sheet.model is CouncilTerm:
            self._check_seat(cells["state_id"], cells["start"], cells["end"])

    def _check_seat(self, state: str, start: date, end: date) -> None:
        seats = self.seats.setdefault(state, [])
        if end <= start:
            self._complain("end", "is not after the start")
        if any(start <= other_end and other_start <= end for other_start, other_end in seats):
            self._complain("start", f"overlaps another term of {state}")
        seats.append((start, end))

    def _check_placeholders(self, raw: Cells) -> None:
        for column in ("subject", "opening", "interim", "questions", "closing"):
            try:
                unknown = placeholders_of(raw[column]) - PLACEHOLDERS
            except (TypeError, ValueError) as error:
                self._complain(column, str(error))
                continue
            for name in sorted(unknown):
                self._complain(column, f"unknown placeholder {{{name}}}")


def lines_of(text: str) -> list[tuple[str, Cells]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="(too many)", strict=True)
    return [(f"line {reader.line_num}", row) for row in reader]


def entries_of(text: str) -> list[tuple[str, Cells]]:
    entries = json.loads(text)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("it must be a list of objects")
    return [(f"entry {number}", entry) for number, entry in enumerate(entries, 1)]


def placeholders_of(texts: str | list[str]) -> set[str]:
    several = [texts] if isinstance(texts, str) else texts
    parts = [part for text in several for part in Formatter().parse(text)]
    return {name for _before, name, _spec, _conversion in parts if name is not None}
