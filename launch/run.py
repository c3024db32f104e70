"""One command with its servers: started before it, stopped after it."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType

from launch.acl import make_users
from launch.environment import environment
from launch.errors import LaunchError
from launch.messages import LOCALE, compile_messages
from launch.place import leave_with_parent
from launch.roles import make_roles
from launch.services import VAR, passing_folder, services

KILLED_BY = 128  # what a shell adds to the number of the signal


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Run `command` on fresh servers; what the caller's environment says goes before ours.

    `durable`: PostgreSQL waits for the disk as it does for people's data; tests need not.
    """
    compile_messages(LOCALE)
    (VAR / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of its absence
    with passing_folder() as folder, services(folder, durable=durable) as servers:
        make_roles(servers["DATABASE_URL"])
        make_users(servers["REDIS_URL"])
        ours = {"DEBUG": "1", **environment(folder)}
        return _wait_for(command, {**ours, **os.environ, **servers})


def _wait_for(command: Sequence[str], env: Mapping[str, str]) -> int:
    """The command's exit code. Ctrl-C reaches it from the terminal, other signals from us."""
    try:
        child = subprocess.Popen(  # noqa: S603  the caller's own command
            command,
            env=env,
            preexec_fn=leave_with_parent(signal.SIGTERM),  # noqa: PLW1509  no thread runs yet
        )
    except OSError as error:
        raise LaunchError(f"Cannot run {command[0]}: {error.strerror}") from None

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    code = child.wait()
    return code if code >= 0 else KILLED_BY - code
