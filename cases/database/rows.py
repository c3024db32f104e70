"""Row-level security: which rows of its tables the portal sees, and which it may write.

The State is nothing that a query can set. A request tells PostgreSQL which session keys it came
with (`accounts/callers.py`); from the row of that session `callers.sql` finds the person and the
State. A key is 32 random characters, and the rows of other sessions are hidden. Whoever is not
signed in yet sees the one account whose address, id or invitation the request carries.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cases.database.rights import PORTAL, SUBMISSION


class Rows(NamedTuple):
    """Of `role`, for one command: rows it finds (`using`), and rows it may leave (`check`)."""

    role: str
    command: str
    using: str = ""
    check: str = ""


def seen(using: str) -> Rows:
    return Rows(PORTAL, "SELECT", using)


def added(check: str) -> Rows:
    return Rows(PORTAL, "INSERT", check=check)


def changed(using: str, check: str) -> Rows:
    return Rows(PORTAL, "UPDATE", using, check)


def locked(using: str) -> Rows:
    """Held against others while the portal writes elsewhere; never changed."""
    return changed(using, "false")


def gone(using: str) -> Rows:
    return Rows(PORTAL, "DELETE", using)


def under(table: str, column: str) -> str:
    """Hangs on a row that the portal sees."""
    return f"EXISTS (SELECT FROM {table} AS above WHERE above.id = {column})"


ME, STATE = "(SELECT portal_person())", "(SELECT portal_state())"
LEADS = "(SELECT portal_leads())"
PLAIN = "NOT is_staff AND NOT is_superuser"
INVITED_AS = "SELECT email FROM portal_invited()"
INVITED_TO = "SELECT office_id, role FROM portal_invited()"
OF_STATE = f"state_id = {STATE}"
TO_OURS = f"(office_id IN (SELECT portal_offices()) AND {LEADS})"
MINE, OURS = "IN (SELECT portal_self())", "IN (SELECT portal_people())"
OF_PACKAGE = under("cases_package", "package_id")
OF_REPLY = under("cases_reply", "reply_id")
NOT_YET_IN = "taken_in_at IS NULL"
INVITED = "digest = current_setting('reprisals.invitation', true)"
_KEYS = "string_to_array(current_setting('reprisals.sessions', true), ' ')"
HERE = f"door = 'portal' AND (session_key = ANY ({_KEYS}) OR user_id = {ME})"

POLICIES: Mapping[str, tuple[Rows, ...]] = {
    "accounts.Invitation": (
        seen(f"{TO_OURS} OR {INVITED}"),
        added(f"{TO_OURS} AND invited_by_id = {ME}"),
        changed(f"{TO_OURS} OR {INVITED}", f"{TO_OURS} OR {INVITED}"),
    ),
    "accounts.Membership": (
        seen(f"user_id {OURS}"),
        added(f"user_id {MINE} AND (office_id, role) IN ({INVITED_TO})"),
        locked(f"user_id {OURS}"),
        gone(f"user_id {OURS} AND {LEADS}"),
    ),
    "accounts.Office": (
        seen("id IN (SELECT portal_offices())"),
        locked("id IN (SELECT portal_offices())"),
    ),
    "accounts.Session": (
        seen(HERE),
        added(f"door = 'portal' AND (user_id IS NULL OR user_id {MINE})"),
        changed(HERE, f"door = 'portal' AND (user_id IS NULL OR user_id {MINE})"),
        gone(HERE),
        *(
            Rows(SUBMISSION, command, f"door = 'submission' AND session_key = ANY ({_KEYS})")
            for command in ("SELECT", "DELETE")
        ),
    ),
    "accounts.User": (
        seen(f"id {OURS}"),
        added(f"{PLAIN} AND email IN ({INVITED_AS})"),
        changed(f"id {MINE}", PLAIN),
    ),
    "account.EmailAddress": (seen("false"),),
    "knox.AuthToken": (
        seen(f"user_id {MINE}"),
        added(f"user_id = {ME}"),
        gone(f"user_id {MINE}"),
    ),
    "mfa.Authenticator": (
        # The head of a mission sees who has none yet.
        seen(f"user_id {MINE} OR ({LEADS} AND user_id {OURS})"),
        added(f"user_id {MINE}"),
        changed(f"user_id {MINE}", f"user_id {MINE}"),
        gone(f"user_id {MINE}"),
    ),
    "cases.Answer": (seen(OF_REPLY), added(OF_REPLY), changed(OF_REPLY, OF_REPLY)),
    "cases.AuditEvent": (
        added("door = 'portal'"),
        Rows(SUBMISSION, "INSERT", check="door = 'submission'"),
    ),
    "cases.Extension": (
        seen(OF_PACKAGE),
        added(f"{OF_PACKAGE} AND {NOT_YET_IN} AND decision = 'asked' AND asked_by_id = {ME}"),
    ),
    "cases.Package": (seen(OF_STATE), locked(OF_STATE)),
    "cases.PackageAttachment": (seen(OF_PACKAGE),),
    "cases.PortalDraft": (
        seen(f"user_id = {ME}"),
        added(f"user_id = {ME}"),
        changed(f"user_id = {ME}", f"user_id = {ME}"),
        gone(f"user_id = {ME}"),
    ),
    "cases.Receipt": (
        seen(OF_PACKAGE),
        added(f"{OF_PACKAGE} AND {NOT_YET_IN} AND by_id = {ME}"),
    ),
    "cases.Reply": (
        seen(OF_PACKAGE),
        added(f"{OF_PACKAGE} AND {NOT_YET_IN} AND started_by_id = {ME}"),
        changed(OF_PACKAGE, f"{OF_PACKAGE} AND {NOT_YET_IN}"),
    ),
    "cases.ReplyAttachment": (seen(OF_REPLY), added(OF_REPLY), gone(OF_REPLY)),
}

# The same for everybody, and nobody's secret.
SAME_FOR_ALL = frozenset({"cases.State", "cases.Term"})
