"""The files that docker-compose.yml hands to its services as secrets."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from launch.environment import paired, random_secrets

OWNER = "reprisals_owner"
# Doors to the outside sign with keys of their own: whoever takes one over makes no link for staff.
OUTSIDE = ("portal", "submission")
# Until a migration makes the narrower roles of architecture.md 2, all connect as the owner.
ROLES = {"owner": OWNER, "console": OWNER, "portal": OWNER, "submission": OWNER}


def write(folder: Path) -> int:
    """Make what is missing in `folder`, leave what is there: a new key would open nothing old.

    The folder is closed to others; the files are not, because a container reads them as a user
    that this machine does not know.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    password = folder / "postgres_password"
    if not password.exists():
        _write(password, secrets.token_urlsafe(32))
    for name, text in _texts(password.read_text(), _held(folder)):
        if not (folder / name).exists():
            _write(folder / name, text)
    print(f"The secrets are in {folder}. Keep copies of the *_keys elsewhere: docs/keys.md.")
    return 0


def _held(folder: Path) -> dict[str, str]:
    """What an earlier run made, as the environment calls it."""
    return {path.name.upper(): path.read_text().strip() for path in folder.iterdir()}


def _texts(password: str, held: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in paired(random_secrets() | held).items():
        yield name.lower(), text
    for door in OUTSIDE:
        yield f"secret_key_{door}", random_secrets()["SECRET_KEY"]
    for door, role in ROLES.items():
        yield f"database_url_{door}", f"postgresql://{role}:{password}@postgres/reprisals"


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o444)
