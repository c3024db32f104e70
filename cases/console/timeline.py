"""What happened to a case, in words: made from the audit, so never a text or a name of a case."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Case as Choice
from django.db.models import OuterRef, QuerySet, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role, User
from cases.lifecycles import CASE_MOVES, LETTER_MOVES, CaseMove, LetterMove
from cases.models import AuditEvent, Case

NOUNS: dict[str, str | Promise] = {
    "case": gettext_lazy("the case"),
    "person": gettext_lazy("a person"),
    "act": gettext_lazy("an act"),
    "cooperation": gettext_lazy("a cooperation"),
    "source": gettext_lazy("a source"),
    "evidence": gettext_lazy("evidence"),
    "evidenceattachment": gettext_lazy("a file"),
    "element": gettext_lazy("an element"),
    "corroboration": gettext_lazy("what a source says of an element"),
    "consent": gettext_lazy("a consent"),
    "riskassessment": gettext_lazy("an assessment of risk"),
    "outcome": gettext_lazy("what became of a person"),
    "measure": gettext_lazy("a measure of the State"),
    "action": gettext_lazy("an action"),
    "communication": gettext_lazy("a letter"),
    "package": gettext_lazy("a letter"),
    "reply": gettext_lazy("a reply"),
    "replyattachment": gettext_lazy("a file of a reply"),
    "packageattachment": gettext_lazy("a file of a letter"),
    "identity": gettext_lazy("who somebody is"),
    "assignment": gettext_lazy("an assignment"),
}
ON_PARTS = {
    "recorded": gettext_lazy("Added %(what)s"),
    "edited": gettext_lazy("Changed %(what)s"),
    "removed": gettext_lazy("Removed %(what)s"),
    "read": gettext_lazy("Looked at %(what)s"),
}
VERBS: dict[str, str | Promise] = {
    "filed": gettext_lazy("Recording finished; case filed"),
    "concluded": gettext_lazy("Verification concluded"),
    "stopped": gettext_lazy("Outward acts stopped"),
    "stop_lifted": gettext_lazy("Stop flag lifted"),
    "protection_started": gettext_lazy("Protective track started"),
    "protection_ended": gettext_lazy("Protective track ended"),
    "given": gettext_lazy("Case given to an officer"),
    "assigned": gettext_lazy("Assigned"),
    "assignment_ended": gettext_lazy("Assignment ended"),
    "shown": gettext_lazy("Case shown to a guest"),
    "showing_ended": gettext_lazy("Case no longer shown to a guest"),
    "attached": gettext_lazy("File added to evidence"),
    "drafted": gettext_lazy("Letter drafted"),
    "transmitted": gettext_lazy("Letter sent to the State"),
    "letter_read": gettext_lazy("The mission opened the letter"),
    "letter_acknowledged": gettext_lazy("The mission acknowledged receipt"),
    "extension_asked": gettext_lazy("The mission asked for more time"),
    "extension_granted": gettext_lazy("More time granted"),
    "extension_refused": gettext_lazy("More time refused"),
    "letter_answer": gettext_lazy("Reply received"),
    "assessed": gettext_lazy("Reply assessed"),
    "endorsed": gettext_lazy("A mandate endorsed the letter"),
    "declined": gettext_lazy("A mandate declined to sign the letter"),
    "reopened": gettext_lazy("Letter reopened: consent was refused or withdrawn"),
    "composed_with_names": gettext_lazy("Composed a letter that gives a name"),
    "checked_for_leaks": gettext_lazy("Checked a letter for names"),
}
ABOUT = {
    "kept": gettext_lazy("Identity of %(code)s sealed"),
    "revealed": gettext_lazy("Saw the name of %(code)s"),
    "refused": gettext_lazy("Asked for the name of %(code)s and was refused"),
}
OUT = frozenset({"transmitted", "extension_granted", "extension_refused"})
STOPS = frozenset({"stopped", "refused"})
# Said by another row of the same act.
ECHOES = ("letter_transmit", "letter_assess", "case_letter_sent")
ECHOES += ("reply_received", "case_reply_received", "case_reply_assessed")


class Event(NamedTuple):
    at: datetime
    text: str
    by: str
    kind: str
    url: str = ""


def events_of(case: Case, *, reads: bool = False) -> QuerySet[AuditEvent]:
    """Writes, or with `reads` who looked and who was refused. Newest first, each with its actor."""
    here = Choice(When(office=case.office_id, then=Value(0)), default=Value(1))
    places = Membership.objects.filter(user=OuterRef("actor")).order_by(here, "role")
    actor = User.objects.filter(pk=OuterRef("actor"))
    rows = AuditEvent.objects.filter(case=case.pk, read=reads)
    return rows.exclude(verb__in=ECHOES).annotate(
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
    if verb in ON_PARTS:
        return str(ON_PARTS[verb]) % what
    if verb in ABOUT:
        return str(ABOUT[verb]) % {"code": row.detail.get("of", "")}
    return str(VERBS.get(verb) or _move(verb) or verb)


def _move(verb: str) -> str | Promise:
    """The label of a step of the case or of a letter, as its button says it."""
    noun, _sep, name = verb.partition("_")
    if noun == "case" and name in CaseMove.values:
        return CASE_MOVES[CaseMove(name)].label
    if noun == "letter" and name in LetterMove.values:
        return str(_("Letter: %(step)s")) % {"step": LETTER_MOVES[LetterMove(name)].label}
    return ""


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
