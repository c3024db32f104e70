"""Load States, Council terms, mechanisms, vocabularies and letter templates."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services.reference import WrongFiles, load_reference


class Command(BaseCommand):
    help = "Make the reference tables say what the files of cases/reference say."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_reference()
        except WrongFiles as wrong:
            raise CommandError("\n".join(["Nothing was loaded.", *wrong.reasons])) from wrong
        self.stdout.write(f"Reference data: {counts}.")
