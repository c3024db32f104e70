"""The three verbs that every part of a case knows: record, edit, remove.

The services of the nouns call these; what is special to a noun stands in its own file.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit
from cases.models import Case, Hold
from cases.models.noun import Editable, EditablePart, Numbered, Part
from cases.policy import May, require
from cases.refusals import Refused, SavedAlready, Stale

NewRow = TypeVar("NewRow", bound=Part)
OldRow = TypeVar("OldRow", bound=EditablePart)
AnyRow = TypeVar("AnyRow", bound=Editable)


def locked_case(case: Case) -> Case:
    """The case as it stands, held until this transaction ends. Raises Refused where it ended."""
    found = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if found is None:
        raise Refused(_("This case has ended."))
    return found


@transaction.atomic
def record(
    model: type[NewRow],
    case: Case,
    *,
    by: User,
    may: May = May.EDIT_CASE,
    fields: Mapping[str, Any],
) -> NewRow:
    """Add a row to a case, numbered if its noun is. Raises ValidationError on bad input.

    Whoever draws a form may choose the `id` of the row to be: sent twice, even at once, it is
    saved once, and the second is told by SavedAlready.
    """
    case = locked_case(case)
    require(by, may, case)
    refuse_twice(model, fields.get("id"))
    plain, many = _split(model, fields)
    row = model(case=case, **plain)
    if isinstance(row, Numbered):
        row.number = next_number(model, case)
    _check(row, case, fields)
    row.save(force_insert=True)
    _set_many(row, many)
    audit.record("recorded", row, by=by, case=case)
    touch(case)
    return row


@transaction.atomic
def edit(
    row: OldRow, *, by: User, version: int, may: May = May.EDIT_CASE, fields: Mapping[str, Any]
) -> OldRow:
    """Change a row that nobody changed since `version`. Raises Stale with the row as it stands."""
    case = locked_case(row.case)
    require(by, may, case)
    row = unchanged(row, version)
    plain, many = _split(type(row), fields)
    for name, value in plain.items():
        setattr(row, name, value)
    _check(row, case, fields)
    row.version += 1
    row.save()
    _set_many(row, many)
    audit.record("edited", row, by=by, case=case, detail={"fields": sorted(fields)})
    touch(case)
    return row


@transaction.atomic
def remove(row: Part, *, by: User, may: May = May.EDIT_CASE) -> None:
    """Take a row off its case. What happened stays in the audit.

    Raises Stale where somebody changed the row after it was read: nobody removes what they did
    not see.
    """
    case = locked_case(row.case)
    require(by, may, case)
    refuse_held(case)
    if isinstance(row, Editable):
        unchanged(row, row.version)
    audit.record("removed", row, by=by, case=case)
    row.delete()
    touch(case)


def refuse_held(case: Case) -> None:
    """Raise Refused while a hold keeps all of this case."""
    if Hold.objects.in_force().filter(case=case).exists():
        raise Refused(_("This case is held: nothing of it is destroyed."))


def unchanged(row: AnyRow, version: int) -> AnyRow:
    """The row, locked, if it still has this version; else Stale: nothing is overwritten."""
    manager = type(row)._default_manager
    row = manager.select_for_update(of=("self",)).get(pk=row.pk)
    if row.version != version:
        raise Stale(row, _("Somebody else saved first. Nothing you typed is lost."))
    return row


def refuse_twice(model: type[models.Model], pk: UUID | None) -> None:
    """Under the lock of the case. Raises SavedAlready with the row that has this id."""
    if pk and (row := model._default_manager.filter(pk=pk).first()):
        raise SavedAlready(row, _("This was saved already."))


def touch(case: Case) -> None:
    """Whatever happens to a part of it, the case changed."""
    Case.objects.filter(pk=case.pk).update(changed_at=timezone.now())


def next_number(model: type[models.Model], case: Case) -> int:
    """Under the lock of the case; the number of a removed row may come back."""
    rows = model._default_manager.filter(case=case)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _split(
    model: type[models.Model], fields: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    many = {field.name for field in model._meta.many_to_many}
    plain = {name: value for name, value in fields.items() if name not in many}
    return plain, {name: value for name, value in fields.items() if name in many}


def _set_many(row: models.Model, many: Mapping[str, Iterable[models.Model]]) -> None:
    for name, values in many.items():
        getattr(row, name).set(values)


def _check(row: Part, case: Case, fields: Mapping[str, Any]) -> None:
    relations = [field.name for field in row._meta.fields if field.is_relation]
    row.full_clean(exclude=[*relations, "number"], validate_unique=False)
    for value in fields.values():
        for other in value if isinstance(value, list | tuple | models.QuerySet) else [value]:
            if getattr(other, "case_id", case.pk) != case.pk:
                raise Refused(_("What you link to belongs to another case."))
