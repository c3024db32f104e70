"""The files that docker-compose.yml hands to its services as secrets."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from launch import acl
from launch.doors import OUTSIDE
from launch.environment import paired, random_secrets
from launch.roles import ROLE_OF, making

OWNER = "reprisals_owner"
# The worker connects with what the console has.
DOORS = ("console", "portal", "submission")
PASSWORDS = (
    "postgres_password",
    *(f"database_password_{door}" for door in DOORS),
    *(f"redis_password_{user}" for user in acl.USERS),
)


def write(folder: Path) -> int:
    """Make what is missing in `folder`, leave what is there: a new key would open nothing old.

    The folder is closed to others; the files are not, because a container reads them as a user
    that this machine does not know.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, text in _texts(_held(folder)):
        if not (folder / name).exists():
            _write(folder / name, text)
    _derive(folder)
    print(f"The secrets are in {folder}. Keep copies of the *_keys elsewhere: docs/keys.md.")
    return 0


def _held(folder: Path) -> dict[str, str]:
    """What an earlier run made, as the environment calls it."""
    return {path.name.upper(): path.read_text().strip() for path in folder.iterdir()}


def _texts(held: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in paired(random_secrets() | held).items():
        yield name.lower(), text
    for door in OUTSIDE:
        yield f"secret_key_{door}", random_secrets()["SECRET_KEY"]
    for name in PASSWORDS:
        yield name, secrets.token_urlsafe(32)


def _derive(folder: Path) -> None:
    """What the passwords are handed over in: addresses, and the roles and users to make."""
    roles = {"owner": (OWNER, (folder / "postgres_password").read_text())}
    for door in DOORS:
        roles[door] = (ROLE_OF[door], (folder / f"database_password_{door}").read_text())
    for door, (role, password) in roles.items():
        address = f"postgresql://{role}:{password}@postgres/reprisals"
        _write(folder / f"database_url_{door}", address)
    _write(
        folder / "database_roles",
        "\n".join(making(*roles[door]).as_string() for door in DOORS),
    )
    words = {user: (folder / f"redis_password_{user}").read_text() for user in acl.USERS}
    for user, word in words.items():
        _write(folder / f"redis_url_{user}", f"redis://{user}:{word}@valkey:6379/0")
    _write(folder / "valkey_acl", acl.acl_file(words))


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)  # what is closed to writing can be written anew
    path.write_text(text)
    path.chmod(0o444)
