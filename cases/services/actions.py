"""What the United Nations did or will do about a case, beside letters."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Action, Case
from cases.refusals import Refused
from cases.services import records


def record_action(case: Case, *, by: User, **fields: Any) -> Action:
    fields.setdefault("owner", by)
    fields.setdefault("office", case.office)
    return records.record(Action, case, by=by, fields=fields)


def edit_action(action: Action, *, by: User, version: int, **fields: Any) -> Action:
    return records.edit(action, by=by, version=version, fields=fields)


def remove_action(action: Action, *, by: User) -> None:
    if action.communication_id:
        raise Refused(_("A letter was sent; that it was stays with the case."))
    records.remove(action, by=by)
