"""Who told us."""

from typing import Any

from accounts.models import User
from cases.models import Case, Source
from cases.services import records


def record_source(case: Case, *, by: User, **fields: Any) -> Source:
    return records.record(Source, case, by=by, fields=fields)


def edit_source(source: Source, *, by: User, version: int, **fields: Any) -> Source:
    return records.edit(source, by=by, version=version, fields=fields)


def remove_source(source: Source, *, by: User) -> None:
    records.remove(source, by=by)
