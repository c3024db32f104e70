"""The people of a case."""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.letters import people_in
from cases.models import Alias, Case, Communication, Containment, Person
from cases.refusals import Refused
from cases.services import identities, records
from cases.vocabulary import PersonKind

WORDS = {
    PersonKind.INDIVIDUAL: "Person",
    PersonKind.GROUP: "Group",
    PersonKind.ORGANISATION: "Organisation",
}


@transaction.atomic
def record_person(
    case: Case, *, by: User, identity: Mapping[str, str] | None = None, **fields: Any
) -> Person:
    """Add a person, with the word by which the State will know them; seal who it is, if told."""
    person = records.record(Person, case, by=by, fields=fields)
    taken = set(case.aliases.values_list("word", flat=True))
    Alias.objects.create(case=person.case, person=person, word=_free_word(person, taken))
    if identity:
        identities.keep_identity(person, by=by, content=identity)
    return person


@transaction.atomic
def edit_person(
    person: Person,
    *,
    by: User,
    version: int,
    identity: Mapping[str, str] | None = None,
    identity_version: int | None = None,
    **fields: Any,
) -> Person:
    """Change the coded facts, and what is given of `identity`. Raises Stale for either row."""
    person = records.edit(person, by=by, version=version, fields=fields)
    if identity:
        identities.keep_identity(person, by=by, content=identity, version=identity_version)
    return person


@transaction.atomic
def remove_person(person: Person, *, by: User) -> None:
    """Whom a State was told of stays: their word would go to somebody else, and mislead it."""
    records.locked_case(person.case)  # no letter leaves between the look and the removal
    sent = Communication.objects.filter(case=person.case_id, transmitted_at__isnull=False)
    if any(person in people_in(letter) for letter in sent):
        raise Refused(_("A State was told of this person, who stays with the case."))
    if Containment.objects.filter(consent__person=person).exists():
        raise Refused(_("What this person took back is contained here: they stay with the case."))
    records.remove(person, by=by)


def _free_word(person: Person, taken: set[str]) -> str:
    """Person A … Person Z, Person AA …: the first that nobody of the case bears."""
    word = WORDS[PersonKind(person.kind)]
    letters = [*ascii_uppercase, *(a + b for a in ascii_uppercase for b in ascii_uppercase)]
    return next(free for letter in letters if (free := f"{word} {letter}") not in taken)
