"""Security test T1: on each road to data each person meets what `docs/leak-matrix.md` says.

Each address of console, API and portal is generated from its URLconf and asked with the rows of
one case, as each of the people around that case and far from it. What is found in the answers is
compared with the table in `matrix`, from which that page is drawn.
"""

import logging
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases import audit, notices
from cases.api.rows import Rows
from cases.console.case import pages
from cases.models import Notice
from tests.factories import journey
from tests.promises.canaries import smell
from tests.promises.crawl import everything
from tests.promises.desks import desk, sought
from tests.promises.matrix import KINDS, PAGE, TABLE, kind_of, page, road_of
from tests.promises.routes import routes
from tests.promises.walk import Walker, rows_at_the_portal, rows_of

pytestmark = pytest.mark.django_db

SCHEMA = frozenset({"api-schema"})  # made of code alone, and slow to make: asked once
GROUPS = 4  # of people, so that the walks can run beside each other


@pytest.fixture
def w(monkeypatch):
    """Of which case a refusal is, is sought for the audit alone; it takes half of the time."""
    monkeypatch.setattr(audit, "case_behind", lambda _subject: None)
    return desk("XAA")


# The walk ----------------------------------------------------------------------------------------


def everybody(w: SimpleNamespace) -> dict[str, User | None]:
    other = desk("XBB").who
    return {
        **w.people,
        "reviewer of another desk": other.reviewer,
        "another mission": other.mission,
    }


def walked(w: SimpleNamespace, who: str, user: User | None, settings) -> Walker:
    """All roads at the console, then the portal. A mission is nobody at the console, as whoever is
    not signed in, and knocks at a few of its doors."""
    rows, walker = rows_of(w), Walker(user and User.objects.get(pk=user.pk), sought(w))
    if user is None or user.state_id is None:
        walker.walks("console", rows, but=() if who == "owner" else SCHEMA)
        walker.errs(rows)
    if user and user.state_id is None:
        walker.searches()
        walker.opens_names(rows)
    if user and user.state_id:
        walker.walks("console", rows, only=["home", "case-list", "case-detail", "api-cases-list"])
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    walker.at_another_door().walks("portal", rows_at_the_portal(w))
    settings.DOOR, settings.ROOT_URLCONF = "console", "reprisals.urls_console"
    return walker


@pytest.mark.parametrize("group", range(GROUPS))
def test_each_person_meets_what_the_table_says(w, settings, group):
    people = everybody(w)
    assert people.keys() == TABLE.keys()
    for who in list(people)[group::GROUPS]:
        walker = walked(w, who, people[who], settings)
        assert walker.failed == [], who
        assert {who: walker.kinds()} == {who: TABLE[who]}, dict(walker.met)


def test_every_address_and_every_place_is_known(w):
    assert {road_of(route) for route in routes("console")}
    assert {kind_of(place) for place in sought(w)} >= {kind.letter for kind in KINDS}


def test_the_page_is_drawn_from_the_table():
    assert PAGE.read_text() == page(), "run python -m tests.promises.matrix"


# What the table may never say --------------------------------------------------------------------

OF_THE_CASE = set("INWCREULAT")
OUT_OF_SIGHT = (
    "guest whose time is over",
    "guest shown no more",
    "colleague who stepped back",
    "reviewer of another desk",
    "desk to which it is offered",
    "analyst",
    "editor",
    "administrator",
    "auditor",
    "custodian",
    "nobody signed in",
)


def met_by(who: str) -> set[str]:
    return set("".join(TABLE[who].values()))


def test_a_name_is_met_where_it_is_pressed_for_and_nowhere_else():
    met = {
        (who, road) for who, roads in TABLE.items() for road, found in roads.items() if "I" in found
    }
    assert met == {("owner", "names")}


def test_who_does_not_see_the_case_meets_nothing_of_it():
    assert {
        who: met_by(who) & OF_THE_CASE for who in OUT_OF_SIGHT if met_by(who) & OF_THE_CASE
    } == {}
    assert met_by("nobody signed in") == set()


