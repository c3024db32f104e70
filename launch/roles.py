"""The roles of the database: one for each door, none of which owns anything.

On a server of this machine their passwords follow from the address of the owner: whoever knows
that one can make them anyway, and all runs on a given server agree. `secret_files` draws real ones.
"""

import hmac
from contextlib import closing

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from launch.errors import LaunchError

# A worker stands behind the console: it opens what the offices may open, and reads the whole.
ROLE_OF = {
    "console": "reprisals_console",
    "portal": "reprisals_portal",
    "submission": "reprisals_submission",
    "worker": "reprisals_console",
}
ROLES = tuple(dict.fromkeys(ROLE_OF.values()))
# Nothing but logging in: the migrations grant the rest.
BARE = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
MAKE = f"""
DO $$ BEGIN
    CREATE ROLE {{role}};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
ALTER ROLE {{role}} {BARE} PASSWORD {{password}};
"""


def make_roles(owner: str) -> None:
    """All roles on the server behind the address `owner`; those that are there stay."""
    try:
        with closing(psycopg.connect(owner, autocommit=True)) as connection:
            # Runs side by side on one server wait for one another.
            connection.execute("SELECT pg_advisory_lock(hashtext('reprisals roles'))")
            for role in ROLES:
                connection.execute(making(role, password_of(role, owner)))
    except psycopg.errors.InsufficientPrivilege as refused:
        raise LaunchError(
            f"The user of DATABASE_URL may not make the roles {', '.join(ROLES)}: {refused}"
        ) from None


def url_of(door: str, owner: str) -> str:
    """The address by which a door connects: as its own role."""
    role = ROLE_OF[door]
    return make_conninfo(owner, user=role, password=password_of(role, owner))


def password_of(role: str, owner: str) -> str:
    """The same for every database of the server, as the role is."""
    parts = {**conninfo_to_dict(owner), "dbname": ""}
    key = "\n".join(f"{name}={parts[name]}" for name in sorted(parts))
    return hmac.digest(key.encode(), role.encode(), "sha256").hex()


def making(role: str, password: str) -> sql.Composed:
    """The words that make a role, or give it this password."""
    return sql.SQL(MAKE).format(role=sql.Identifier(role), password=sql.Literal(password))
