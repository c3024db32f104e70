"""The promise to whoever speaks to the United Nations: at a State's door there is no byte of an
identity, no text that was not sent to that State, and nothing that another State was sent.

Every address of the portal is in `crawl.CALLS`. A new one fails the first test until it is said
there how it is called, and then all that it answers is read.
"""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from cases.portal import packages as pages
from tests.promises.canaries import Canaries, smell
from tests.promises.crawl import CALLS, OF_A_HEAD, asked, everything
from tests.promises.routes import routes
from tests.promises.world import build

pytestmark = pytest.mark.django_db


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


def not_for(w, user: User) -> dict[str, str]:
    """The canaries that this person must not read: for the other State, its own are none."""
    theirs = {place for place in w.canaries if place.startswith("other State")}
    return {p: word for p, word in w.canaries.items() if user != w.stranger or p not in theirs}


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
