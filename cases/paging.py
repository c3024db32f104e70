"""Pages by key: as fast at the end of a long list as at its beginning, and stable meanwhile.

A page is known by the row beside it. The mark of that row travels in the address, signed, so that
the address can be shared and nothing else can be put in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)
# Counting further takes longer than anybody waits, and tells nothing more.
MOST_COUNTED = 1000


class Column(NamedTuple):
    """One column of an order. Rows without a value stand last, whichever way it runs."""

    field: str
    descending: bool = False
    nullable: bool = False


# The last column is unique, so that no two rows stand in the same place.
Order = Sequence[Column]


@dataclass(frozen=True)
class Page(Generic[M]):
    """`before` and `after` are the marks of the neighbours, "" where there is none.

    `lost`: the mark asked for was no mark of this order, or nothing stands there any more; the
    rows are those of the first page. `capped`: there are more than `count`.
    """

    rows: list[M]
    before: str
    after: str
    count: int
    capped: bool
    lost: bool = False


def page_of(
    queryset: QuerySet[M], order: Order, size: int, *, after: str = "", before: str = ""
) -> Page[M]:
    """The rows after one mark or before another, the first ones where neither is given."""
    count = queryset.order_by()[: MOST_COUNTED + 1].count()
    mark, back = after or before, bool(before and not after)
    values = _values(mark, order) if mark else None
    rows = _rows(queryset, order, size, values, back=back)
    lost = bool(mark) and (values is None or not rows)
    if lost:
        values, back = None, False
        rows = _rows(queryset, order, size, None, back=False)
    more = len(rows) > size
    rows = rows[:size][::-1] if back else rows[:size]
    begins, ends = (not more, False) if back else (values is None, not more)
    return Page(
        rows,
        before="" if begins or not rows else mark_of(rows[0], order),
        after="" if ends or not rows else mark_of(rows[-1], order),
        count=min(count, MOST_COUNTED),
        capped=count > MOST_COUNTED,
        lost=lost,
    )


def mark_of(row: Model, order: Order) -> str:
    """Where a row stands in this order, as a word for an address."""
    return signing.dumps([_written(row, column.field) for column in order], salt=_salt(order))


def _written(row: Model, name: str) -> str | None:
    field: Any = row._meta.get_field(name)
    return None if getattr(row, field.attname) is None else field.value_to_string(row)


def _salt(order: Order) -> str:
    return "page:" + ",".join(f"{'-' * column.descending}{column.field}" for column in order)


def _values(mark: str, order: Order) -> list[str | None] | None:
    try:
        return list(signing.loads(mark, salt=_salt(order)))
    except signing.BadSignature:
        return None


def _rows(
    queryset: QuerySet[M], order: Order, size: int, values: list[str | None] | None, *, back: bool
) -> list[M]:
    """One more than a page holds, which tells whether there are more."""
    if values is not None:
        queryset = queryset.filter(_beyond(order, values, back=back))
    return list(queryset.order_by(*(_sorted(column, back) for column in order))[: size + 1])


def _sorted(column: Column, back: bool) -> str | OrderBy:
    descending = column.descending != back
    if not column.nullable:
        return f"{'-' * descending}{column.field}"
    places = {"nulls_first": True} if back else {"nulls_last": True}
    return F(column.field).desc(**places) if descending else F(column.field).asc(**places)


def _beyond(order: Order, values: Sequence[str | None], *, back: bool) -> Q:
    """Rows farther along than the one with these values; `>=` beside `>` lets an index begin."""
    column, value = order[0], values[0]
    rest = _beyond(order[1:], values[1:], back=back) if order[1:] else Q(pk__in=[])
    empty = Q(**{f"{column.field}__isnull": True})
    if value is None:
        return (~empty | (empty & rest)) if back else (empty & rest)
    step = "lt" if column.descending != back else "gt"
    farther = Q(**{f"{column.field}__{step}": value})
    here = Q(**{f"{column.field}__{step}e": value})
    if column.nullable and not back:
        return farther | empty | (Q(**{column.field: value}) & rest)
    return here & (farther | rest)
