"""What every noun of ours has: an unguessable id, and, where people edit it, a version."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

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

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class PartOfCase(models.QuerySet):
    """Rows that belong to a case are seen by those who see the case, and by nobody else."""

    def visible_to(self, user: User) -> Self:
        cases = self.model._meta.get_field("case").related_model._default_manager
        return self.filter(case__in=cases.visible_to(user).values("pk"))
