"""How long a page takes, first and again, alone and among others, beside its bare SQL."""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

from bench.house import House
from bench.pages import EMPTY, Page, pages_of, searches_of, who
from bench.visitor import Visitor

# Asked so often, or for so many seconds.
TIMES, MOST_SECONDS, AGAIN = 15, 6.0, 5
OK = 200


@dataclass
class Measured:
    """Milliseconds. `bare` is the same SELECTs without the house, `empty` the page of nothing."""

    door: str
    role: str
    name: str
    cold: float
    median: float
    p95: float
    queries: int
    bare: float
    empty: float

    @property
    def to_empty(self) -> float:
        return self.median / self.empty

    @property
    def to_bare(self) -> float:
        return self.median / (self.bare + self.empty)


def measure(house: House, roles: Iterable[str], say: Callable[[str], None]) -> Iterator[Measured]:
    """Every page of these roles, one client."""
    with house.open(processes=2) as family:
        for role in roles:
            door, email = who(role)
            visitor = Visitor(door, email)
            _await(visitor)
            family.watch(until=lambda: True)
            visitor.sign_in()
            empty = median(_times(visitor, EMPTY))
            pages = list(pages_of(role))
            say(f"· {role}: {len(pages)} addresses")
            for page in [*pages, *_searches(visitor, role)]:
                if one := _measured(house, visitor, page, empty):
                    yield one


def _measured(house: House, visitor: Visitor, page: Page, empty: float) -> Measured | None:
    first = visitor.get(page.path, keep="page")
    if first.status != OK:
        return None
    times = _times(visitor, page.path)
    return Measured(
        page.door,
        page.role,
        page.name,
        cold=first.seconds * 1000,
        median=median(times),
        p95=quantiles(times, n=20)[-1],
        queries=first.queries,
        bare=_bare(house, page.door, house.queries / "page"),
        empty=empty,
    )


def _times(visitor: Visitor, path: str) -> list[float]:
    times: list[float] = []
    end = time.monotonic() + MOST_SECONDS
    while len(times) < TIMES and (len(times) < 2 or time.monotonic() < end):  # noqa: PLR2004
        times.append(visitor.get(path).seconds * 1000)
    return times


def _await(visitor: Visitor) -> None:
    """Until the door answers: its processes start."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if visitor.get("/accounts/login/").status == OK:
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"The {visitor.door} did not start")


# Search comes by POST; what it leads to is a list as any other --------------------------------


def _searches(visitor: Visitor, role: str) -> Iterator[Page]:
    for name, fields in searches_of(role):
        answer = visitor.post("/cases/search/", fields, form="/cases/")
        if answer.location.startswith("/cases/?"):
            yield Page(visitor.door, role, name, answer.location)


# The same rows without the house --------------------------------------------------------------


def _bare(house: House, door: str, kept: Path) -> float:
    """The page's own SELECTs, one after the other on one plain connection: the median sum."""
    queries = [(sql, params) for sql, params in pickle.loads(kept.read_bytes()) if _reads(sql)]  # noqa: S301  our own file
    address = house.environment_of(door)["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as own:
        return median(_once(own, queries) for _ in range(AGAIN))


def _reads(sql: str) -> bool:
    return sql.lstrip("( ").startswith("SELECT") and "FOR UPDATE" not in sql


def _once(own: psycopg.Connection[Any], queries: Sequence[tuple[str, Any]]) -> float:
    begun = time.perf_counter()
    for sql, params in queries:
        own.execute(sql, params).fetchall()
    return (time.perf_counter() - begun) * 1000
