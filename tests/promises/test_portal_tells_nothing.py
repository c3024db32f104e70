"""The promise to whoever speaks to the United Nations: at a State's door there is no byte of an
identity, no text that was not sent to that State, and nothing that another State was sent.

Every address of the portal is in CALLS. A new one fails the first test until it is said here how
it is called, and then all that it answers is read.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.models import PackageAttachment, Reply, ReplyAttachment
from cases.portal import packages as pages
from tests.factories import PASSWORD
from tests.promises.canaries import Canaries, smell
from tests.promises.routes import ANY, routes
from tests.promises.world import build
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


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
ODD = {"page": "-1", "q": "zz", "format": "json", "next": "//example.org/", "fields": "*"}


def test_every_address_of_the_portal_is_called():
    assert {route.name for route in routes("portal")} == CALLS.keys()


# A number in an address or a field would count the rows of the house.
NUMBER = re.compile(r'(?:href|action|value|id|name|data-\w+)="[^"]*?(?<![\w-])\d{4,}(?![\w-])')
YEAR = re.compile(r"20\d\d|page=").search

# The walk ----------------------------------------------------------------------------------------


@pytest.fixture
def w():
    return build(Canaries())


@pytest.fixture
def at_the_portal(w, settings):
    """The world is made by all doors; then this process is the portal's."""
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    return w


def everything(answer) -> bytes:
    """Status, headers, cookies and body: all that a browser, a proxy or a log would get."""
    head = f"{answer.status_code} {answer.reason_phrase}\r\n{answer.headers}{answer.cookies}"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return head.encode() + b"\r\n\r\n" + body if not body.startswith(b"%PDF") else _pdf(head, body)


def _pdf(head: str, body: bytes) -> bytes:
    """Begins as a PDF so that the nose reads its words; the head stands behind its end."""
    assert io.BytesIO(body).read(5) == b"%PDF-"
    return body + b"\r\n" + head.encode()


def asked(w, user: User, names=CALLS) -> Iterator[tuple[str, bytes]]:
    """Each call as this person: what was asked, and everything that came. Nothing stays done."""
    for name in names:
        call = CALLS[name]
        for row in call.rows(w):
            kwargs = {"pk": row.pk} if row is not None else call.kwargs
            path, data = reverse(name, kwargs=kwargs), call.data(w)
            yield from _got(user, path, lambda client, path=path: client.get(path))
            yield from _got(user, path, lambda client, path=path: odd(client, path))
            yield from _got(user, path, lambda client, path=path, d=data: client.post(path, d))


def odd(client: Client, path: str):
    """As a page that updates itself asks, with words in the query that nobody uses."""
    return client.get(path, ODD, headers={"HX-Request": "true"})


def _got(user: User, path: str, ask) -> Iterator[tuple[str, bytes]]:
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        answer = ask(client)
        came = everything(answer)
        if (onward := getattr(answer, "url", "")).startswith("/"):
            came += b"\r\n" + everything(client.get(onward))
        transaction.set_rollback(True)
    yield f"{answer.wsgi_request.method} {path}", came


def not_for(w, user: User) -> dict[str, str]:
    """The canaries that this person must not read: for the other State, its own are none."""
    theirs = {place for place in w.canaries if place.startswith("other State")}
    return {p: word for p, word in w.canaries.items() if user != w.stranger or p not in theirs}


# A head of a mission reads what its members read, and looks after the office beside.
OF_THE_OFFICE = ("office", "invitation", "membership")
OF_A_HEAD = ["inbox", "history", *(name for name in CALLS if name.startswith(OF_THE_OFFICE))]


