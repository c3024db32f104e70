"""The promise of the vault: after whole lives of cases, nothing of them lies anywhere in clear.

Not in a dump, a backup or the write-ahead log, not in what PostgreSQL writes down when it is told
to write down everything, not in the broker, its file or any command it gets, not in a log, a mail,
the name of a file or a file, and not in one that was there for a moment only.

In each of them one word is planted in clear. It has to be found there, and nothing else.
"""

import base64
import json
import logging
import re
import tempfile
import time
import uuid
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from celery.worker import state
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from cases import notices
from cases.models import Notice
from cases.services import communications
from reprisals.celery import app
from tests.factories import UserFactory
from tests.promises import copies
from tests.promises.canaries import Canaries, smell, sniff
from tests.promises.world import build, guest_shown
from tests.samples import pdf, upload

PATIENCE = 60  # seconds until the worker has done all that was queued
PLANTED = "planted in clear"
IDS = ("case ", "person ", "letter ")  # may stand in a log: the addresses of pages hold them
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
def clear():
    """Canaries, one of which lies in clear in a table, the cache and a queue of our own."""
    canaries = Canaries()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (word text)")
    app.conf.task_send_sent_event = True
    yield canaries
    app.conf.task_send_sent_event = False
    cache.clear()
    with redis.from_url(settings.REDIS_URL) as server:
        server.delete("planted", "_kombu.binding.planted")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE planted")


