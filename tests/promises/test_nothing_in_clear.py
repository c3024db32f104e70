"""The promise of the vault: after whole lives of cases, nothing of them lies anywhere in clear.

Not in a column, a session, a cache, a queue, a log, a mail, the name of a file or a file.
"""

import base64
import json
import logging
import uuid

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import reverse

from cases import notices
from cases.models import Notice
from cases.services import communications
from reprisals.celery import app
from tests.factories import UserFactory
from tests.promises.canaries import Canaries, smell
from tests.promises.world import build, guest_shown

pytestmark = pytest.mark.django_db

# What may be read in the database, and why.
IN_CLEAR = (
    "staff: ",  # the people who work here, and their offices
    "other State: name",
    "other State: e-mail",
    "other State: code",  # references, ids and hashes say nothing by themselves
    "other State: id",
    "other State: digest",
    "case 1: ",
    "case 2: ",
    "case 3: ",
    "case 4: ",
    "person ",
    "letter ",
    "evidence: language",  # which language, not what was said in it
    "consent: language",
)
# Never outside the database, not even these.
NOWHERE_ELSE = ("person: ", "letter never sent")


@pytest.fixture
def lived(client, caplog, django_capture_on_commit_callbacks):
    """The world of the leak walk, made with a real queue; its pages looked at by who may."""
    app.control.purge()
    statements = said_by_postgresql()
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        w = build(Canaries())
        guest_shown(w.canaries, w)
        client.force_login(w.who.focal)
        for case in w.cases:
            assert client.get(reverse("case-detail", args=[case.pk])).status_code == 200
            words = {"q": w.canaries["case: narrative"], "people": "on"}
            client.get(client.post(reverse("case-search"), words).url)
            client.post(reverse("case-edit", args=[case.pk]), {"narrative": w.canaries["typed"]})
            for letter in case.communications.all():
                client.get(reverse("letter-detail", args=[letter.pk]))
                communications.readiness(communications.whole(letter), by=w.who.focal)
    w.statements = statements
    return w


def said_by_postgresql() -> list[str]:
    """What its log would hold with every statement and parameter in it (T38), told to us too."""
    said: list[str] = []
    with connection.cursor() as cursor:
        for setting in ("log_statement = 'all'", "log_parameter_max_length = -1"):
            cursor.execute(f"SET {setting}")
        cursor.execute("SET client_min_messages = 'log'")
    connection.connection.add_notice_handler(
        lambda told: said.append(f"{told.message_primary} {told.message_detail or ''}")
    )
    return said


def sensitive(w) -> dict[str, str]:
    """All but what may be read; the sealed places that begin alike stay in."""
    return {
        place: word
        for place, word in w.canaries.items()
        if not place.startswith(IN_CLEAR) or place.startswith(NOWHERE_ELSE)
    }


def database() -> dict[str, bytes]:
    """Every row of every table, as text; bytes come as hex, which the nose reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        names = cursor.fetchall()
        found = {}
        for schema, name in names:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{schema}"."{name}" AS t')  # noqa: S608
            found[name] = (cursor.fetchone()[0] or "").encode()
    return found


def test_nothing_of_a_case_lies_in_clear(lived, caplog):
    secret = sensitive(lived)
    assert len(secret) > 60
    _in_tables(lived, secret)
    _in_files(secret)
    _in_valkey(lived, secret)
    _in_logs(lived, caplog)
    _in_statements(lived, secret)


def _in_tables(w, secret) -> None:
    tables = database()
    assert len(tables) > 40
    assert {n: s for n, raw in tables.items() if (s := smell(raw, secret))} == {}
    # Control: what may be read is found, so the nose works here too.
    assert "staff: office of reviewer" in smell(tables["accounts_office"], w.canaries)
    assert smell(tables["cases_auditevent"], {"id": str(w.unsent.pk)})


def _in_files(secret) -> None:
    files = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        raw = path.read_bytes()
        assert b"%PDF" not in raw
        assert not smell(str(path).encode() + raw, secret)


def _in_valkey(w, secret) -> None:
    """Cache, throttles and the queue: keys and values."""
    server = redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter(count=1000):
        kind = server.type(key)
        values = server.lrange(key, 0, -1) if kind == b"list" else [server.dump(key) or b""]
        assert not smell(b"\n".join([key, *values]), secret), key
    queues = settings.CELERY_TASK_QUEUES
    queued = [json.loads(raw) for name in queues for raw in server.lrange(name, 0, -1)]
    assert len(queued) > 10
    for message in queued:
        args, kwargs, _options = json.loads(base64.b64decode(message["body"]))
        assert kwargs == {}
        assert all(str(uuid.UUID(arg)) == arg for arg in args), message["headers"]["task"]


def _in_logs(w, caplog) -> None:
    said = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text or ''}" for r in caplog.records)
    assert smell(said.encode(), w.canaries) <= {
        place for place in w.canaries if place.startswith(("case ", "person ", "letter "))
    }


def _in_statements(w, secret) -> None:
    said = "\n".join(w.statements)
    assert len(w.statements) > 1000 and "INSERT INTO" in said
    assert not smell(said.encode(), secret)
    # Control: what may be read in the database is read here too.
    assert "staff: office of reviewer" in smell(said.encode(), w.canaries)


def test_two_hundred_mails_say_the_same():
    w = build(Canaries())
    people = [*UserFactory.create_batch(10), w.who.focal, w.own, w.stranger]
    for number in range(18):
        notices.owe(people, f"{w.unsent.reference}:{number}")
    for notice in Notice.objects.owed():
        notices.deliver(notice.pk)

    sent = mail.outbox
    assert len(sent) >= 200
    assert len({(message.subject, message.body) for message in sent}) == 2  # one for each door
    states = ("XAA", "XBB", w.unsent.state.name, w.unsent.reference)
    for message in sent[:40]:
        told = message.message().as_bytes().replace(message.to[0].encode(), b"")
        assert not smell(told, w.canaries)
        assert not any(word in told.decode() for word in states)
