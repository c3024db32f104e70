from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases import anchors, chain, proof
from cases.chain import Finding

BROKEN = 1


class Command(BaseCommand):
    help = "Prove that the audit is as it was written: exit code 0, or 1 and what is wrong where."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser("verify", help="walk all chains and hold them to the anchors")
        verify.add_argument("--since", type=_moment, help="from the last anchor before this moment")
        verify.add_argument("--without-anchors", action="store_true", help="the chains alone")
        actions.add_parser("anchor", help="sign where the chains stand now")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "anchor":
            anchor = anchors.drop(timezone.now())
            return self.stdout.write(f"Anchored {_lanes(len(anchor.heads))} at {anchor.at}.")
        start = _start(options["since"])
        anchored = None if options["without_anchors"] else anchors.last()
        if anchored is None and not options["without_anchors"]:
            raise CommandError("There is no anchor: see --without-anchors.", returncode=BROKEN)
        number, found = proof.verify(start, with_anchors=bool(anchored), walked=self._walked)
        for finding in found:
            self.stderr.write(self.style.ERROR(said(finding)))
        if found:
            raise CommandError(f"{len(found)} findings in {number} rows.", returncode=BROKEN)
        until = f", anchored until {anchored.at:%Y-%m-%d %H:%M:%S %Z}" if anchored else ""
        return self.stdout.write(f"The audit is whole: {number} rows{until}.")

    def _walked(self, number: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{number} rows", ending="")


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise CommandError(f"{text!r} is no moment; write 2030-01-31T12:00")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _start(since: datetime | None) -> dict[int, chain.Head]:
    if since is None:
        return {}
    anchor = anchors.before(since)
    if anchor is None:
        raise CommandError(f"There is no anchor before {since}.")
    return anchor.heads


def _lanes(number: int) -> str:
    return "1 lane" if number == 1 else f"{number} lanes"


def said(finding: Finding) -> str:
    """One line: which row, what is wrong with it, by which anchor."""
    by = f" [{finding.anchor}]" if finding.anchor else ""
    if finding.lane < 0:
        return f"anchor{by}: {finding.what}"
    row = f"lane {finding.lane} position {finding.position}"
    name = f" id {finding.event}" if finding.event else ""
    since = "" if finding.since is None else f"; anchored unharmed until position {finding.since}"
    return f"{row}{name}: {finding.what}{since}{by}"
