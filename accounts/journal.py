"""Who came in, was turned away, left, or changed their keys to the house, in the audit.

Django and allauth tell of it by signals, whichever way somebody came: password, passkey, single
sign-on, admin. Of an address that failed a keyed hash is kept, whether or not it is known here.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import Signal, receiver

from accounts.models import User
from cases import audit


@receiver(auth.user_login_failed)
def failed(credentials: dict[str, Any], **_more: object) -> None:
    address = audit.address_hash(str(credentials.get("email", "")))
    audit.came("login_failed", by=None, detail={"address": address})


def _write(verb: str) -> Any:
    def write(user: User | None = None, **more: Any) -> None:
        authenticator = more.get("authenticator")
        by = user if isinstance(user, User) else None
        audit.came(verb, by=by, detail={"kind": authenticator.type} if authenticator else None)

    return write


TOLD: dict[str, Signal] = {
    "logged_in": auth.user_logged_in,
    "logged_out": auth.user_logged_out,
    "password_changed": account.password_changed,
    "password_set": account.password_set,
    "password_reset": account.password_reset,
    "second_factor_added": mfa.authenticator_added,
    "second_factor_removed": mfa.authenticator_removed,
    "second_factor_renewed": mfa.authenticator_reset,
    "second_factor_used": mfa.authenticator_used,
    "second_factor_failed": mfa.authentication_failed,
}
for _verb, _signal in TOLD.items():
    _signal.connect(_write(_verb), weak=False, dispatch_uid=f"accounts.journal.{_verb}")
