"""Security test T9, the pages of console and portal: nobody writes a field by sending it.

Every form, as a browser sends it, and once more with every field of every model beside what the
page asks, typed and in the address: the database, compared whole, is the same afterwards to the
byte. The API: `test_nothing_more_is_written`.
"""

import json
from collections import Counter
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.promises.posts import (
    CONSOLE,
    LOOKS,
    OF_AN_ACCOUNT,
    PORTAL,
    READ,
    TYPED,
    Post,
    W,
    filled,
    world,
)
from tests.promises.routes import routes
from tests.promises.writing import Done, Rows, done, every_name, standing_still

pytestmark = pytest.mark.django_db

# What an address may say beside its row: for whom a letter is begun, where one came from.
IN_ADDRESSES = {"lead"}


def sent(w: W, name: str, post: Post, more: dict[str, Any]) -> Done:
    """The page opened and its form sent, with what of `more` the page does not ask."""

    def ask() -> Any:
        client = Client()
        client.force_login(getattr(w, post.by))
        row = attrgetter(post.of)(w) if post.of else None
        path = reverse(name, kwargs={**({"pk": row.pk} if row else {}), **post.named(w)})
        page = client.get(path)
        body = {**filled(page), **post.typed(w)}
        asked = {*body, *asked_by(page)}
        beside = {name: value for name, value in more.items() if name not in asked}
        query = {name: value for name, value in beside.items() if name not in IN_ADDRESSES}
        body = {name: value for name, value in {**beside, **body}.items() if value is not None}
        return client.post(f"{path}?{urlencode(query)}" if query else path, body)

    return done(ask, name)


def asked_by(page: Any) -> set[str]:
    form = (page.context or {}).get("form")
    return {form.add_prefix(name) for name in form.fields} if form else set()


# Kept for their writer as it was typed, whatever its name; and who came, and who was told.
BESIDE = {"cases_draft", "cases_portaldraft", "cases_auditevent", "accounts_session"}
# Adding a file keeps what is typed on the same page.
KEEP = {"reply-attach", "reply-detach"}


def lasting(rows: Rows) -> Rows:
    return Counter({row: number for row, number in rows.items() if row[0] not in BESIDE})


def wrong_with(w: W, name: str, post: Post, names: dict[str, Any]) -> str:
    plain = sent(w, name, post, {})
    if not lasting(plain.written + plain.gone):
        return f"was not taken: {plain.answer.status_code} {_errors(plain.answer)}"
    beside = sent(w, name, post, names)
    found = [(done.written, done.gone) for done in (plain, beside)]
    if name in KEEP:
        found = [(lasting(written), lasting(gone)) for written, gone in found]
    if found[0] != found[1]:
        return f"writes more: {_told(beside, plain)}"
    same = beside.answer.status_code == plain.answer.status_code
    return "" if same else f"{beside.answer.status_code}"


def _errors(answer: Any) -> Any:
    form = (answer.context or {}).get("form")
    return form.errors.as_json() if form is not None else ""


def _told(one: Done, other: Done) -> list[str]:
    """The columns that differ."""
    more, less = (
        {
            f"{table}.{name}: {str(value)[:80]}"
            for table, row in rows
            for name, value in json.loads(row).items()
        }
        for rows in (one.written - other.written, other.written - one.written)
    )
    return sorted(more ^ less)


@pytest.mark.parametrize(("door", "forms"), [("console", CONSOLE), ("portal", PORTAL)])
def test_no_form_writes_what_it_does_not_ask(settings, door, forms):
    w, wrong = world(), {}
    ours = [r for r in routes(door) if not r.pattern.startswith(("/api/", "/admin/"))]
    told = {r.name for r in ours if not r.name.startswith(OF_AN_ACCOUNT)} - READ - TYPED - LOOKS
    assert told == forms.keys()
    settings.DOOR, settings.ROOT_URLCONF = door, f"reprisals.urls_{door}"
    with standing_still():
        names = every_name()
        for name, posts in forms.items():
            for number, post in enumerate(posts):
                if found := wrong_with(w, name, post, names):
                    wrong[name, number] = found
    assert wrong == {}, "\n".join(f"{key}: {told}" for key, told in wrong.items())
