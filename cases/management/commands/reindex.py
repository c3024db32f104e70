"""Make the tokens that search looks through anew, with today's key and rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services.index import reindex


class Command(BaseCommand):
    help = (
        "Make the tokens of texts and names anew where they were made with another key or by "
        "other rules. May be stopped and started again, and runs beside people at work."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made, broken = 0, []
        for done in reindex():
            made += done.well
            if not done.well:
                broken.append(f"{done.row._meta.model_name} {done.row.pk}")
        if broken:
            told = ["These rows could not be opened; keep the old search key:", *broken]
            raise CommandError("\n".join(told))
        self.stdout.write(f"Made anew: {made} rows. An older search key is needed no more.")
