"""What settings.py may ask of the environment of its process."""

import os
import shlex
import subprocess
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

COMMAND_SECONDS = 20


def env(name: str, default: str | None = None) -> str:
    """Read NAME, or the file that NAME_FILE points at; stop if neither is there."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}")
    return value


def flag(name: str, default: str) -> bool:
    return env(name, default) == "1"


def ring(name: str) -> str | Path:
    """A key ring: NAME, or the file NAME_FILE, or what the program NAME_COMMAND prints.

    The file is left to the vault, which reads it anew when it changes. The program asks whatever
    KMS there is; it runs once, now, and what it prints is shown to nobody. Nothing of all this is
    no error: the process then opens nothing that the ring sealed.
    """
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path)
    if command := os.environ.get(f"{name}_COMMAND"):
        return _answer(name, command)
    return os.environ.get(name, "").strip()


def _answer(name: str, command: str) -> str:
    answer, why = _asked(command)
    if not answer:
        raise ImproperlyConfigured(f"The program in {name}_COMMAND {why}")
    return answer


def _asked(command: str) -> tuple[str, str]:
    """What the program printed, or why there is nothing."""
    try:
        done = subprocess.run(  # noqa: S603  the operator's own words, without a shell
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
            text=True,
        )
    except subprocess.TimeoutExpired:
        return "", f"took longer than {COMMAND_SECONDS} seconds"
    except (OSError, ValueError):
        return "", "cannot be started"
    answer = "" if done.returncode else done.stdout.strip()
    return answer, f"ended with code {done.returncode} and no ring"
