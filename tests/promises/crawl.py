"""How each address of the portal is called, and everything that comes back."""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.models import PackageAttachment, Reply, ReplyAttachment
from tests.factories import PASSWORD
from tests.promises.routes import ANY
from tests.samples import pdf, upload


class Call(NamedTuple):
    """`rows` gives what the address is of; `data` is what a form of the page would send."""

    rows: Callable[[Any], list[Any]] = lambda w: [None]
    data: Callable[[Any], dict[str, Any]] = lambda w: {}
    kwargs: dict[str, str] | None = None


def letters(w):
    return [w.fresh, w.begun, w.answered, w.foreign]


def own_and_other_replies(w):
    return list(Reply.objects.filter(package__in=letters(w)).order_by("pk"))


def files_of_replies(w):
    return list(ReplyAttachment.objects.filter(reply__package__in=letters(w)).order_by("pk"))


def files_of_letters(w):
    return list(PackageAttachment.objects.filter(package__in=letters(w)).order_by("pk"))


def typed(w):
    return {
        "version": 2,
        "base": "",
        "language": "en",
        "text": "We reply.",
        "q1": "Yes",
        "p1": "ALT",
    }


def submitted(w):
    return {"version": 2, "authorised": "on", "final": "on"}


def file(w):
    return {"file": upload(pdf(), "more.pdf"), "kind": "original", **typed(w)}


def account(w):
    return {
        "login": w.own.email,
        "password": "wrong",
        "email": w.own.email,
        "name": "Somebody",
        "language": "fr",
        "oldpassword": PASSWORD,
        "password1": "a long and quiet password",
        "password2": "a long and quiet password",
        "role": "mission_user",
        "next": "/history/",
    }


ACCOUNT = Call(data=account)
OFFICES = Call(
    lambda w: [w.own.memberships.get().office, w.stranger.memberships.get().office], account
)
MEMBERSHIPS = Call(lambda w: [w.own.memberships.get(), w.stranger.memberships.get()], account)

CALLS: dict[str, Call] = {
    "inbox": Call(),
    "history": Call(),
    "package-detail": Call(letters),
    "package-acknowledge": Call(letters),
    "extension-ask": Call(letters, lambda w: {"until": "2030-01-01", "reason": "Time."}),
    "reply-start": Call(letters),
    "package-attachment": Call(files_of_letters),
    "reply-edit": Call(own_and_other_replies, typed),
    "draft-keep": Call(own_and_other_replies, typed),
    "draft-drop": Call(own_and_other_replies),
    "reply-attach": Call(own_and_other_replies, file),
    "reply-submit": Call(own_and_other_replies, submitted),
    "reply-detail": Call(own_and_other_replies),
    "reply-attachment": Call(files_of_replies),
    "reply-detach": Call(files_of_replies),
    "account_login": ACCOUNT,
    "account_logout": ACCOUNT,
    "account_reauthenticate": ACCOUNT,
    "account_change_password": ACCOUNT,
    "account_reset_password": ACCOUNT,
    "account_reset_password_done": ACCOUNT,
    "account_reset_password_from_key": Call(data=account, kwargs={"uidb36": "1", "key": "a-b"}),
    "account_reset_password_from_key_done": ACCOUNT,
    "mfa_index": ACCOUNT,
    "mfa_authenticate": ACCOUNT,
    "mfa_activate_totp": ACCOUNT,
    "mfa_deactivate_totp": ACCOUNT,
    "mfa_view_recovery_codes": ACCOUNT,
    "mfa_generate_recovery_codes": ACCOUNT,
    "mfa_add_webauthn": ACCOUNT,
    "mfa_login_webauthn": ACCOUNT,
    "accounts-second-factor": ACCOUNT,
    "accounts-passkey-remove": Call(data=account, kwargs={"handle": "no-such-passkey"}),
    "accounts-session-end": Call(data=account, kwargs={"handle": str(ANY)}),
    "accounts-invitation": ACCOUNT,
    "accounts-invitation-open": Call(data=account, kwargs={"token": "no-such-token"}),
    "accounts-me": ACCOUNT,
    "accounts-sessions-end": ACCOUNT,
    "office-list": ACCOUNT,
    "office-detail": OFFICES,
    "office-invite": OFFICES,
    "invitation-resend": Call(data=account, kwargs={"pk": str(ANY)}),
    "invitation-withdraw": Call(data=account, kwargs={"pk": str(ANY)}),
    "membership-end": MEMBERSHIPS,
    "set_language": Call(data=lambda w: {"language": "ar", "next": "/"}),
    "healthz": Call(),
}
# A head of a mission reads what its members read, and looks after the office beside.
OF_THE_OFFICE = ("office", "invitation", "membership")
OF_A_HEAD = ["inbox", "history", *(name for name in CALLS if name.startswith(OF_THE_OFFICE))]
ODD = {"page": "-1", "q": "zz", "format": "json", "next": "//example.org/", "fields": "*"}


def everything(answer) -> bytes:
    """Status, headers, cookies and body: all that a browser, a proxy or a log would get."""
    head = f"{answer.status_code} {answer.reason_phrase}\r\n{answer.headers}{answer.cookies}"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return head.encode() + b"\r\n\r\n" + body if not body.startswith(b"%PDF") else _pdf(head, body)


def _pdf(head: str, body: bytes) -> bytes:
    """Begins as a PDF so that the nose reads its words; the head stands behind its end."""
    assert io.BytesIO(body).read(5) == b"%PDF-"
    return body + b"\r\n" + head.encode()


Address = tuple[str, Callable[[Any], dict[str, Any]]]


def addresses(w, names=CALLS) -> Iterator[Address]:
    """Where each call goes, for each row that it is of, and what its form would send."""
    for name in names:
        call = CALLS[name]
        for row in call.rows(w):
            yield (
                reverse(name, kwargs={"pk": row.pk} if row is not None else call.kwargs),
                call.data,
            )


def asked(w, user: User, names=CALLS) -> Iterator[tuple[str, bytes]]:
    """Each call as this person: what was asked, and everything that came. Nothing stays done."""
    for path, data in addresses(w, names):
        yield from answers(user, path, data(w))


def answers(user: User, path: str, data: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    yield f"GET {path}", got(user, lambda client: client.get(path))
    yield f"GET {path} oddly", got(user, lambda client: odd(client, path))
    yield f"POST {path}", got(user, lambda client: client.post(path, data))


def odd(client: Client, path: str):
    """As a page that updates itself asks, with words in the query that nobody uses."""
    return client.get(path, ODD, headers={"HX-Request": "true"})


def got(user: User, ask: Callable[[Client], Any]) -> bytes:
    """Everything that comes, also from where the answer leads; then as if never asked."""
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        answer = ask(client)
        came = everything(answer)
        if (onward := getattr(answer, "url", "")).startswith("/"):
            came += b"\r\n" + everything(client.get(onward))
        transaction.set_rollback(True)
    return came