def plant(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO planted VALUES (%s)", [word])
    cache.set("planted", word)
    app.send_task("planted", args=[word], queue="planted")
    logging.getLogger("planted").warning(word)
    with tempfile.NamedTemporaryFile() as file:
        file.write(word.encode())
        file.flush()


@pytest.fixture
def lived(transactional_db, clear, client, caplog, tmp_path):
    """The world of the leak walk with real commits, queue and worker; each road that leads out
    of it stands open: what went there is in `taken`."""
    app.control.purge()
    caplog.set_level(logging.DEBUG)
    with ExitStack() as stack:
        roads = ("journal", "write_ahead_log", "told_to_valkey", "scraps")
        taken = {road: stack.enter_context(getattr(copies, road)()) for road in roads}
        w = build(clear)
        guest_shown(clear, w)
        looked_at(w, client)
        plant(clear[PLANTED])
        w.queued = queued()
        taken |= {"held": copies.held_by_valkey(), "saved": copies.saved_by_valkey()}
        worked_off()
    taken |= {"dumps": copies.dumps(tmp_path), "backup": copies.backup(tmp_path)}
    w.taken = SimpleNamespace(**taken)
    return w


def looked_at(w, client) -> None:
    """By who may, with words sought, typed, and a file of three megabytes sent."""
    client.force_login(w.who.focal)
    for case in w.cases:
        assert client.get(reverse("case-detail", args=[case.pk])).status_code == 200
        words = {"q": w.canaries["case: narrative"], "people": "on"}
        client.get(client.post(reverse("case-search"), words).url)
        client.post(reverse("case-edit", args=[case.pk]), {"narrative": w.canaries["typed"]})
        for letter in case.communications.all():
            client.get(reverse("letter-detail", args=[letter.pk]))
            communications.readiness(communications.whole(letter), by=w.who.focal)
    sent = {"file": upload(large(w.canaries["file: words"]), "statement.pdf"), "copy": "original"}
    row = w.unsent.evidence.first()
    assert client.post(reverse("evidence-attach", args=[row.pk]), sent).status_code == 302


def large(word: str) -> bytes:
    def say(document) -> None:
        document.pages[0].Contents = document.make_stream(b"% " + word.encode() * 200_000)

    return pdf(say, compress_streams=False)


def queued() -> list[dict]:
    with redis.from_url(settings.REDIS_URL) as server:
        queues = settings.CELERY_TASK_QUEUES
        return [json.loads(raw) for name in queues for raw in server.lrange(name, 0, -1)]


def worked_off() -> None:
    """By a worker that says of each task what becomes of it, to whoever listens."""
    with start_worker(app, perform_ping_check=False, task_events=True):
        ends = time.monotonic() + PATIENCE
        while queued() or state.reserved_requests:
            assert time.monotonic() < ends
            time.sleep(0.1)


def sensitive(w) -> dict[str, str]:
    """All but what may be read; the sealed places that begin alike stay in."""
    return {
        place: word
        for place, word in w.canaries.items()
        if not place.startswith(IN_CLEAR) or place.startswith(NOWHERE_ELSE)
    }


def test_nothing_of_a_case_lies_in_clear(lived, caplog):
    secret = sensitive(lived)
    assert len(secret) > 60
    _in_dumps(lived, secret)
    _in_backup(lived, secret)
    _in_files(secret)
    _in_scraps(lived, secret)
    _in_valkey(lived, secret)
    _in_queue(lived)
    _in_logs(lived, caplog)
    _in_journal(lived, secret)


def _in_dumps(w, secret) -> None:
    """Every row of every table; bytes come as hex, which the nose reads."""
    for kind, raw in w.taken.dumps.items():
        assert raw.count(b"\nCOPY ") > 40
        assert sniff(raw, secret) == {PLANTED}, kind
        # Control: what may be read is found too.
        assert {"staff: office of reviewer"} <= sniff(raw, w.canaries)
        assert str(w.unsent.pk).encode() in raw


def _in_backup(w, secret) -> None:
    found = [sniff(raw, secret) for _name, raw in w.taken.backup]
    assert len(found) > 400
    assert set.union(*found) == {PLANTED}
    assert sniff(b"".join(w.taken.write_ahead_log), secret) == {PLANTED}


def _in_files(secret) -> None:
    files = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        raw = path.read_bytes()
        assert b"%PDF" not in raw
        assert not smell(str(path).encode(), secret)
        assert not sniff(raw, secret)


def _in_scraps(w, secret) -> None:
    """What was laid down for a moment, to be sealed, printed, cleaned or sent."""
    written = w.taken.scraps.written
    sealed = [path for path in written if path.is_relative_to(settings.FILES_DIR)]
    assert len(sealed) > 8
    clear = {path for path, raw in written.items() if sniff(str(path).encode() + raw, secret)}
    assert {sniff(written[path], secret) == {PLANTED} for path in clear} == {True}
    assert len(clear) == 1
    assert w.taken.scraps.nameless == []


def _in_valkey(w, secret) -> None:
    """Cache, throttles, queue and events: what it holds, what it saves, what it was told."""
    held = {key: found for key, raw in w.taken.held.items() if (found := sniff(raw, secret))}
    assert len(held) == 2
    assert set.union(*held.values()) == {PLANTED}
    assert sniff(w.taken.saved, secret) == {PLANTED}
    told = b"\n".join(w.taken.told_to_valkey)
    assert sniff(told, secret) == {PLANTED}
    said = events(told)
    assert {"task-sent", "task-received", "task-succeeded"} <= {event["type"] for event in said}
    assert sniff(json.dumps(said).encode(), secret) == {PLANTED}
    assert b"celery-task-meta" not in told


def events(told: bytes) -> list[dict]:
    """Of the tasks, as whoever listens at the broker gets them: one by one or several at once."""
    lines = [line for line in told.splitlines() if b"celeryev" in line]
    bodies = [body for line in lines for body in re.findall(rb'"body": ?"([\w+/=]+)"', line)]
    said = [json.loads(base64.b64decode(body)) for body in bodies]
    return [event for one in said for event in (one if isinstance(one, list) else [one])]


def _in_queue(w) -> None:
    assert len(w.queued) > 10
    for message in w.queued:
        args, kwargs, _options = json.loads(base64.b64decode(message["body"]))
        assert kwargs == {}
        assert all(str(uuid.UUID(arg)) == arg for arg in args), message["headers"]["task"]


def _in_logs(w, caplog) -> None:
    """Of every logger, down to the talkative ones, while `lived` was made."""
    lines = caplog.get_records("setup")
    said = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text or ''}" for r in lines)
    found = smell(said.encode(), w.canaries)
    assert {place for place in found if not place.startswith(IDS)} == {PLANTED}


def _in_journal(w, secret) -> None:
    said = b"".join(w.taken.journal)
    assert said.count(b"INSERT INTO") > 500
    assert sniff(said, secret) == {PLANTED}
    # Control: what may be read in the database is read here too.
    assert "staff: office of reviewer" in sniff(said, w.canaries)


@pytest.mark.django_db
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
