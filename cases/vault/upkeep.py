"""What is done to all that is sealed: open it, count its keys, put it under the key of today.

Sealed columns are found by walking the models and sealed files by walking the store: there is no
list in which one could be forgotten. What is said of a value is where it stands, never what.
"""

import operator
import time
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q

from cases import files
from cases.vault.errors import Closed, Tampered, VaultError
from cases.vault.fields import VERSION, SealedField, has_version, sealed_fields
from cases.vault.holding import Sealed
from cases.vault.keyring import Ring, ring_of
from cases.vault.sealing import key_id_of, rewrap

BATCH = 200  # rows locked at once, for some milliseconds
PASSES = 20  # for rows that a writer held when their batch came by
PAUSE = 0.5  # seconds between passes
FILE = "file"


class Found(NamedTuple):
    """Something sealed: where it stands, under which key, and why it does not open."""

    ring: Ring
    table: str
    column: str
    row: str
    key_id: str
    flaw: str = ""


class Key(NamedTuple):
    ring: Ring
    key_id: str


def nouns() -> Iterator[type[models.Model]]:
    """Every model that has a sealed column in a table of its own."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and sealed_fields(model):
            yield model


# Verify -----------------------------------------------------------------------------------------


def everything() -> Iterator[Found]:
    """Open each value and each file, and say of each whether it did. Memory stays constant."""
    for model in nouns():
        for row in _rows(model):
            for field in sealed_fields(model):
                if sealed := row.__dict__[field.attname]:
                    yield _tried(field, row, sealed)
    for ring in Ring:
        for pk in files.resting(ring):
            yield _tried_file(pk, ring)
    yield from _missing_files()


def _rows(model: type[models.Model]) -> Iterator[models.Model]:
    """In batches by key, so that no transaction stays open for hours."""
    names = [field.attname for field in sealed_fields(model)]
    rows = model._base_manager.only(*names, *([VERSION] if has_version(model) else []))
    batch = list(rows.order_by("pk")[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.order_by("pk").filter(pk__gt=batch[-1].pk)[:BATCH])


def _tried(field: SealedField[Any], row: models.Model, sealed: Sealed) -> Found:
    flaw = ""
    try:
        field.opened_form(row, sealed)
    except VaultError as error:
        flaw = _why(error)
    except ValueError:
        flaw = "opens, but is not what its column holds"
    place = (field.model._meta.db_table, str(field.column), str(row.pk))
    return Found(field.ring, *place, key_id_of(sealed.content[1:]), flaw)


def _tried_file(pk: Any, ring: Ring) -> Found:
    ids, flaw = ["?"], ""
    try:
        ids = files.key_ids(pk, ring) or ids
        for _piece in files.read(pk, ring):
            pass
    except (VaultError, OSError) as error:
        flaw = _why(error)
    return Found(ring, FILE, "content", str(pk), ids[0], flaw)


def _missing_files() -> Iterator[Found]:
    """Rows that stand for a file, as `ring` on their model says, and have none."""
    for model in apps.get_models():
        ring = getattr(model, "ring", None)
        if isinstance(ring, Ring):
            rows = {str(pk) for pk in model._base_manager.values_list("pk", flat=True)}
            for pk in sorted(rows - {str(pk) for pk in files.resting(ring)}):
                yield Found(ring, model._meta.db_table, FILE, pk, "?", "has no file")


def _why(error: Exception) -> str:
    return "altered, cut short, moved or put back" if isinstance(error, Tampered) else str(error)


# Which keys are needed --------------------------------------------------------------------------


def keys_in_use() -> Counter[Key]:
    """How many values and files lie under which key, as their heads say. Opens nothing."""
    found: Counter[Key] = Counter()
    for model in nouns():
        for field in sealed_fields(model):
            for key_id, number in _heads(field):
                found[Key(field.ring, key_id)] += number
    for ring in Ring:
        for pk in files.resting(ring):
            found.update(Key(ring, key_id) for key_id in files.key_ids(pk, ring))
    return found


def keys_missing() -> dict[Key, int]:
    """The keys that values and files lie under and that this process does not hold."""
    return {key: n for key, n in sorted(keys_in_use().items()) if key.key_id not in _held(key.ring)}


def keys_unused() -> list[Key]:
    """The keys that nothing lies under any more: they may be destroyed, with older backups."""
    used = keys_in_use()
    held = [Key(ring, key_id) for ring in Ring for key_id in _held(ring)]
    return [key for key in held if not used[key] and key.key_id != ring_of(key.ring).current]


def _held(ring: Ring) -> list[str]:
    try:
        return list(ring_of(ring).keys)
    except Closed:
        return []


def _heads(field: SealedField[Any]) -> list[tuple[str, int]]:
    table, column = (
        connection.ops.quote_name(name) for name in (field.model._meta.db_table, str(field.column))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT encode(substring({column} FROM 3 FOR get_byte({column}, 1)), 'escape'),"  # noqa: S608
            f" count(*) FROM {table} WHERE octet_length({column}) > 2 GROUP BY 1"
        )
        return list(cursor.fetchall())


# Put all under the key of today -----------------------------------------------------------------


class Progress(NamedTuple):
    table: str
    done: int
    flaws: list[Found]


def rewrap_all() -> Iterator[Progress]:
    """Batch by batch; whatever lies under the key of today is passed over, so it can be resumed.

    Writers go on: a batch locks some rows for a moment and waits for nobody; what a writer holds
    is come back for. Triggers that keep rows as they are do not fire: no text changes.
    Raises RingMissing before anything is done where a ring is not here.
    """
    for ring in Ring:
        ring_of(ring)
    for model in nouns():
        yield from _rewrap_rows(model)
    for ring in Ring:
        yield from _rewrap_files(ring)


def _rewrap_rows(model: type[models.Model]) -> Iterator[Progress]:
    table, broken = model._meta.db_table, set[Any]()
    for _pass in range(PASSES):
        last = None
        while (batch := _rewrap_batch(model, last, broken))[0]:
            last, progress = batch[0], batch[1]
            yield progress
        if not _elsewhere(model).exclude(pk__in=broken).exists():
            return
        time.sleep(PAUSE)
    held = _elsewhere(model).exclude(pk__in=broken).values_list("pk", flat=True)
    yield Progress(table, 0, [_found(model, pk, "held by a writer; run again") for pk in held])


def _elsewhere(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows with a value under another key than that of today."""
    other = (
        Q(**{f"{field.attname}__blank": False})
        & ~Q(**{f"{field.attname}__sealed_by": ring_of(field.ring).current})
        for field in sealed_fields(model)
    )
    return model._base_manager.filter(reduce(operator.or_, other)).order_by("pk")