@pytest.mark.parametrize(
    ("person", "names"),
    [("own", list(CALLS)), ("head", OF_A_HEAD), ("stranger", list(CALLS))],
    ids=["own", "head", "stranger"],
)
def test_no_canary_at_the_door_of_a_state(at_the_portal, person, names):
    w, user = at_the_portal, getattr(at_the_portal, person)
    forbidden, read, found, counted = not_for(w, user), 0, {}, {}
    for question, came in asked(w, user, names):
        read += len(came)
        if smelled := smell(came, forbidden):
            found[question] = smelled
        if numbers := [n for n in NUMBER.findall(came.decode(errors="replace")) if not YEAR(n)]:
            counted[question] = numbers
        assert not came.startswith(b"500"), question
    assert found == {}
    assert counted == {}
    assert read > (
        500_000 if names == list(CALLS) else 50_000
    )  # pages were given, not refusals only


# The nose works on these pages -------------------------------------------------------------------


def test_what_was_sent_is_read(at_the_portal, client):
    """Control: the mission does get its letter, and the other State its own."""
    w = at_the_portal
    client.force_login(w.own)
    page = client.get(reverse("package-detail", args=[w.fresh.pk])).content.decode()
    assert "Person A was allegedly detained" in page
    client.force_login(w.stranger)
    came = everything(client.get(reverse("package-detail", args=[w.foreign.pk])))
    assert "other State: letter" in smell(came, w.canaries)


def test_a_leak_that_is_planted_is_found(at_the_portal, monkeypatch):
    w, letter = at_the_portal, pages._letter
    for place in ("case: narrative", "identity of person: name", "case 1: id"):
        monkeypatch.setattr(pages, "_letter", leaking(letter, w.canaries[place]))
        came_of = dict(asked(w, w.own, ["inbox", "package-detail"]))
        found = {q: smelled for q, came in came_of.items() if (smelled := smell(came, w.canaries))}
        assert found and all(smelled == {place} for smelled in found.values())
        assert all("/letters/" in question for question in found)


def leaking(letter, leak: str):
    def page(request, package, form):
        answer = letter(request, package, form)
        answer.content += f"<!-- {leak} -->".encode()
        return answer

    return page


def test_the_owner_reads_at_the_console_what_the_state_does_not(w, client):
    client.force_login(w.who.focal)
    came = everything(client.get(reverse("case-detail", args=[w.unsent.pk])))
    assert "case: narrative" in smell(came, w.canaries)


# Forbidden is absent -----------------------------------------------------------------------------


def masked(answer) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but what differs by chance: the token of the form, and the id asked for."""
    body = re.sub(rb'(csrfmiddlewaretoken" value|X-CSRFToken": ?)="?[\w]+', b"", answer.content)
    path = answer.wsgi_request.path.encode()
    headers = {k: v for k, v in answer.headers.items() if k not in ("Content-Length",)}
    return answer.status_code, headers, body.replace(path, b"")


def test_what_is_another_states_answers_like_what_never_was(at_the_portal, client):
    w = at_the_portal
    client.force_login(w.own)
    theirs = {"letters": w.foreign, "replies": Reply.objects.get(package=w.foreign)}
    theirs["letters/attachments"] = w.foreign.attachments.get()
    theirs["replies/attachments"] = theirs["replies"].attachments.get()
    of_rows = [route for route in routes("portal") if route.pattern.startswith(("/lett", "/repl"))]
    assert len(of_rows) >= 12
    for route in of_rows:
        row = theirs[route.pattern.strip("/").split("/<")[0]]
        for method in ("get", "post", "head", "put", "delete", "options"):
            call = getattr(client, method)
            hidden = call(route.path.replace(str(ANY), str(row.pk)))
            absent = call(route.path.replace(str(ANY), str(uuid4())))
            assert hidden.status_code == 404, (method, route.name)
            assert masked(hidden) == masked(absent), (method, route.name)


def test_ids_of_offices_of_other_states_answer_like_none(at_the_portal, client):
    w = at_the_portal
    client.force_login(w.head)
    for name in ("office-detail", "office-invite"):
        office = w.stranger.memberships.get().office
        for method in (client.get, client.post):
            hidden, absent = (method(reverse(name, args=[pk])) for pk in (office.pk, uuid4()))
            assert masked(hidden) == masked(absent)
