"""Whose reading was held of late: for those who may lock them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.models import AuditEvent
from cases.models.lock import LOCKERS
from cases.services import locks

LOOKED_BACK, MOST = timedelta(days=7), 50
IN_WORDS: dict[str, str | Promise] = {
    "looks_in_ten_minutes": gettext_lazy("different things within ten minutes"),
    "looks_a_day": gettext_lazy("different things within 24 hours"),
    "codes_in_ten_minutes": gettext_lazy("rows of lists within ten minutes"),
    "codes_a_day": gettext_lazy("rows of lists within 24 hours"),
}


class Held(NamedTuple):
    person: User
    at: datetime
    most: int
    what: str | Promise


def held_of_late(user: User) -> list[Held]:
    """The last first. Whoever may lock nobody is told of nobody, at no cost."""
    if not user.offices_with(LOCKERS):
        return []
    events = list(_events(user)[:MOST])
    people = User.objects.in_bulk([event.actor for event in events]) if events else {}
    return [
        Held(people[event.actor], event.at, event.detail["most"], IN_WORDS[rule])
        for event in events
        for rule in event.detail["rules"]
    ]


def _events(user: User) -> QuerySet[AuditEvent]:
    since = timezone.now() - LOOKED_BACK
    within_reach = locks.people_lockable_by(user).exclude(pk=user.pk).values("pk")
    return AuditEvent.objects.holds().filter(written_at__gte=since, actor__in=within_reach)
