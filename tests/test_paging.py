"""Pages by key: every row once, forwards and backwards, whatever happens in between."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from cases import paging
from cases.models import Case, State
from cases.paging import Column, mark_of, page_of
from tests.factories import OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db

DUE, ID = Column("due_at", nullable=True), Column("id")
ORDERS = {
    "due": (DUE, ID),
    "latest due": (Column("due_at", descending=True, nullable=True), ID),
    "changed": (Column("changed_at", descending=True), ID),
    "received": (Column("received_on", descending=True), ID),
    "severity": (Column("severity", descending=True), DUE, ID),
    "id": (ID,),
}


def make(number, **fields):
    """Cases with ties in every column, and gaps in the one that may be empty."""
    office, by = OfficeFactory(), UserFactory()
    state, __ = State.objects.get_or_create(
        iso3="XAA", defaults={"names": {"en": "Ardania"}, "status": "synthetic"}
    )
    now, chance = timezone.now(), random.Random(7)  # noqa: S311  the same rows each time
    rows = [
        Case(
            office=office,
            state=state,
            recorded_by=by,
            severity=chance.randint(1, 4),
            received_on=dt.date(2026, 1, 1) + dt.timedelta(days=chance.randint(0, 5)),
            due_at=chance.choice([None, now, now + dt.timedelta(hours=chance.randint(0, 9))]),
            **fields,
        )
        for _ in range(number)
    ]
    return Case.objects.bulk_create(rows)


def walk(order, size, queryset=None):
    """Every page from the first to the last."""
    cases = Case.objects.all() if queryset is None else queryset
    page = page_of(cases, order, size)
    while True:
        assert not page.lost
        yield page
        if not page.after:
            return
        page = page_of(cases, order, size, after=page.after)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_each_row_stands_on_one_page_in_its_order(order):
    made = make(53)

    seen = [case for page in walk(order, 10) for case in page.rows]

    sorted_at_once = Case.objects.order_by(*(paging._sorted(column, False) for column in order))
    assert seen == list(sorted_at_once)
    assert len(seen) == len(made)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_way_back_shows_the_same_pages(order):
    make(53)
    there = list(walk(order, 10))

    back = [there[-1]]
    while back[-1].before:
        back.append(page_of(Case.objects.all(), order, 10, before=back[-1].before))

    assert [page.rows for page in back] == [page.rows for page in reversed(there)]
    assert all(page.after for page in back[1:])


def test_rows_without_a_value_come_last_both_ways():
    make(30)

    for order in (ORDERS["due"], ORDERS["latest due"]):
        empty = [case.due_at is None for page in walk(order, 7) for case in page.rows]
        assert empty == sorted(empty)
        assert any(empty)


def test_a_row_that_comes_meanwhile_repeats_none():
    """By number the rows would have moved one page along."""
    make(20)
    order = ORDERS["severity"]
    first = page_of(Case.objects.all(), order, 10)
    make(5, kind="situation")

    second = page_of(Case.objects.all(), order, 10, after=first.after)

    assert not {case.pk for case in first.rows} & {case.pk for case in second.rows}


def test_the_row_beside_a_page_may_be_gone():
    make(20)
    order = ORDERS["due"]
    first = page_of(Case.objects.all(), order, 5)
    rest = list(Case.objects.order_by(paging._sorted(DUE, False), "id"))[5:]
    first.rows[-1].delete()

    assert page_of(Case.objects.all(), order, 5, after=first.after).rows == rest[:5]


def test_one_page_has_no_neighbours():
    make(5)

    page = page_of(Case.objects.all(), ORDERS["due"], 5)

    assert (page.before, page.after, page.count, page.capped) == ("", "", 5, False)


def test_counting_ends_where_it_would_take_too_long(monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 10)
    make(11)

    page = page_of(Case.objects.all(), ORDERS["due"], 3)

    assert (page.count, page.capped) == (10, True)
    assert page_of(Case.objects.filter(pk=page.rows[0].pk), ORDERS["due"], 3).capped is False


@pytest.mark.parametrize("mark", ["x", "x:y:z", "\x00", "a" * 5000, ":", "W10:1:"])
def test_a_mark_that_is_none_shows_the_first_page_and_says_so(mark):
    make(8)
    first = page_of(Case.objects.all(), ORDERS["due"], 5)

    for asked in ({"after": mark}, {"before": mark}):
        page = page_of(Case.objects.all(), ORDERS["due"], 5, **asked)
        assert page.lost
        assert (page.rows, page.after, page.before) == (first.rows, first.after, "")


def test_a_mark_of_another_order_is_none():
    make(8)
    by_due = page_of(Case.objects.all(), ORDERS["due"], 5)

    assert page_of(Case.objects.all(), ORDERS["changed"], 5, after=by_due.after).lost
    assert page_of(Case.objects.all(), ORDERS["latest due"], 5, after=by_due.after).lost


def test_a_page_that_emptied_shows_the_first_one():
    make(8)
    last = Case.objects.order_by("-id").first()

    page = page_of(Case.objects.all(), ORDERS["id"], 5, after=mark_of(last, ORDERS["id"]))

    assert page.lost
    assert len(page.rows) == 5
