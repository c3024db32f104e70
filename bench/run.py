"""Fill, measure, report: what the child process does, with Django set up."""

import json
import os
from pathlib import Path

from django.core.management import call_command

from bench.fill import fill
from bench.house import House
from bench.measure import measure
from bench.pages import ROLES
from bench.protection import protection
from bench.report import compared, load, page, results

VAR = Path(__file__).resolve().parent.parent / "var"


def run(number: int, compare: str) -> None:
    folder = Path(os.environ["BENCH_FOLDER"])
    fill(number, folder, _say)
    call_command("collectstatic", interactive=False, verbosity=0)
    house = House(folder, dict(os.environ))
    roles = os.environ.get("ROLES", "").split(",") if os.environ.get("ROLES") else list(ROLES)
    costs = [row._asdict() for row in protection()]
    found = results(number, measure(house, roles, _say), costs)
    (folder / "results.json").write_text(json.dumps(found, indent=1))
    (VAR / "bench.json").write_text(json.dumps(found, indent=1))
    others = [load(path) for path in VAR.glob("bench-*/results.json") if path.parent != folder]
    (VAR / "bench.md").write_text(page(found, others))
    if compare:
        _say(compared(load(Path(compare)), found))
    _say(f"The report is in {VAR / 'bench.md'}.")


def _say(text: str) -> None:
    print(text, flush=True)
