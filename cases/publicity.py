"""What the United Nations says of a case in public: which use of what people told that is, and
every reason why it may not be said.

Some responses are public whatever their field says: a press release cannot be recorded as quiet.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import consent, gates
from cases.consent import Verdict
from cases.gates import Gate
from cases.models import Action, Person
from cases.vocabulary import Use

# Codes of V-ACTION and V-PROT: in papers and sessions of the United Nations; to the press.
IN_UN_PAPERS = frozenset({"RPT", "DIAL", "PRES", "SGR"})
TO_THE_PRESS = frozenset({"STM", "PR", "MEDIA"})
PROTECTIVE_PUBLICITY = "PUB"


class Publicity(NamedTuple):
    """What an action makes public: to whom, whether it was said already, who is named in it."""

    use: Use
    said: bool
    named: frozenset[UUID]


def publicity_of(action: Action) -> Publicity | None:
    """None for what is quiet."""
    if action.kind in IN_UN_PAPERS:
        use = Use.PUBLISH
    elif action.public or action.kind in TO_THE_PRESS or action.protection == PROTECTIVE_PUBLICITY:
        use = Use.ADVOCATE
    else:
        return None
    named = frozenset(action.named.values_list("pk", flat=True))
    return Publicity(use, action.done_on is not None, named)


def weighed(action: Action, made: Publicity, on: date) -> Iterator[tuple[Person, Verdict]]:
    """Of everybody in the case: what is said of one may stand in words about another."""
    book = consent.ledger(action.case.consents.all())
    for person in action.case.persons.all():
        told = consent.FACTS_AND_NAME if person.pk in made.named else consent.FACTS
        yield person, consent.weigh(book, person, made.use, told, on)


def speaking(action: Action, made: Publicity, met: Mapping[UUID, str]) -> list[Gate]:
    """Before it is said: consent of everybody, their risk, no stop flag. Nothing overrides it."""
    found: list[Gate] = []
    for person, verdict in weighed(action, made, timezone.localdate()):
        what = {"person": person.code, "use": made.use.label}
        by_name = person.pk in made.named
        title = (
            _("Consent of %(person)s: %(use)s, by name")
            if by_name
            else _("Consent of %(person)s: %(use)s")
        )
        found += gates.consent_of(person, title % what, verdict, met)
    return gates.in_order([*found, *gates.do_no_harm(action.case)])
