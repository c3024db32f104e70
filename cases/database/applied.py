"""Bring the grants and policies of a database to what `rights` and `rows` say, again and again.

Runs after every `migrate`, as its owner, in one transaction: a new table has its rights before a
door can open on it, and a right that is taken out of the lists is taken from the role.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connections, models, transaction

from cases.database.rights import CONSOLE, PORTAL, ROLES, rights_of
from cases.database.rows import POLICIES, Rows

GROUND, CALLERS = (
    Path(__file__).with_name(name).read_text() for name in ("ground.sql", "callers.sql")
)
CALLER = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(")


def apply(using: str) -> None:
    """Raises what PostgreSQL says where the owner may not make a role that is missing."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    tables = {label: table for label, table in tables_of_models().items() if table in there}
    if not POLICIES.keys() <= tables.keys():
        return  # on the way from nothing to the whole schema, or back
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("\n".join(statements(tables)))


def tables_of_models() -> dict[str, str]:
    """Every table that a model stands for, those between two models too."""
    models_here: list[type[models.Model]] = apps.get_models(include_auto_created=True)
    return {model._meta.label: model._meta.db_table for model in models_here if model._meta.managed}


def statements(tables: dict[str, str]) -> Iterator[str]:
    yield GROUND
    for label, table in tables.items():
        for role in ROLES:
            if rights := rights_of(role, label):
                yield f"GRANT {', '.join(rights)} ON {table} TO {role};"
    yield CALLERS
    for name in CALLER.findall(CALLERS):
        yield f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;"
        yield f"GRANT EXECUTE ON FUNCTION {name}() TO {PORTAL};"
    for label, rows in POLICIES.items():
        yield from _policies(tables[label], rows)


def _policies(table: str, policies: tuple[Rows, ...]) -> Iterator[str]:
    """Of a table that several doors use: all rows for the house, and those that are listed."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    yield _policy(table, "house", f"{CONSOLE}, CURRENT_USER USING (true) WITH CHECK (true)")
    for one in policies:
        using = f" USING ({one.using})" if one.using else ""
        check = f" WITH CHECK ({one.check})" if one.check else ""
        name = f"{one.role.removeprefix('reprisals_')}_{one.command.lower()}"
        yield _policy(table, name, f"{one.role}{using}{check}", one.command)


def _policy(table: str, name: str, to: str, command: str = "ALL") -> str:
    return f"CREATE POLICY {name} ON {table} FOR {command} TO {to};"
