"""A real Celery worker on a real Redis: twice in the queue, killed in the middle, lost for good."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from cases import tasks
from cases.models import Deadline, Notice, Reply
from cases.services import replies
from cases.vocabulary import Stage
from reprisals.celery import app
from tests.factories import journey
from tests.worker.post_office import PostOffice

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _empty_queue():
    app.control.purge()


@pytest.fixture
def post():
    with PostOffice() as office:
        yield office
        office.shutdown()


def database_url() -> str:
    s = connection.settings_dict
    return f"postgresql://{s['USER']}@/{s['NAME']}?host={s['HOST']}&port={s['PORT'] or 5432}"


@contextmanager
def working(post):
    """A worker of its own process on the test's database, broker and mail server."""
    env = {
        **os.environ,
        "DOOR": "worker",
        "DATABASE_URL": database_url(),
        "EMAIL_DIR": "",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(post.port),
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "reprisals",
        "worker",
        "-c",
        "2",
        "-l",
        "ERROR",
    ]
    process = subprocess.Popen(command, env=env, start_new_session=True)  # noqa: S603  ours
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(true, seconds=90):
    """Generous: a worker starts within a second, or within a minute on a busy machine."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def owed(**times):
    who = journey.cast()
    return Notice.objects.create(recipient=who.focal, key="something waits", **times)


def test_queued_twenty_times_sent_once(post):
    notice = owed()
    for _again in range(20):
        tasks.send_notice.delay(str(notice.pk))

    with working(post):
        assert until(lambda: post.mails)
        assert until(lambda: app.connection().default_channel.client.llen("celery") == 0)
        time.sleep(1)

    assert len(post.mails) == 1
    assert "Something waits for you" in post.mails[0]


def test_killed_in_the_middle_the_sweep_makes_it_good(post):
    notice = owed(created_at=timezone.now() - dt.timedelta(hours=1))
    post.slow, post.deaf = 20, True
    tasks.send_notice.delay(str(notice.pk))

    with working(post) as first:
        assert until(post.arriving.is_set)
        os.killpg(first.pid, signal.SIGKILL)
    notice.refresh_from_db()
    assert notice.sent_at is None

    post.slow, post.deaf = 0, False
    tasks.sweep_notices.delay()
    with working(post):
        assert until(lambda: post.mails)
        assert until(lambda: Notice.objects.filter(sent_at__isnull=False).exists())
    assert len(post.mails) == 1


def test_broker_lost_the_reply_and_the_sweep_brings_it_to_the_case(post):
    who = journey.cast()
    package = journey.transmitted(who)
    reply = replies.start_reply(package, by=who.mission)
    reply = replies.save_reply(reply, by=who.mission, version=reply.version, text="We reply.")
    replies.submit_reply(reply, by=who.mission, version=reply.version)
    app.control.purge()  # what the broker held is gone

    tasks.sweep_packages.delay()
    with working(post):
        assert until(lambda: Reply.objects.filter(taken_in_at__isnull=False).exists())

    case = package.communication.case
    case.refresh_from_db()
    assert case.stage == Stage.ASSESS


def test_what_is_due_is_said_once_by_two_workers(post):
    who = journey.cast()
    case = journey.recorded(who)
    past = timezone.now() - dt.timedelta(minutes=1)
    Deadline.objects.bulk_create(
        Deadline(case=case, kind="triage", communication=None, due_at=past, remind_at=past)
        for _only in range(1)
    )

    with working(post), working(post):
        for _again in range(6):
            tasks.sweep_deadlines.delay()
        assert until(lambda: post.mails)
        time.sleep(1)

    assert len(post.mails) == 1


def test_mail_holds_no_word_of_a_case(post):
    who = journey.cast()
    journey.replied(journey.transmitted(who), who)

    tasks.sweep_notices.delay()
    Notice.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    with working(post):
        assert until(lambda: not Notice.objects.owed().exists())

    assert len(post.mails) >= 3
    case = who.focal.owned_cases.get()
    for mail in post.mails:
        for word in (journey.NAME, case.reference, "Ardania", "XAA", "detention", "Council"):
            assert word.casefold() not in mail.casefold()
