"""`make bench`, `make bench N=100000`, `make bench COMPARE=old.json`."""

import os
import subprocess
import sys
from importlib import import_module

import django

from bench.house import house

DEFAULT = 10_000


def main() -> int:
    number = int(os.environ.get("N") or DEFAULT)
    if "BENCH_FOLDER" in os.environ:
        django.setup()
        # By name, because a module with models can only be read once Django is set up.
        import_module("bench.run").run(number, os.environ.get("COMPARE", ""))
        return 0
    with house(f"bench-{number}") as made:
        env = {**os.environ, **made.common, "BENCH_FOLDER": str(made.folder)}
        env["DJANGO_SETTINGS_MODULE"] = "reprisals.settings"
        return subprocess.run([sys.executable, "-m", "bench"], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
