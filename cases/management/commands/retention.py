"""Report which closed cases are due to end, and what would go. It never acts by itself."""

import csv
import sys
from argparse import ArgumentParser
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases import retention

COLUMNS = ["case", "state", "verification", "due_on", "deed", "rows"]


class Command(BaseCommand):
    help = (
        "A dry run of retention: closed cases that are due, as CSV. Two reviewers sign, not this."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--report", help="a file to write; else the screen")

    def handle(self, *_args: Any, report: str | None, **_options: Any) -> None:
        if report is None:
            self._write(sys.stdout)
            return
        with open(report, "w", newline="") as file:  # noqa: PTH123  a path of the administrator's
            self._write(file)

    def _write(self, file: TextIO) -> None:
        """Ids and codes: whoever runs the machines sees no case."""
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for case in retention.due(timezone.now()).iterator():
            deed, rows = retention.deed_for(case), sum(retention.inventory(case).values())
            day = retention.due_on(case).date()
            lines.writerow([case.pk, case.state_id, case.verification, day, deed.value, rows])
