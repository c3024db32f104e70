"""Brings a database to where the doors can open on it. Each step may run again and again."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("migrate", {"verbosity": 1}),
    ("load_reference", {}),
    ("load_demo", {}),
    ("collectstatic", {"interactive": False, "verbosity": 0}),
)


def main(users: Path) -> None:
    """One process for all steps: Django starts once. Leaves the demo's users in `users`."""
    django.setup()
    for command, options in STEPS:
        print(f"· {command}", flush=True)
        call_command(command, **options)
    # By name, because a module with models can only be read once Django is set up.
    users.touch(mode=0o600)
    users.write_text(json.dumps(import_module("cases.demo").DEMO_USERS, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
