"""How much one account is shown: counted in a real broker, exactly, apart for each account."""

import datetime as dt
import logging
import threading
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from cases import looks
from cases.looks import ReadingHeld, take
from launch.acl import address_of, make_users

NOBODY = "unix:///nowhere/valkey.sock"


@pytest.fixture(autouse=True)
def _narrow(settings):
    settings.LOOKS_IN_TEN_MINUTES, settings.LOOKS_A_DAY = 3, 5


@pytest.fixture
def reader():
    return User(id=uuid4())


def ids(number):
    return [uuid4() for _each in range(number)]


def held(by, shown, **more):
    with pytest.raises(ReadingHeld) as caught:
        take(by, shown, **more)
    return caught.value


def test_so_many_different_things_and_no_more(reader):
    for one in ids(3):
        take(reader, [one])

    assert held(reader, ids(1)).measure.name == "looks_in_ten_minutes"


def test_the_same_thing_again_is_no_more_of_it_and_stays_open(reader):
    seen = ids(3)
    for one in seen * 4:
        take(reader, [one])
    held(reader, ids(1))

    for one in seen:
        take(reader, [one])


def test_another_account_reads_on(reader):
    seen = ids(3)
    take(reader, seen)

    take(User(id=uuid4()), seen)

    held(reader, ids(1))


def test_what_was_refused_was_not_shown_and_does_not_count(reader):
    take(reader, ids(1))
    too_many = ids(3)

    for _again in range(3):
        held(reader, too_many)

    take(reader, ids(2))
    held(reader, ids(1))
    held(reader, too_many[:1])


def test_it_ends_by_itself_and_says_when(reader):
    with time_machine.travel("2026-11-25 09:00:00Z", tick=False) as clock:
        take(reader, ids(1))
        clock.shift(60)
        take(reader, ids(2))
        found = held(reader, ids(1))
        assert found.until == timezone.now() + dt.timedelta(minutes=9)
        assert 540 <= found.seconds_left <= 541
        clock.move_to(found.until)

        take(reader, ids(1))

        assert held(reader, ids(1)).seconds_left >= 60


def test_no_ten_minutes_hold_more_wherever_they_begin(reader):
    """A window that begins anew at the full hour would let twice as much pass around it."""
    with time_machine.travel("2026-11-25 09:09:00Z", tick=False) as clock:
        take(reader, ids(2))
        clock.move_to("2026-11-25 09:11:00Z")
        take(reader, ids(1))
        held(reader, ids(1))


def test_a_day_has_its_own_measure(reader):
    with time_machine.travel("2026-11-25 09:00:00Z", tick=False) as clock:
        first = ids(3)
        take(reader, first)
        clock.shift(3600)
        take(reader, ids(2))
        found = held(reader, ids(1))
        assert found.measure.name == "looks_a_day"
        assert found.seconds_left > 22 * 3600
        take(reader, first[:1])  # of today: stays open


def test_rows_of_lists_are_counted_apart_and_ten_times_as_wide(reader):
    for _page in range(3):
        take(reader, ids(10), in_codes=True)

    assert held(reader, ids(1), in_codes=True).measure.name == "codes_in_ten_minutes"
    take(reader, ids(3))


def test_the_broker_is_told_neither_what_was_read_nor_for_ever(reader, settings):
    one = uuid4()
    take(reader, [one])

    with redis.from_url(settings.REDIS_URL) as server:
        keys = server.keys(f"console:looks:{reader.pk}:*")
        kept = b"".join(server.dump(key) for key in keys)
        assert len(keys) == 2 and all(0 < server.ttl(key) <= 86_400 for key in keys)
    assert one.bytes not in kept and str(one).encode() not in kept and one.hex.encode() not in kept


def test_two_at_once_at_the_end_of_the_measure(reader, settings):
    """Of many different ones three are shown; of one and the same, all or nothing."""
    settings.LOOKS_A_DAY = 1000
    assert at_once([[one] for one in ids(12)], reader).count(None) == 3
    same = uuid4()

    assert at_once([[same]] * 12, reader).count(None) == 0


def at_once(shown, reader):
    gate, answers = threading.Barrier(len(shown)), []

    def run(these):
        gate.wait()
        try:
            answers.append(take(reader, these))
        except ReadingHeld as found:
            answers.append(found)

    threads = [threading.Thread(target=run, args=[these]) for these in shown]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers


def test_without_the_broker_everybody_reads_on_and_somebody_hears_of_it(reader, settings, caplog):
    settings.REDIS_URL = NOBODY

    with caplog.at_level(logging.ERROR):
        take(reader, ids(50))

    assert "not counted" in caplog.text
    assert str(reader.pk) not in caplog.text
    assert looks.first_of(ReadingHeld(looks.measures(in_codes=False)[0], timezone.now()), reader)


def test_somebody_is_told_once_within_the_time_of_the_measure(reader):
    take(reader, ids(3))
    found = held(reader, ids(1))

    assert [looks.first_of(found, reader) for _again in range(3)] == [True, False, False]


def test_the_worker_shows_nobody_anything(reader, settings):
    settings.DOOR = "worker"

    take(reader, ids(50))


@pytest.mark.parametrize("door", ["console", "portal"])
def test_each_door_counts_as_its_own_user_of_the_broker(reader, settings, door):
    make_users(settings.REDIS_URL)
    settings.DOOR, settings.REDIS_URL = door, address_of(door, settings.REDIS_URL)
    try:
        take(reader, ids(3))
        held(reader, ids(1))
    finally:
        cache.clear()
