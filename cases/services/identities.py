"""The door to who people really are. Each opening is written down before anything is shown."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, consent
from cases.models import Case, Communication, Identity, Person, Source
from cases.models.index import index_names
from cases.policy import May, can, knows_people, refusal, require
from cases.services import records
from cases.vocabulary import IdentityTreatment


@transaction.atomic
def keep_identity(
    subject: Person | Source, *, by: User, content: Mapping[str, str], version: int | None = None
) -> Identity:
    """Seal who a person or source is. `version` is None for the first time, else the one read.

    Blank fields of `content` leave what is kept as it is, so that nobody has to see a name in
    order to add a telephone number. Raises Stale if somebody else wrote first, also where two
    thought they were the first.
    """
    case = records.locked_case(subject.case)
    require(by, May.KEEP_IDENTITY, case)
    given = {key: content[key].strip() for key in Identity.FIELDS if content.get(key, "").strip()}
    found = Identity.objects.filter(**{_side(subject): subject}).first()
    if found is None:
        row = Identity(**{_side(subject): subject}, kept_by=by)
        row.content = dict(given)
    else:
        row = records.unchanged(found, version or 0)
        row.content = {**row.content, **given}
        row.version += 1
    row.save()
    index_names(row)
    audit.record("kept", row, by=by, case=case, detail={"of": subject.code, "fields": len(given)})
    return row


def reveal(identity: Identity, *, by: User, purpose: str = "work") -> Mapping[str, str]:
    """What is kept, for an officer assigned to the case. Written down first, in its own commit.

    Anybody else is refused, and the refusal is written down too.
    """
    case = identity.subject.case
    may = can(by, May.REVEAL_IDENTITY, case)
    shown = may and knows_people(by, case)
    detail = {"of": identity.subject.code, "purpose": purpose}
    # Durable: inside a transaction of the caller, which could still fail, this raises instead.
    with transaction.atomic(durable=True):
        audit.read(
            identity, by=by, case=case, verb="revealed" if shown else "refused", detail=detail
        )
    if not may:
        raise refusal(May.REVEAL_IDENTITY)
    if not shown:
        raise PermissionDenied(_("Only officers assigned to the case by name may see names."))
    return dict(identity.content)


def names_for(communication: Communication, *, by: User) -> dict[UUID, str]:
    """The names of the people whom this letter gives in full; written down if there are any.

    Whoever did not consent to be named keeps their pseudonym, in the preview too: to ask for the
    full name in a letter is no way round `reveal`.
    """
    allowed = _may_be_named(communication)
    if not allowed:
        return {}
    require(by, May.VIEW_CASE, communication.case)
    kept = Identity.objects.filter(person__in=allowed)
    audit.read(communication, by=by, case=communication.case_id, verb="composed_with_names")
    return {i.person_id: i.content.get("name", "") for i in kept if i.person_id}


def _may_be_named(communication: Communication) -> list[Person]:
    treatments = {naming.person_id: naming.treatment for naming in communication.namings.all()}
    book, today = consent.ledger(communication.case.consents.all()), timezone.localdate()
    return [
        person
        for person in communication.case.persons.all()
        if treatments.get(person.pk) == IdentityTreatment.FULL
        and consent.for_state(book, person, IdentityTreatment.FULL, today).allowed
    ]


def secrets_of(case: Case, *, by: User, except_for: Mapping[UUID, str]) -> dict[str, list[str]]:
    """All that must not stand in a letter, by the code of whose it is: for the leak check alone.

    The names in `except_for` (person id to name) may stand there, for these persons.
    """
    require(by, May.VIEW_CASE, case)
    people = Identity.objects.filter(person__case=case) | Identity.objects.filter(source__case=case)
    found = {}
    for identity in people.select_related("person", "source"):
        allowed = except_for.get(identity.person_id) if identity.person_id else None
        texts = [text for key, text in identity.content.items() if key not in _NOT_SECRET]
        found[identity.subject.code] = [text for text in texts if text != allowed]
    if found:
        audit.read(case, by=by, case=case, verb="checked_for_leaks")
    return found


# Words of the officer about the person, not what the person is called.
_NOT_SECRET = frozenset({"notes", "safe_contact"})


def _side(subject: Person | Source) -> str:
    return "person" if isinstance(subject, Person) else "source"
