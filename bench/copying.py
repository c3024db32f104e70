"""Rows of a model into PostgreSQL by COPY, sealed as the model seals them, without its saves."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils.timezone import now

from cases.vault import SealedJSONField, SealedTextField
from cases.vault.fields import has_version
from cases.vault.sealing import Place, seal

Values = Mapping[str, Any]
NOTHING = r"\N"
SPECIAL = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Rows:
    """Lines for one table. Columns that a row does not give have the default of their field."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        columns = model._meta.concrete_fields
        self.fields = [field for field in columns if not isinstance(field, models.AutoField)]
        self.lines: list[str] = []

    def add(self, **values: Any) -> None:
        line = [self._written(field, values) for field in self.fields]
        self.lines.append("\t".join(line))

    def _written(self, field: "models.Field[Any, Any]", values: Values) -> str:
        name = field.attname
        if name not in values:
            return standard(field)
        value = values[name]
        if isinstance(field, SealedTextField | SealedJSONField):
            return written(self._sealed(field, value, values))
        return written(value)

    def _sealed(self, field: Any, value: Any, values: Values) -> bytes:
        if not value:
            return b""
        version = values.get("version", 1) if has_version(self.model) else None
        row = values[self.model._meta.pk.attname]
        place = Place(self.model._meta.db_table, str(field.column), row, version)
        return seal(field.codec.encode(value), place, field.ring)

    def put(self) -> None:
        """Send the lines and forget them."""
        copy(self.model, [str(field.column) for field in self.fields], self.lines)
        self.lines.clear()


class Book:
    """The tables of a run, in the order in which they are filled."""

    def __init__(self, tables: Iterable[type[models.Model]]) -> None:
        self.rows = {model: Rows(model) for model in tables}

    def adder(self, model: type[models.Model]) -> Callable[..., None]:
        return self.rows[model].add

    def put(self) -> None:
        for rows in self.rows.values():
            rows.put()


def copy(model: type[models.Model], columns: Iterable[str], lines: Iterable[str]) -> None:
    """Lines as `written` makes them, into these columns of the table."""
    names = ", ".join(f'"{column}"' for column in columns)
    command = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as to:
        for line in lines:
            to.write(line + "\n")


@cache
def standard(field: "models.Field[Any, Any]") -> str:
    """What a new row has in this column. Sealed columns are empty, moments are now."""
    if isinstance(field, SealedTextField | SealedJSONField):
        return written(b"")
    if getattr(field, "auto_now", False):
        return written(now())
    return written(field.get_default())


def written(value: Any) -> str:
    """A value as COPY reads it."""
    if isinstance(value, bool) or value is None:
        return {None: NOTHING, True: "t", False: "f"}[value]
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, date):  # also a moment
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    text = json.dumps(value) if isinstance(value, dict) else str(value)
    return text.translate(SPECIAL)
