"""What the United Nations did or will do about a case, beside letters."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Action, Case
from cases.publicity import publicity_of
from cases.refusals import Refused
from cases.services import fulfilments, records


@transaction.atomic
def record_action(case: Case, *, by: User, conditions_met: str = "", **fields: Any) -> Action:
    """Write down what is planned or done. What is public takes the consent of everybody in the
    case, an assessment of the risk and no stop flag; raises GateShut with every reason.

    `conditions_met` says how what people asked for is kept.
    """
    fields.setdefault("owner", by)
    fields.setdefault("office", case.office)
    action = records.record(Action, case, by=by, fields=fields)
    _require_sayable(action, None, by=by, words=conditions_met)
    return action


@transaction.atomic
def edit_action(
    action: Action, *, by: User, version: int, conditions_met: str = "", **fields: Any
) -> Action:
    """Asked again where it becomes public, is said, or names somebody. What came of it can be
    written also when consent has ended since."""
    records.locked_case(action.case)
    before = Action.objects.filter(pk=action.pk).first()
    said_before = publicity_of(before) if before else None
    action = records.edit(action, by=by, version=version, fields=fields)
    _require_sayable(action, said_before, by=by, words=conditions_met)
    return action


def _require_sayable(action: Action, before: object, *, by: User, words: str) -> None:
    made = publicity_of(action)
    if made and made != before:
        entries = fulfilments.require_sayable(action, made, words=words)
        fulfilments.said_of(action, action.case, entries, by=by, words=words)


def remove_action(action: Action, *, by: User) -> None:
    if action.communication_id:
        raise Refused(_("A letter was sent; that it was stays with the case."))
    records.remove(action, by=by)
