"""What one request did to the database, whole; every name under which a row could be written."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.cache import cache as throttles
from django.db import connection, models, transaction

from accounts.models import User
from cases import looks
from tests.promises.chance import same_chance

Rows = Counter[tuple[str, str]]
# What the database itself throws or counts, and the same deed done twice has twice.
ITS_OWN = {"written_at", "hash", "previous", "position", "lane"}


class Done(NamedTuple):
    answer: Any
    written: Rows
    gone: Rows

    @property
    def diff(self) -> tuple[Rows, Rows]:
        return self.written, self.gone


def done(ask: Callable[[], Any], seed: str) -> Done:
    """One request and all rows of ours that it wrote or took away; then as if never asked.

    The clock stands still and the dice are thrown alike, so that the same deed leaves the same
    rows, down to their ids and to each byte of what is sealed.
    """
    throttles.clear()
    looks.take(User(), [seed])  # to reach the broker for the first time throws the dice too
    kept = files()
    with transaction.atomic(), same_chance(seed):
        before = stored()
        answer = ask()
        after = stored()
        transaction.set_rollback(True)
    for made in files() - kept:
        made.unlink()
    return Done(answer, after - before, before - after)


def files() -> set[Path]:
    return {path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()}


def standing_still() -> Any:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), tick=False)


def stored() -> Rows:
    """Every row of every table of ours."""
    with connection.cursor() as cursor:
        cursor.execute(_every_table())
        return Counter(cursor.fetchall())


@cache
def _every_table() -> str:
    named = {model._meta.db_table for model in ours()}
    tables = sorted({model._meta.db_table for model in ours(with_joins=True)})
    return " UNION ALL ".join(_rows_of(table, is_join=table not in named) for table in tables)


def _rows_of(table: str, *, is_join: bool) -> str:
    """A join has a number of its own, and the same deed done twice has two."""
    but = ", ".join(f"'{column}'" for column in sorted(ITS_OWN | ({"id"} if is_join else set())))
    return f"SELECT '{table}', (to_jsonb(r) - ARRAY[{but}])::text FROM {table} r"  # noqa: S608


def ours(*, with_joins: bool = False) -> list[type[models.Model]]:
    configs = [apps.get_app_config(name) for name in ("cases", "accounts")]
    return [m for config in configs for m in config.get_models(include_auto_created=with_joins)]


# What somebody would send beside what is asked ----------------------------------------------------


def every_name() -> dict[str, Any]:
    """The name and the column of each field of each model, with a value that would do harm."""
    found = {"pk": str(UUID(int=9)), "version": 999, "next_version": 999}
    for model in ours():
        for field in model._meta.get_fields():
            for name in {field.name, getattr(field, "attname", field.name)}:
                found.setdefault(name, _harm(field))
    return found


def _harm(field: Any) -> Any:
    if field.is_relation:
        row = field.related_model and field.related_model._default_manager.last()
        return str(row.pk) if row else str(UUID(int=9))
    if getattr(field, "choices", None):
        return str(list(field.choices)[-1][0])
    kinds: dict[type[Any], Any] = {
        models.BooleanField: True,
        models.DateTimeField: "2001-01-01T00:00:00Z",
        models.DateField: "2001-01-01",
        models.IntegerField: 4,
        models.UUIDField: str(UUID(int=9)),
    }
    return next((harm for kind, harm in kinds.items() if isinstance(field, kind)), "Overwritten")