def _rewrap_batch(model: type[models.Model], last: Any, broken: set[Any]) -> tuple[Any, Progress]:
    """Where it came to, None at the end, and what it did."""
    names = [field.attname for field in sealed_fields(model)]
    after = {} if last is None else {"pk__gt": last}
    progress = Progress(model._meta.db_table, 0, [])
    with transaction.atomic(), pgtrigger.ignore():
        rows = _elsewhere(model).filter(**after).exclude(pk__in=broken)
        batch = list(rows.select_for_update(skip_locked=True).values("pk", *names)[:BATCH])
        for row in batch:
            try:
                model._base_manager.filter(pk=row["pk"]).update(**_rewrapped(model, row))
            except VaultError as error:
                broken.add(row["pk"])
                progress.flaws.append(_found(model, row["pk"], _why(error)))
    return (batch[-1]["pk"] if batch else None), progress._replace(
        done=len(batch) - len(progress.flaws)
    )


def _rewrapped(model: type[models.Model], row: dict[str, Any]) -> dict[str, Sealed]:
    found = {}
    for field in sealed_fields(model):
        sealed = row[field.attname]
        if sealed and key_id_of(sealed.content[1:]) != ring_of(field.ring).current:
            found[field.attname] = Sealed(rewrap(sealed.content, field.ring))
    return found


def _rewrap_files(ring: Ring) -> Iterator[Progress]:
    done, flaws = 0, []
    for pk in files.resting(ring):
        try:
            done += files.rewrap(pk, ring)
        except FileNotFoundError:
            continue  # taken off meanwhile
        except (VaultError, OSError) as error:
            flaws.append(Found(ring, FILE, "content", str(pk), "?", _why(error)))
    yield Progress(f"{ring.value} files", done, flaws)


def _found(model: type[models.Model], pk: Any, flaw: str) -> Found:
    names = ", ".join(str(field.column) for field in sealed_fields(model))
    return Found(sealed_fields(model)[0].ring, model._meta.db_table, names, str(pk), "?", flaw)