def test_why_colleagues_were_let_in_or_kept_out_is_for_who_decides_on_it():
    """And, where somebody is locked or a case is offered, for whoever may lift or accept it."""
    met = {who for who in TABLE if "H" in met_by(who)}
    decide = {"reviewer", "administrator", "colleague who stepped back"}
    assert met == decide | {"desk to which it is offered"}
    assert TABLE["colleague who stepped back"]["people"] == "HS"  # locks of their desk alone


def test_a_mission_meets_its_own_letter_and_no_colleague_of_ours():
    assert TABLE["mission that got the letter"].keys() == {"portal"}
    assert met_by("mission that got the letter") <= set("LAX")
    assert TABLE["another mission"] == {}


# The walk sees -----------------------------------------------------------------------------------

LEAKING = ["case-detail", "api-persons-detail"]


def in_a_header(render, word):
    def rendered(*args, **more):
        answer = render(*args, **more)
        answer.headers["Link"] = f"</?{word.encode().hex()}>"
        return answer

    return rendered


def in_a_shape(answer, word):
    def answered(*args, **more):
        given = answer(*args, **more)
        given.data["kept_as"] = word
        return given

    return answered


def test_a_name_that_is_planted_is_met(w, monkeypatch):
    """Control: one header, or one field of one shape, and the table is no longer true."""
    rows, reviewer, word = rows_of(w), w.who.reviewer, w.canaries["identity of person: name"]
    for owner, name, leak, road in (
        (pages, "render", in_a_header, "pages"),
        (Rows, "answer", in_a_shape, "API rows"),
    ):
        clean = Walker(reviewer, sought(w)).walks("console", rows, only=LEAKING).kinds()
        assert set(clean[road]) <= set(TABLE["reviewer"][road])
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, leak(getattr(owner, name), word))
            leaking = Walker(reviewer, sought(w)).walks("console", rows, only=LEAKING).kinds()
        assert set(leaking[road]) - set(TABLE["reviewer"][road]) == {"I"}


# Figures -----------------------------------------------------------------------------------------

FIGURES = (
    *("/", "/?whose=office", "/cases/", "/letters/", "/retention/", "/identity-requests/"),
    *("/api/v1/cases/", "/api/v1/communications/", "/api/v1/deadlines/"),
)
COUNTING = ("reviewer", "mechanism officer", "custodian", "guest", "analyst")
TOKEN = re.compile(rb"\b[0-9A-Za-z]{32,64}\b")


def test_no_figure_depends_on_what_another_desk_holds(w):
    clients = {who: Client() for who in COUNTING}
    with time_machine.travel(timezone.now(), tick=False):
        for who, client in clients.items():
            client.force_login(w.people[who])
        alone = figures(clients)
        desk("XBB")
        assert [key for key, shown in figures(clients).items() if shown != alone[key]] == []
        journey.recorded(w.who)  # control: one more of their own is counted
        counted = {key for key, shown in figures(clients).items() if shown != alone[key]}
    assert {("reviewer", "/"), ("reviewer", "/cases/"), ("reviewer", "/api/v1/cases/")} <= counted
    assert {who for who, _url in counted} == {"reviewer"}


def figures(clients: dict[str, Client]) -> dict[tuple[str, str], bytes]:
    """Whole answers, but what is thrown for the tokens of forms."""
    return {
        (who, url): TOKEN.sub(b"token", everything(client.get(url)))
        for who, client in clients.items()
        for url in FIGURES
    }


# What nobody asks for ----------------------------------------------------------------------------


def test_mails_tell_nothing_and_logs_no_more_than_ids(w, caplog):
    for notice in Notice.objects.owed():
        notices.deliver(notice.pk)
    assert len(mail.outbox) > 8
    for message in mail.outbox:
        told = message.message().as_bytes().replace(message.to[0].encode(), b"")
        assert smell(told, sought(w)) == set()

    with caplog.at_level(logging.INFO):
        Walker(w.people["custodian"], sought(w)).walks("console", rows_of(w), but=SCHEMA)
    said = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text or ''}" for r in caplog.records)
    assert {kind_of(place) for place in smell(said.encode(), sought(w))} == {"X", "P"}
