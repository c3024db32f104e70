"""Security test T4 at the portal: forbidden is absent. What is not yours answers like what never
was, to every method, with the same status, headers, length and body, and as many questions to the
database (`denial`). Console and API: `test_uniform_denial_in_the_house`.
"""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from cases.models import Reply
from cases.portal import http
from tests.promises.canaries import Canaries
from tests.promises.denial import MARK, as_, differing
from tests.promises.routes import ANY, routes
from tests.promises.world import build

pytestmark = pytest.mark.django_db

# Every field that a form of the portal reads, as it would be typed.
FORM = {
    "version": 1, "text": "We reply.", "q1": "Yes", "authorised": "on", "final": "on",
    "until": "2030-01-01", "reason": "Time.", "email": "a@example.org", "role": "mission_user",
    "name": "Somebody", "language": "en", "next": "/",
}  # fmt: skip


@pytest.fixture
def w():
    return build(Canaries())


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
    w, asked, told_apart = at_the_portal, 0, {}
    client = as_(w.head)
    theirs = rows_of_the_other_state(w)
    for route in (r for r in routes("portal") if str(ANY) in r.path):
        for row in [theirs[route.noun]] if route.noun in theirs else theirs.values():
            if methods := differing(client, route.at(pk=MARK, handle=MARK), row.pk, FORM):
                told_apart[route.name] = methods
            asked += 1
    assert told_apart == {}
    assert asked >= 15


def test_a_door_that_forgot_whose_rows_they_are_is_found_out(at_the_portal, monkeypatch):
    w, client = at_the_portal, as_(at_the_portal.head)
    route = next(route for route in routes("portal") if route.name == "package-detail")
    page = route.at(pk=MARK)
    assert differing(client, page, w.foreign.pk, FORM) == []

    def forgetful(rows, pk):
        if pk == w.foreign.pk:
            raise PermissionDenied
        return get_object_or_404(rows, pk=pk)

    monkeypatch.setattr(http, "get_object_or_404", forgetful)
    assert "get" in differing(client, page, w.foreign.pk, FORM)

    def asks_once_more(rows, pk):
        if pk == w.foreign.pk:
            rows.count()
        return get_object_or_404(rows, pk=pk)

    monkeypatch.setattr(http, "get_object_or_404", asks_once_more)
    assert "get" in differing(client, page, w.foreign.pk, FORM)
