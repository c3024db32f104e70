"""How much one account is shown, so that one in the wrong hands cannot carry everything off (T17).

What counts is how many different things, not how many requests: whoever reads one case all day is
at work. A page or answer about one row is one look at that row; a list that tells more than codes
is one look at each case in it. Lists of codes have a measure of their own, ten times as wide.

Kept in the broker's memory, as marks that tell no row. Two requests at once are counted one after
the other. Where the broker is away nothing is counted and everybody reads on: ADR 0020.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import User

logger = logging.getLogger(__name__)
CODES_FOR_A_LOOK = 10
PATIENCE = 1  # seconds; every page waits for it
MARK_LENGTH = 24  # 96 bits, in hex


class Measure(NamedTuple):
    """So many different things within so many seconds, and no more."""

    name: str
    seconds: int
    most: int


class ReadingHeld(Exception):
    """This account was shown as much as one may be. `until`: when something new opens again."""

    def __init__(self, measure: Measure, until: datetime) -> None:
        super().__init__(measure.name)
        self.measure = measure
        self.until = until

    @property
    def seconds_left(self) -> int:
        return max(1, int((self.until - timezone.now()).total_seconds()) + 1)

    @property
    def reason(self) -> str:
        most = {"most": self.measure.most}
        if self.measure.name.endswith("in_ten_minutes"):
            return (
                _("Within ten minutes one account is shown at most %(most)d different things.")
                % most
            )
        return _("Within 24 hours one account is shown at most %(most)d different things.") % most


def take(by: User, shown: Collection[object], *, in_codes: bool = False) -> None:
    """Count what `by` is about to be shown: ids, of which those seen of late count no more.

    Raises ReadingHeld, and counts none of it, where one of it would be too many.
    """
    if settings.DOOR == "worker" or not shown:  # no worker shows anything to anybody
        return
    marks = [_mark(by, one) for one in shown]
    try:
        held = _counted(by, marks, measures(in_codes=in_codes))
    except redis.RedisError as away:
        logger.error("What people read is not counted: the broker does not answer", exc_info=away)
        return
    if held:
        raise max(held, key=lambda one: one.until)


def measures(*, in_codes: bool) -> list[Measure]:
    times, what = (CODES_FOR_A_LOOK, "codes") if in_codes else (1, "looks")
    return [
        Measure(f"{what}_in_ten_minutes", 600, settings.LOOKS_IN_TEN_MINUTES * times),
        Measure(f"{what}_a_day", 86_400, settings.LOOKS_A_DAY * times),
    ]


def first_of(held: ReadingHeld, by: User) -> bool:
    """Whether nobody was told yet that `by` came to this measure, within its time."""
    measure = held.measure
    try:
        return bool(_broker().set(_key(by, f"told:{measure.name}"), 1, nx=True, ex=measure.seconds))
    except redis.RedisError:
        return True  # twice is better than never


def _counted(by: User, marks: list[str], found: list[Measure]) -> list[ReadingHeld]:
    """Each look is put down at the time of the first; what is then one too many is taken off."""
    now = timezone.now().timestamp()
    with _broker().pipeline() as pipe:
        for measure in found:
            key = _key(by, measure.name)
            pipe.zremrangebyscore(key, "-inf", now - measure.seconds)
            pipe.zmscore(key, marks)
            pipe.zadd(key, dict.fromkeys(marks, now), nx=True)
            pipe.zcard(key)
            pipe.zrange(key, measure.most, -1)
            pipe.zrange(key, 0, 0, withscores=True)
            pipe.expire(key, measure.seconds)
        answers = pipe.execute()
        each = [_Tally(*answers[start : start + 7]) for start in range(0, len(answers), 7)]
        held = [
            ReadingHeld(measure, tally.until(measure))
            for measure, tally in zip(found, each, strict=True)
            if tally.is_over(measure, marks)
        ]
        for measure, tally in zip(found, each, strict=True):
            if held and (new := tally.new_among(marks)):
                pipe.zrem(_key(by, measure.name), *new)
        pipe.execute()
    return held


class _Tally(NamedTuple):
    """What the broker answered, in the order in which it was asked."""

    passed: int
    seen: list[float | None]
    added: int
    number: int
    too_many: list[str]
    first: list[tuple[str, float]]
    kept: Any

    def new_among(self, marks: list[str]) -> list[str]:
        return [mark for mark, at in zip(marks, self.seen, strict=True) if at is None]

    def is_over(self, measure: Measure, marks: list[str]) -> bool:
        """Of two who ask for the same at once, neither finds there what the other is refused."""
        new = self.new_among(marks)
        return bool(new and self.number > measure.most) or not set(self.too_many).isdisjoint(marks)

    def until(self, measure: Measure) -> datetime:
        """When the oldest look is no longer within the time of the measure."""
        [(_one, at)] = self.first
        return datetime.fromtimestamp(at + measure.seconds, UTC)


def _mark(by: User, shown: object) -> str:
    """Equal for the same thing and account; tells neither."""
    return salted_hmac("cases.looks", f"{by.pk}:{shown}").hexdigest()[:MARK_LENGTH]


def _key(by: User, what: str) -> str:
    """Among the keys that the user of this door at the broker may touch: launch/acl.py."""
    return f"{settings.DOOR}:looks:{by.pk}:{what}"


def _broker() -> "redis.Redis":
    return _pool_of(settings.REDIS_URL)


@cache
def _pool_of(url: str) -> "redis.Redis":
    """Kept: each page asks. One more try, since the broker may have come back meanwhile."""
    return redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
    )
