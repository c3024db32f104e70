"""What every noun of ours has: an unguessable id, and, where people edit it, a version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.vault import VersionField, written_together

if TYPE_CHECKING:
    from accounts.models import User


@models.UUIDField.register_lookup
class AnyOf(models.Lookup):
    """id = ANY(ARRAY(subquery)): run once, then an index can serve it beside an OR."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


def array_of(queryset: models.QuerySet, field: str) -> ArraySubquery:
    return ArraySubquery(queryset.order_by().values(field))


def changed_but(*columns: str, when: str = "true") -> pgtrigger.Condition:
    """Something changed in a row beside these columns, for a trigger that freezes it."""
    old, new = (f"(to_jsonb({row}) - ARRAY{list(columns)})" for row in ("OLD", "NEW"))
    return pgtrigger.Condition(f"{when} AND {old} IS DISTINCT FROM {new}")


class Noun(models.Model):
    """Known before it is stored, so that what is sealed can be bound to its row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Editable(Noun):
    """Carries a version: the second of two writers is told and overwrites nothing."""

    version = VersionField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save(self, **how: Any) -> None:
        """Part of a row may be saved, but never its version without what is sealed under it."""
        if (names := how.get("update_fields")) is not None:
            how["update_fields"] = written_together(type(self), names)
        super().save(**how)


class Part(Noun):
    """Belongs to one case, as `case` says."""

    case: models.ForeignKey[Any, Any]
    # Days that lie behind us when they are written down.
    past_days: ClassVar[Sequence[str]] = ()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        today = timezone.localdate()
        days = {name: getattr(self, name) for name in self.past_days}
        if early := [name for name, day in days.items() if day and day > today]:
            raise ValidationError(dict.fromkeys(early, _("This day is still to come.")))


class EditablePart(Part, Editable):
    case_id: UUID

    class Meta:
        abstract = True


class Numbered(models.Model):
    """Counted within its case, from one: V-1, S-2, E-3."""

    number = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        abstract = True


class PartOfCase(models.QuerySet[Any]):
    """Rows that belong to a case are seen by those who see the case, and by nobody else."""

    def visible_to(self, user: User) -> Self:
        cases: Any = apps.get_model("cases", "Case")
        return self.filter(case__in=cases.objects.visible_to(user).values("pk"))
