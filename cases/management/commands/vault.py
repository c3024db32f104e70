"""`manage.py vault …`: the keys and all that lies under them. docs/keys.md says when and why."""

import csv
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Q

from accounts.models import User
from cases import audit, disclosure
from cases.models import Case, Identity
from cases.services import shredding
from cases.vault import VaultError, ringfiles, upkeep
from cases.vault.upkeep import Found
from cases.vocabulary import ShredReason

RINGS = ringfiles.RINGS
NEXT = {
    "vault": "manage.py vault rewrap",
    "portal": "manage.py vault rewrap",
    "search": "manage.py reindex",
    "submission": "give submission_public_key to the submission door and start it anew",
}


class Command(BaseCommand):
    help = "Make, change, divide and bring back the keys; open, count and re-wrap what they seal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("init", help="make the key rings of a new house")
        make.add_argument("folder", type=Path)
        verbs.add_parser("verify", help="open everything; say what does not open")
        rotate = verbs.add_parser("rotate", help="give a ring a new key that seals from now on")
        rotate.add_argument("--ring", choices=RINGS, default="vault")
        verbs.add_parser("rewrap", help="put everything under the key of today, beside the work")
        split = verbs.add_parser("split", help="divide the way back to the rings among five")
        split.add_argument("folder", type=Path)
        split.add_argument("--to", type=Path, required=True, help="where the shares are written")
        restore = verbs.add_parser("restore", help="bring the rings back from three shares")
        restore.add_argument("folder", type=Path)
        restore.add_argument("shares", type=Path, nargs="*", help="files; else they are typed in")
        account = verbs.add_parser("account", help="list what is sealed about a case or a person")
        account.add_argument("reference", help="of the case")
        account.add_argument("code", nargs="?", help="of one person or source: V-1, S-1")
        shred = verbs.add_parser("shred", help="destroy who one person or source is")
        shred.add_argument("reference", help="of the case")
        shred.add_argument("code", help="of the person or source: V-1, S-1")
        shred.add_argument("--by", required=True, help="e-mail of the custodian who decided it")
        shred.add_argument("--reason", required=True, choices=ShredReason.values)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except (VaultError, OSError, PermissionDenied) as error:
            raise CommandError(str(error)) from None

    def init(self, folder: Path, **_: Any) -> None:
        for path in ringfiles.init(folder):
            self.stdout.write(f"made {path}")
        self.stdout.write("Now divide them among five people: manage.py vault split")

    def verify(self, **_: Any) -> None:
        opened: Counter[tuple[str, str]] = Counter()
        flaws = 0
        for found in upkeep.everything():
            opened[found.ring.value, found.key_id] += not found.flaw
            flaws += bool(found.flaw)
            self._tell(found)
        for (ring, key_id), number in sorted((+opened).items()):
            self.stdout.write(f"{ring} {key_id}: {number} open")
        for key, number in upkeep.keys_missing().items():
            self.stdout.write(f"{key.ring.value} {key.key_id}: key missing, {number} need it")
        if flaws:
            raise CommandError(f"{flaws} do not open. What to do: docs/keys.md")
        self.stdout.write("Everything opens.")

    def rotate(self, ring: str, **_: Any) -> None:
        source = settings.KEY_RINGS[ring]
        if not isinstance(source, Path):
            raise CommandError(
                f"The ring {ring} does not come from a file here. Put a new key before the others"
                " where it comes from, and start the processes anew."
            )
        self.stdout.write(f"{ringfiles.rotate(source, ring)} seals from now on.")
        self.stdout.write(f"Now: {NEXT[ring]}")

    def rewrap(self, **_: Any) -> None:
        flaws = 0
        for progress in upkeep.rewrap_all():
            if progress.done:
                self.stdout.write(f"{progress.table}: {progress.done}")
            for found in progress.flaws:
                flaws += 1
                self._tell(found)
        for key in upkeep.keys_unused():
            self.stdout.write(f"{key.ring.value} {key.key_id}: nothing lies under this key now")
        if flaws:
            raise CommandError(f"{flaws} were left as they are.")
        self.stdout.write("Everything lies under the keys of today.")

    def split(self, folder: Path, to: Path, **_: Any) -> None:
        for path in ringfiles.split(folder, to):
            self.stdout.write(f"made {path}")
        self.stdout.write(
            "Give each to another person, on paper, and destroy the files. Any three bring the"
            f" rings back, with the *.recovery files of {folder}: keep those with the backups."
        )

    def restore(self, folder: Path, shares: list[Path], **_: Any) -> None:
        typed = sys.stdin.read().splitlines() if not shares else []
        words = [path.read_text() for path in shares] or [line for line in typed if line.strip()]
        for path in ringfiles.restore(folder, words):
            self.stdout.write(f"brought back {path}")

    def account(self, reference: str, code: str | None, **_: Any) -> None:
        """CSV, so that it can be kept with the order it answers. Opens nothing, needs no key."""
        case = Case.objects.filter(reference=reference).first()
        about = disclosure.subject_of(case, code) if case and code else case
        if case is None or about is None:
            raise CommandError("There is no such case, or nobody of this code in it.")
        audit.record("accounted", about, by=None, case=case)
        found, beside = list(disclosure.held(about)), disclosure.beside(about)
        csv.writer(self.stdout).writerows([disclosure.Holding._fields, *found])
        self.stderr.write(
            f"{len(found)} sealed values and files, {beside.audit} rows of the audit,"
            f" {beside.tokens} numbers for the search. Nothing was opened: docs/orders.md"
        )

    def shred(self, reference: str, code: str, by: str, reason: str, **_: Any) -> None:
        custodian = User.objects.filter(email__iexact=by, is_active=True).first()
        kept = Identity.objects.filter(
            Q(person__case__reference=reference) | Q(source__case__reference=reference)
        )
        found = [identity for identity in kept if identity.subject.code == code]
        if custodian is None or not found:
            raise CommandError("There is no such custodian, or nothing is kept about this person.")
        shredding.shred_identity(found[0], by=custodian, reason=ShredReason(reason))
        if connection.get_autocommit():
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM {connection.ops.quote_name(Identity._meta.db_table)}")
        self.stdout.write(
            f"{code} is known to the database no more. In backups and logs of before it lasts as"
            " long as the keys of today: rotate, rewrap, destroy the old one."
        )

    def _tell(self, found: Found) -> None:
        if found.flaw:
            self.stderr.write(f"{found.table} {found.column} {found.row}: {found.flaw}")
