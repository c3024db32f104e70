"""The cooperation with the United Nations that a case is about."""

from typing import Any

from accounts.models import User
from cases.models import Case, Cooperation
from cases.services import records


def record_cooperation(case: Case, *, by: User, **fields: Any) -> Cooperation:
    return records.record(Cooperation, case, by=by, fields=fields)


def edit_cooperation(
    cooperation: Cooperation, *, by: User, version: int, **fields: Any
) -> Cooperation:
    return records.edit(cooperation, by=by, version=version, fields=fields)


def remove_cooperation(cooperation: Cooperation, *, by: User) -> None:
    records.remove(cooperation, by=by)
