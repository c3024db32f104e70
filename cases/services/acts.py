"""The acts of a case, and who allegedly did them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.models import Act, Case, Perpetrator
from cases.services import records


@transaction.atomic
def record_act(
    case: Case,
    *,
    by: User,
    perpetrators: Sequence[str] = (),
    attribution: str = "ALLEGED",
    involvement: str = "",
    **fields: Any,
) -> Act:
    """Add an act. `perpetrators` are codes of V-PERP, all with one attribution and involvement."""
    act = records.record(Act, case, by=by, fields=fields)
    _set_perpetrators(act, perpetrators, attribution, involvement)
    return act


@transaction.atomic
def edit_act(
    act: Act,
    *,
    by: User,
    version: int,
    perpetrators: Sequence[str] | None = None,
    attribution: str = "ALLEGED",
    involvement: str = "",
    **fields: Any,
) -> Act:
    act = records.edit(act, by=by, version=version, fields=fields)
    if perpetrators is not None:
        act.perpetrators.all().delete()
        _set_perpetrators(act, perpetrators, attribution, involvement)
    return act


def remove_act(act: Act, *, by: User) -> None:
    records.remove(act, by=by)


def _set_perpetrators(act: Act, kinds: Sequence[str], attribution: str, involvement: str) -> None:
    for kind in kinds:
        row = Perpetrator(act=act, kind=kind, attribution=attribution, involvement=involvement)
        row.full_clean(exclude=["act"], validate_unique=False)
        row.save()
