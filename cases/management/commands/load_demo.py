from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.demo.names import ask_for_names
from cases.demo.people import make_people, make_states
from cases.demo.plots import plots
from cases.demo.story import tell
from cases.models import Case


class Command(BaseCommand):
    help = "Load the synthetic demonstration. Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SYNTHETIC:
            raise CommandError("Demonstration data is loaded only where SYNTHETIC=1 marks it so.")
        make_states()
        who = make_people()
        if Case.objects.exists():
            self.stdout.write("The demonstration is here already.")
            return
        told = [tell(plot, who) for plot in plots()]
        ask_for_names(told, who)
        self.stdout.write(f"{len(told)} synthetic cases.")
