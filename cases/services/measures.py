"""Measures that a State took, as it says or as is known."""

from typing import Any

from accounts.models import User
from cases.models import Case, Measure
from cases.services import records


def record_measure(case: Case, *, by: User, **fields: Any) -> Measure:
    fields = {**fields, "state": case.state, "recorded_by": by}
    return records.record(Measure, case, by=by, fields=fields)


def edit_measure(measure: Measure, *, by: User, version: int, **fields: Any) -> Measure:
    return records.edit(measure, by=by, version=version, fields=fields)


def remove_measure(measure: Measure, *, by: User) -> None:
    records.remove(measure, by=by)
