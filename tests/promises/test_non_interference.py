"""Security test T3: what a mission is shown depends on what was sent to it and on nothing else.

Two worlds, with the same clock and the same dice. In one there are the three letters of a mission
and nobody's secrets. In the other the people of the same cases have names, officers wrote on, a
letter is in the making, one more case is about the same State, and another State has its own
letter and its own reply. Every answer of the portal, with its headers and its length, is the same
byte for byte: of the pages nothing is masked before it is compared.
"""

import datetime as dt
import random
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.shortcuts import render
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.database.rights import PORTAL
from cases.models import Case, Communication, Package
from cases.portal import packages as pages
from tests.promises.canaries import Canaries
from tests.promises.chance import same_chance
from tests.promises.crawl import CALLS, OF_A_HEAD, addresses, answers, everything, got
from tests.promises.world import around, of_the_mission

pytestmark = pytest.mark.django_db

TERMS, UUID_STROKES = 200, 4
Crawl = Callable[[], Any]


def two_worlds(settings, questions: Callable[[Any], list[Crawl]]) -> Iterator[dict[str, bytes]]:
    """What the rich world answers, then what the poor one answers to the same questions."""
    w = of_the_mission()
    moment = timezone.now() + dt.timedelta(minutes=5)
    poor = shutil.copytree(settings.FILES_DIR, settings.FILES_DIR.with_name("poor"))
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    got(w.own, lambda client: client.get("/"))  # what a process does once throws the dice too
    with transaction.atomic():
        settings.DOOR, settings.ROOT_URLCONF = "console", "reprisals.urls_console"
        around(Canaries(), w)
        settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
        crawls = questions(w)
        yield answers_to(crawls, moment)
        transaction.set_rollback(True)
    settings.FILES_DIR = poor
    yield answers_to(crawls, moment)


def answers_to(crawls: list[Crawl], moment: dt.datetime) -> dict[str, bytes]:
    cache.clear()
    found: dict[str, bytes] = {}
    with time_machine.travel(moment, tick=False):
        for number, crawl in enumerate(crawls):
            with same_chance(str(number)):
                found.update(crawl())
    return found


def differing(rich: dict[str, bytes], poor: dict[str, bytes]) -> list[str]:
    assert poor.keys() == rich.keys()
    return [question for question, came in poor.items() if came != rich[question]]


def every_address(w) -> list[Crawl]:
    return [
        partial(asked_by, w, user, path, data)
        for user, names in ((w.own, CALLS), (w.head, OF_A_HEAD))
        for path, data in addresses(w, names)
    ]


def asked_by(w, user, path, data) -> Iterator[tuple[str, bytes]]:
    return whose(user, answers(user, path, data(w)))


def whose(user, came: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    return ((f"{user.name}: {question}", answer) for question, answer in came)


def words_and_ids(w) -> list[Crawl]:
    """What somebody would try: words that stand in the other world, its ids, and none of either."""
    dice = random.Random(TERMS)  # noqa: S311
    planted = [word for place, word in sorted(w.canaries.items()) if "staff" not in place]
    made = ["".join(dice.choices("aeiou -'٣中", k=dice.randint(1, 12))) for _ in range(TERMS)]
    tried = dice.sample([*planted, *made], TERMS)
    ids = [word for word in planted if word.count("-") == UUID_STROKES]
    ids += [str(UUID(int=dice.getrandbits(128))) for _ in ids]
    asked = [(reverse("history"), {"q": word, "search": word, "page": word}) for word in tried]
    asked += [(reverse("package-detail", args=[pk]), {}) for pk in ids]
    asked += [(reverse("reply-detail", args=[pk]), {}) for pk in ids]
    return [partial(one, w, path, query) for path, query in asked]


def one(w, path: str, query: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    yield f"GET {path} {query}", got(w.own, lambda client: client.get(path, query))


def addresses_of_mail(w) -> list[Crawl]:
    """Who knows an address of another State's delegate, or of an officer, learns nothing by it.

    What is thrown for the token of the form is masked here: a mail that is sent throws before it.
    """

    def at(name: str, email: str) -> Iterator[tuple[str, bytes]]:
        form = {"login": email, "email": email, "password": "not the password"}
        came = everything(Client().post(reverse(name), form))
        yield f"{name} {email}", re.sub(rb"\b[0-9A-Za-z]{32,64}\b", b"token", came)

    known = [w.stranger.email, w.who.focal.email, "nobody@example.org"]
    names = ["account_login", "account_reset_password"]
    return [partial(at, name, email) for name in names for email in known]


def test_every_answer_is_the_same_in_both_worlds(settings):
    groups = (every_address, words_and_ids, addresses_of_mail)
    rich, poor = two_worlds(settings, lambda w: [ask for group in groups for ask in group(w)])
    assert differing(rich, poor) == []
    assert len(poor) > 300 + TERMS and sum(map(len, poor.values())) > 1_000_000


def in_the_body(answer) -> None:
    answer.content += f"<!-- {counted(Case)} -->".encode()


def in_a_header(answer) -> None:
    answer.headers["ETag"] = f'"{counted(Package)}"'


def in_the_length(answer) -> None:
    answer.content += b" " * counted(Communication)


def counted(model: type[Model]) -> int:
    """As no door could: the role of the portal may not ask."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        number = model._default_manager.count()
        cursor.execute(f"SET ROLE {PORTAL}")
    return number


def test_the_least_that_is_told_is_seen(settings, monkeypatch):
    """Control: a figure, a header or a length that depends on the others is a difference."""

    def leaking(w, leak) -> Iterator[tuple[str, bytes]]:
        def rendered(*args):
            answer = render(*args)
            leak(answer)
            return answer

        with monkeypatch.context() as patch:
            patch.setattr(pages, "render", rendered)
            yield leak.__name__, got(w.own, lambda client: client.get(reverse("inbox")))

    leaks = (in_the_body, in_a_header, in_the_length)
    rich, poor = two_worlds(
        settings,
        lambda w: [
            lambda: one(w, reverse("inbox"), {}),
            *(lambda leak=leak: leaking(w, leak) for leak in leaks),
        ],
    )
    assert differing(rich, poor) == [leak.__name__ for leak in leaks]
