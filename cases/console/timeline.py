"""What happened to a case, in words: made from the audit, so never a text or a name of a case."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import OuterRef, QuerySet, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, User
from cases.console.event_words import ABOUT, NOUNS, ON_PARTS, VERBS
from cases.models import AuditEvent, Case

OUT = frozenset({"transmitted", "extension_granted", "extension_refused"})
STOPS = frozenset({"stopped", "glass_broken"})
# A list of one's work: of several nouns, so it is kept with who looked at it.
LIST = ("listed", "user")
# Said by another row of the same act.
ECHOES = [
    "letter_transmit",
    "letter_assess",
    "case_letter_sent",
    "reply_received",
    "case_reply_received",
    "case_reply_assessed",
]


class Event(NamedTuple):
    at: datetime
    text: str
    by: str
    kind: str
    url: str = ""


def events_of(case: Case) -> QuerySet[AuditEvent]:
    """What was done, newest first, each with its actor. Who looked stands in the audit."""
    rows = AuditEvent.objects.filter(case=case.pk, read=False)
    return with_actors(rows.exclude(verb__in=ECHOES), case.office_id)


def with_actors(rows: QuerySet[AuditEvent], office: UUID | None = None) -> QuerySet[AuditEvent]:
    """With who did it, as one of `office` where they are more than one thing."""
    here = Choice(When(office=office, then=Value(0)), default=Value(1)) if office else "office"
    places = Membership.objects.filter(user=OuterRef("actor")).order_by(here, "role")
    actor = User.objects.filter(pk=OuterRef("actor"))
    return rows.annotate(
        actor_name=Subquery(actor.values("name")[:1]),
        actor_role=Subquery(places.values("role")[:1]),
        actor_office=Subquery(places.values("office__name")[:1]),
        actor_state=Subquery(places.values("office__state")[:1]),
    )


def in_words(rows: Iterable[Any], reader: User) -> list[Event]:
    return [Event(row.at, _text(row), _by(row, reader), _kind(row), _way(row)) for row in rows]


def _in_one_breath(event: Event) -> tuple[str, str, datetime]:
    return event.text, event.by, event.at.replace(second=0, microsecond=0)


def shortened(events: Iterable[Event], most: int) -> list[Event]:
    """The same thing done again and again by one person within a minute is said once."""
    short = []
    for _key, same in groupby(events, _in_one_breath):
        first, *again = same
        words = {"what": first.text, "times": len(again) + 1}
        text = _("%(what)s (%(times)d times)") % words if again else first.text
        short.append(first._replace(text=text))
    return short[:most]


def _text(row: AuditEvent) -> str:
    verb, what = row.verb, {"what": NOUNS.get(row.noun, row.noun)}
    if verb == "recorded" and row.noun == "case":
        return _("Case opened")
    if verb in ON_PARTS and (verb, row.noun) != LIST:
        return str(ON_PARTS[verb]) % what
    if verb in ABOUT:
        return str(ABOUT[verb]) % {"code": row.detail.get("of", "")}
    return str(VERBS.get(verb, verb))


def _by(row: Any, reader: User) -> str:
    """Colleagues by name and role; a mission by its name, never its people."""
    if row.actor is None:
        return _("the system")
    if row.actor == reader.pk:
        return _("you")
    if row.actor_state:
        return str(row.actor_office)
    if not row.actor_role:
        return row.actor_name or _("somebody who has left")
    words = {"name": row.actor_name, "role": Role(row.actor_role).label}
    return _("%(name)s (%(role)s)") % words


def _kind(row: AuditEvent) -> str:
    if row.verb in OUT:
        return "out"
    return "stop" if row.verb in STOPS else ""


def _way(row: AuditEvent) -> str:
    if row.noun != "communication" or row.verb == "removed":
        return ""
    try:
        return reverse("letter-detail", args=[row.subject])
    except NoReverseMatch:
        return ""
