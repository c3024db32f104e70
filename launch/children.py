"""Several processes that live and die together."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.doors import Process
from launch.errors import LaunchError
from launch.place import leave_with_parent

PATIENCE = 20  # seconds to end well in
TAIL = 1500  # characters of a log that a person sees


class Children:
    """What runs, each with its log in `logs`."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, process: Process) -> None:
        with self._log(process.name).open("wb") as out:
            self.running[process.name] = subprocess.Popen(  # noqa: S603  our own words only
                process.command,
                env=process.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is ours: we end them in order
                preexec_fn=leave_with_parent(signal.SIGTERM),  # noqa: PLW1509  no thread runs
            )

    def watch(self, until: Callable[[], bool]) -> None:
        """Come back when `until` says so; refuse when one of them is gone before."""
        while not until():
            for name, child in self.running.items():
                if (code := child.poll()) is not None:
                    tail = self._log(name).read_text(errors="replace")[-TAIL:]
                    raise LaunchError(
                        f"{tail}\nThe {name} process ended by itself (code {code}); see "
                        f"{self._log(name)}. All others are stopped."
                    )
            time.sleep(0.5)

    def stop(self) -> None:
        for child in self.running.values():
            child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.running.values():
            try:
                child.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


@contextmanager
def children(logs: Path) -> Iterator[Children]:
    logs.mkdir(mode=0o700, exist_ok=True)
    family = Children(logs)
    try:
        yield family
    finally:
        family.stop()
