"""That conditions are met: said by an officer for one act, in words, and never assumed."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, consent, gates, publicity
from cases.models import Action, Assignment, Case, Communication, Consent, Fulfilment, Person
from cases.policy import May, require
from cases.publicity import Publicity
from cases.refusals import MoveRefused, Refused
from cases.services import communications, records
from cases.services.communications import EDITABLE
from cases.vocabulary import DataClass, Use


@transaction.atomic
def say_conditions_met(
    letter: Communication, entry: Consent, *, by: User, digest: str, words: str
) -> Fulfilment:
    """Of exactly the text that was seen, named by its digest: any change of it ends this."""
    case = records.locked_case(letter.case)
    require(by, May.SAY_CONDITIONS_MET, case)
    letter = Communication.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.status not in EDITABLE:
        raise MoveRefused(_("This letter has left, or was discarded."))
    if communications.composed(communications.whole(letter), by=by).digest != digest:
        raise Refused(_("The text changed while you were reading. Look at it again."))
    in_force = consent.ledger(Consent.objects.filter(case=case)).values()
    if entry not in in_force or not consent.has_conditions(entry):
        raise Refused(_("The person has given another answer since. Read it first."))
    return _say(case, entry, by, words, communication=letter, digest=digest)


def require_shareable(case: Case, told: Collection[DataClass], *, words: str) -> list[Consent]:
    """Open the gates to somebody outside the house, or raise GateShut with every reason.

    Returns the answers whose conditions `words` say are met; record them with `said_of`.
    """
    asked = [entry for _who, entry in asked_of_sharing(case, told)] if words.strip() else []
    gates.require_open(gates.sharing(case, told, {entry.pk: words for entry in asked}))
    return asked


def require_sayable(action: Action, made: Publicity, *, words: str) -> list[Consent]:
    """The same for what is said in public."""
    weighed = publicity.weighed(action, made, timezone.localdate()) if words.strip() else ()
    asked = [entry for _who, verdict in weighed for entry in verdict.asks]
    gates.require_open(publicity.speaking(action, made, {entry.pk: words for entry in asked}))
    return asked


def said_of(
    act: Action | Assignment | User, case: Case, entries: Iterable[Consent], *, by: User, words: str
) -> None:
    """Write down by whom the conditions were said to be met in this act."""
    names: dict[type, str] = {Action: "action", Assignment: "assignment"}
    to: dict[str, Any] = {names.get(type(act), "guest"): act}
    for entry in entries:
        _say(case, entry, by, words, **to)


def asked_of_sharing(
    case: Case, told: Collection[DataClass] = consent.ALL_BUT_NAME
) -> list[tuple[Person, Consent]]:
    """What each person asked for under sharing inside the United Nations, where they allow it."""
    book, today = consent.ledger(case.consents.all()), timezone.localdate()
    return [
        (person, entry)
        for person in case.persons.all()
        for entry in consent.weigh(book, person, Use.SHARE, told, today).asks
    ]


def _say(case: Case, entry: Consent, by: User, words: str, **act: Any) -> Fulfilment:
    if not words.strip():
        raise Refused(_("Say how the conditions are met."))
    said = Fulfilment.objects.create(case=case, consent=entry, words=words, said_by=by, **act)
    audit.record("conditions_met", said, by=by, case=case, detail={"consent": str(entry.pk)})
    return said
