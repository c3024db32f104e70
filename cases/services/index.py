"""Making the index anew: for a new search key, for other rules, for rows that have none."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models, transaction

from cases.models import Identity, NameIndex, TextIndex
from cases.models.index import Searched, index_names, index_text, made_by
from cases.vault import VaultError

BATCH = 200


class Done(NamedTuple):
    """One row: what it is, and whether its words could be read."""

    row: models.Model
    well: bool


def reindex() -> Iterator[Done]:
    """Every row whose words are not those of today's key and rules.

    A transaction for each: it can be broken off and begun again, beside people at work. A row that
    cannot be opened is told and passed over. The old key may leave the ring once all went well.
    """
    for model in sorted(Searched.__subclasses__(), key=lambda model: model.__name__):
        yield from _anew(model, TextIndex, index_text)
    yield from _anew(Identity, NameIndex, index_names)


def _anew(model: type[models.Model], index: type[models.Model], put: Any) -> Iterator[Done]:
    done = index._default_manager.filter(made_by=made_by()).values("pk")
    stale, last = model._default_manager.exclude(pk__in=done).order_by("pk"), None
    while batch := list((stale.filter(pk__gt=last) if last else stale).only("pk")[:BATCH]):
        for row in batch:
            yield Done(row, _put(model, row.pk, put))
        last = batch[-1].pk


@transaction.atomic
def _put(model: type[models.Model], pk: Any, put: Any) -> bool:
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    try:
        if row is not None:
            put(row)
    except VaultError:
        return False
    return True
