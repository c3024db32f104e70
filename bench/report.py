"""What was measured, as a page to read and as JSON to compare with."""

import json
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Measured

# How many times a page may take what one that fetches nothing takes, and what its own bare SQL and
# that page take together; how far its slow answers may lie from the middle.
MOST_TO_EMPTY, MOST_TO_BARE, MOST_TAIL = 3.0, 2.0, 3.0
MOST_NAMED = 15
Results = dict[str, Any]


def results(number: int, measured: Iterable[Measured], costs: list[dict[str, Any]]) -> Results:
    return {
        "cases": number,
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, {_cores()} cores, {_memory()} GB",
        "pages": [asdict(one) for one in measured],
        "protection": costs,
    }


def page(found: Results, others: Iterable[Results]) -> str:
    return "\n".join(
        [
            f"# How fast, with {found['cases']:,} cases",
            "",
            f"Made by `make bench` on {found['date']}: {found['machine']}, a PostgreSQL that waits"
            " for the disk, two processes of two threads at each door, one client. Milliseconds.",
            "*Empty* is an authenticated page that fetches nothing; *bare* is the page's own"
            " SELECTs on one plain connection.",
            "",
            *_missed(found),
            *_protection(found),
            *_pages(found),
            *_curve([*others, found]),
        ]
    )


def _pages(found: Results) -> Iterable[str]:
    yield "## Every page, as each role"
    yield ""
    yield "| role | page | cold | median | p95 | queries | bare | × empty | × bare + empty |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    for row in found["pages"]:
        one = Measured(**row)
        yield (
            f"| {one.role} | {one.name} | {one.cold:.0f} | {one.median:.1f} | {one.p95:.1f} |"
            f" {one.queries} | {one.bare:.1f} | {one.to_empty:.1f} | {one.to_bare:.1f} |"
        )
    yield ""


def _protection(found: Results) -> Iterable[str]:
    yield "## What the audit and the vault cost"
    yield ""
    yield "| what | median | p95 | in a second |"
    yield "|---|---:|---:|---:|"
    for row in found["protection"]:
        rate = "" if row["rate"] is None else round(row["rate"])
        yield f"| {row['what']} | {row['median']:.2f} | {row['p95']:.2f} | {rate} |"
    yield ""


def _missed(found: Results) -> Iterable[str]:
    every = [Measured(**row) for row in found["pages"]]
    asks: list[tuple[str, Callable[[Measured], bool]]] = [
        (f"over {MOST_TO_EMPTY:.0f}× empty", lambda one: one.to_empty > MOST_TO_EMPTY),
        (f"over {MOST_TO_BARE:.0f}× bare + empty", lambda one: one.to_bare > MOST_TO_BARE),
        (f"p95 over {MOST_TAIL:.0f}× the median", lambda one: one.p95 > MOST_TAIL * one.median),
    ]
    yield "## Targets"
    yield ""
    for words, missed in asks:
        late = [one for one in every if missed(one)]
        yield f"- {len(every) - len(late)} of {len(every)} meet the target, {len(late)} are {words}"
        for one in sorted(late, key=lambda one: -one.median)[:MOST_NAMED]:
            times = f"{one.median:.0f} ms, {one.to_empty:.1f}× empty, p95 {one.p95:.0f} ms"
            yield f"  - {one.role}, {one.name}: {times}"
    yield ""


def _curve(every: Iterable[Results]) -> Iterable[str]:
    sizes = sorted(every, key=lambda found: found["cases"])
    yield "## With ten times as many cases"
    yield ""
    yield "| role | page | " + " | ".join(f"{one['cases']:,}" for one in sizes) + " |"
    yield "|---|---|" + "---:|" * len(sizes)
    of = [{(row["role"], row["name"]): row["median"] for row in one["pages"]} for one in sizes]
    for key in of[-1]:
        if all(key in one for one in of):
            yield f"| {key[0]} | {key[1]} | " + " | ".join(f"{one[key]:.1f}" for one in of) + " |"
    yield ""


def compared(old: Results, new: Results) -> str:
    """What became slower or faster by more than a fifth."""
    before = {(row["role"], row["name"]): row for row in old["pages"]}
    lines = ["| role | page | before | now | × |", "|---|---|---:|---:|---:|"]
    for row in new["pages"]:
        was = before.get((row["role"], row["name"]))
        if was and not 0.8 < row["median"] / was["median"] < 1.2:  # noqa: PLR2004  a fifth
            change = row["median"] / was["median"]
            lines.append(
                f"| {row['role']} | {row['name']} | {was['median']:.1f} | {row['median']:.1f} |"
                f" {change:.2f} |"
            )
    ratio = median(
        row["median"] / before[key]["median"]
        for row in new["pages"]
        if (key := (row["role"], row["name"])) in before
    )
    return "\n".join([*lines, "", f"All pages: {ratio:.2f} of before, at the median."])


def load(path: Path) -> Results:
    return dict(json.loads(path.read_text()))


def _cores() -> int:
    return os.cpu_count() or 1


def _memory() -> int:
    kilobytes = Path("/proc/meminfo").read_text().split()[1]
    return round(int(kilobytes) / 2**20)
