"""Where the private servers live: a folder that their user owns, that nobody else enters."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.errors import LaunchError

# The kernel cuts the path of a unix socket at 107 bytes (103 elsewhere), its name included.
LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432")
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Place:
    """A folder and the user whose it is; None means the user we are."""

    folder: Path
    user: str | None

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  our own words only
            command,
            cwd=self.folder,
            text=True,
            capture_output=True,
            check=False,
            **_drop_to(self.user),
        )

    def start(
        self, command: Sequence[str | Path], log: Path, parting: signal.Signals
    ) -> subprocess.Popen[bytes]:
        """Start a server that gets `parting` when we die, and no Ctrl-C from our terminal."""
        with log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603  our own words only
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=leave_with_parent(parting),  # noqa: PLW1509  no thread runs yet
                **_drop_to(self.user),
            )

    def bring(self, tree: Path) -> Path:
        """A copy of `tree` that the user of this place can read, made once."""
        copy = self.folder / tree.name
        if not copy.exists():
            half = copy.with_suffix(".half")
            shutil.copytree(tree, half, symlinks=True, dirs_exist_ok=True)
            half.rename(copy)
        return copy


def find_place(folder: Path) -> Place:
    """The place of the servers of the run folder `folder`, made if it is not there yet.

    It is a temporary folder, noted in `folder`, when the path is too long for a socket or when
    the servers' user cannot reach it (root's checkout in a folder closed to others).
    """
    user = _server_user()
    note = folder / "place"
    if note.exists() and (place := Path(note.read_text())).is_dir():
        return Place(place, user)
    if len(os.fsencode(folder / "servers")) <= LONGEST_FOLDER and _enters(user, folder):
        return Place(_make(folder / "servers", user), user)
    for parent in (Path("/var/tmp"), Path(tempfile.gettempdir())):  # noqa: S108  mkdtemp below
        if parent.is_dir() and _enters(user, parent):
            place = _make(Path(tempfile.mkdtemp(prefix="reprisals-", dir=parent)), user)
            note.write_text(str(place))
            return Place(place, user)
    raise LaunchError(f"The user {user!r} can enter neither {folder} nor a temporary folder.")


def leave_with_parent(parting: signal.Signals) -> Callable[[], None] | None:
    """Ask the kernel, where it knows how, to end a child whose parent was killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, parting)

    return ask


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; then its user is one that owns nothing else."""
    return "nobody" if os.geteuid() == 0 else None


def _drop_to(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _enters(user: str | None, folder: Path) -> bool:
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    found = subprocess.run(  # noqa: S603  our own words only
        command, cwd="/", capture_output=True, check=False, **_drop_to(user)
    )
    return found.returncode == 0


def _make(folder: Path, user: str | None) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    return folder
