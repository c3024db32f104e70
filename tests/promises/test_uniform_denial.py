"""Security test T4: forbidden is absent. What is not yours answers like what never was, to every
method, with the same status, headers, length and body.

Both are asked with the same dice, so that nothing but the id itself is taken out before they are
compared. How long both take is not compared here: a busy machine would fail the test.
"""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.test import Client

from accounts.models import User
from cases.models import Reply
from cases.portal import http
from tests.promises.canaries import Canaries
from tests.promises.chance import same_chance
from tests.promises.crawl import everything
from tests.promises.routes import ANY, Route, routes
from tests.promises.world import build

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# Every field that a form of the portal reads, as it would be typed.
FORM = {
    "version": 1, "text": "We reply.", "q1": "Yes", "authorised": "on", "final": "on",
    "until": "2030-01-01", "reason": "Time.", "email": "a@example.org", "role": "mission_user",
    "name": "Somebody", "language": "en", "next": "/",
}  # fmt: skip


@pytest.fixture
def w():
    return build(Canaries())


def told(client: Client, method: str, path: str, pk: Any) -> bytes:
    """All that comes, with the id that was asked for taken out; nothing stays done."""
    data = {"data": FORM} if method == "post" else {}
    with transaction.atomic(), same_chance(f"{method} {path}"):
        answer = getattr(client, method)(path.replace(str(ANY), str(pk)), **data)
        came = everything(answer)
        transaction.set_rollback(True)
    return came.replace(str(pk).encode(), b"").replace(UUID(str(pk)).hex.encode(), b"")


def differing(client: Client, route: Route, pk: Any) -> list[str]:
    """The methods that tell the two apart, or that do not say that there is nothing."""
    found = []
    for method in METHODS:
        hidden, absent = (told(client, method, route.path, row) for row in (pk, uuid4()))
        if hidden != absent or not hidden.startswith((b"404", b"405")):
            found.append(f"{method} {route.name}")
    return found


def as_(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


# The portal -------------------------------------------------------------------------------------


@pytest.fixture
def at_the_portal(w, settings):
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    return w


def rows_of_the_other_state(w) -> dict[str, Any]:
    reply = Reply.objects.get(package=w.foreign)
    membership = w.stranger.memberships.get()
    return {
        "letters/attachments": w.foreign.attachments.get(),
        "letters": w.foreign,
        "replies/attachments": reply.attachments.get(),
        "replies": reply,
        "offices": membership.office,
        "offices/memberships": membership,
    }


def test_what_is_another_states_answers_like_what_never_was(at_the_portal):
    w, asked, told_apart = at_the_portal, 0, []
    client = as_(w.head)
    theirs = rows_of_the_other_state(w)
    for route in (r for r in routes("portal") if str(ANY) in r.path):
        noun = route.pattern.strip("/").split("/<")[0]
        for row in [theirs[noun]] if noun in theirs else theirs.values():
            told_apart += differing(client, route, row.pk)
            asked += 1
    assert told_apart == []
    assert asked >= 15


def test_a_door_that_forgot_whose_rows_they_are_is_found_out(at_the_portal, monkeypatch):
    w, client = at_the_portal, as_(at_the_portal.head)
    route = next(route for route in routes("portal") if route.name == "package-detail")
    assert differing(client, route, w.foreign.pk) == []

    def forgetful(rows, pk):
        if pk == w.foreign.pk:
            raise PermissionDenied
        return get_object_or_404(rows, pk=pk)

    monkeypatch.setattr(http, "get_object_or_404", forgetful)
    assert "get package-detail" in differing(client, route, w.foreign.pk)
