"""The servers and the doors of a run: kept data, real processes, each under its own role."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch.acl import make_users
from launch.children import Children, children
from launch.doors import HOST, Process, addresses, environment_of
from launch.environment import environment
from launch.roles import make_roles
from launch.services import kept_folder, services

DOORS = {"console": 8300, "portal": 8301}
THREADS = 2
# One person reads in minutes here what nobody reads in a day: cases/looks.py.
UNHELD = {"LOOKS_IN_TEN_MINUTES": "1000000000", "LOOKS_A_DAY": "1000000000"}


@dataclass(frozen=True)
class House:
    """`common` is the owner's environment; `queries` where a door keeps what it asked."""

    folder: Path
    common: Mapping[str, str]

    @property
    def queries(self) -> Path:
        return self.folder / "queries"

    def environment_of(self, door: str) -> dict[str, str]:
        own = {"BENCH_QUERIES": str(self.queries), "DATABASE_POOL": "1"}
        return environment_of(door, self.common) | own

    @contextmanager
    def open(self, processes: int) -> Iterator[Children]:
        """Console and portal with so many processes each, until the end of the block."""
        with children(self.folder / "logs") as family:
            for door, port in DOORS.items():
                command = _serve(port, processes)
                family.start(Process(door, command, self.environment_of(door)))
            yield family


@contextmanager
def house(name: str) -> Iterator[House]:
    """A PostgreSQL and a Valkey in var/`name`, kept from run to run."""
    with kept_folder(name) as folder, services(folder, durable=True) as servers:
        make_roles(servers["DATABASE_URL"])
        make_users(servers["REDIS_URL"])
        where = addresses({**DOORS, "submission": 8302})
        made = House(folder, {**environment(folder), **servers, **where, **UNHELD, "DEBUG": "0"})
        made.queries.mkdir(exist_ok=True)
        yield made


def _serve(port: int, processes: int) -> list[str]:
    server = [sys.executable, "-m", "gunicorn", "bench.wsgi", f"--bind={HOST}:{port}"]
    shape = [f"--workers={processes}", "--worker-class=gthread", f"--threads={THREADS}"]
    return [*server, *shape, "--no-control-socket", "--keep-alive=60", "--timeout=300"]
