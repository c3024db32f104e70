"""The servers of one run: those we were given, else private ones."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

from launch import postgres, valkey
from launch.errors import LaunchError
from launch.place import find_place

PASSAGE = 0o711  # the servers' user passes through to its own folder, and nobody reads
VAR = Path(__file__).resolve().parent.parent / "var"


@contextmanager
def services(folder: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL for the time of the block."""
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    with ExitStack() as stack:
        if not given["DATABASE_URL"]:
            server = postgres.postgres(find_place(folder), durable=durable)
            given["DATABASE_URL"] = stack.enter_context(server)
        if not given["REDIS_URL"]:
            given["REDIS_URL"] = stack.enter_context(valkey.valkey(find_place(folder)))
        yield given


@contextmanager
def kept_folder(name: str) -> Iterator[Path]:
    """The folder var/`name`, kept from run to run, for one run at a time."""
    folder = VAR / name
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PASSAGE)
    with ExitStack() as stack:
        try:
            stack.enter_context(_held(folder / "lock", wait=False))
        except BlockingIOError:
            raise LaunchError(f"Another run already uses {folder}; stop it first.") from None
        yield folder


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder of this run alone, gone when it ends: many may run side by side."""
    home = VAR / "test"
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with _held(home / "lock", wait=True):
            _sweep(home)
            folder = Path(tempfile.mkdtemp(prefix="run-", dir=home))
            folder.chmod(PASSAGE)
            stack.enter_context(_held(folder / "lock", wait=False))
        try:
            yield folder
        finally:
            _remove(folder)


def _sweep(home: Path) -> None:
    """Clear away the runs whose process was killed: their lock is free."""
    for folder in home.glob("run-*"):
        with suppress(BlockingIOError, PermissionError), _held(folder / "lock", wait=False):
            place = find_place(folder)
            valkey.end_left_over(place)
            postgres.end_left_over(place)
            _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(find_place(folder).folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(path: Path, *, wait: bool) -> Iterator[TextIOWrapper]:
    """The kernel lets go of this lock when its holder dies, however it dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield file
