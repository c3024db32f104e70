"""The door to who people really are. Each opening is written down before anything is shown."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, consent
from cases.lifecycles import LetterStatus
from cases.models import (
    AuditEvent,
    Case,
    Communication,
    Identity,
    IdentityRequest,
    Person,
    Source,
)
from cases.models.access import openings_to
from cases.models.index import index_names
from cases.policy import May, can, knows, refusal, require
from cases.refusals import Refused
from cases.services import notices, records
from cases.vocabulary import IdentityTreatment, OpeningPurpose


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
        kept = open_identities([row], by=by, case=case, purpose=OpeningPurpose.KEEPING)
        row.content = {**kept[row.pk], **given}
        row.version += 1
    row.save()
    index_names(row)
    audit.record("kept", row, by=by, case=case, detail={"of": subject.code, "fields": len(given)})
    return row


def reveal(
    identity: Identity, *, by: User, purpose: str = OpeningPurpose.WORK
) -> Mapping[str, str]:
    """Who this is, for whoever may see it now. Written down first, in its own commit.

    Anybody else is refused, and so is whoever looked at too many today (`IDENTITIES_A_DAY` in
    24 hours); the refusal is written down too, and of too many the custodians are told. For
    counsel it takes a request to which two custodians agreed, whoever asks.
    """
    if purpose == OpeningPurpose.COUNSEL:
        mine = IdentityRequest.objects.in_force().filter(asked_by=by, identity=identity)
        if not mine.filter(purpose=purpose).exists():
            raise PermissionDenied(_("For counsel, two custodians have to agree first. Ask them."))
    return open_identities([identity], by=by, case=identity.subject.case, purpose=purpose)[
        identity.pk
    ]


def reveal_in_letter(letter: Communication, *, by: User) -> frozenset[UUID]:
    """Open, one by one, the names given in full by this letter; whose they are.

    For those whom the reader may see anyhow; and, to whoever has to clear the text, all of them,
    in this letter alone and as long as it waits for clearance. Takes a `whole` letter.
    """
    require(by, May.VIEW_CASE, letter.case)
    named = Identity.objects.filter(person__in=_may_be_named(letter)).select_related("person")
    if not named:
        raise Refused(_("This letter gives nobody by name."))
    seen = [one for one in named if way_to(one, by=by, case=letter.case, letter=letter)]
    if not seen:
        raise PermissionDenied(_("You may not see these names. Ask for them on the case."))
    open_identities(seen, by=by, case=letter.case, purpose=OpeningPurpose.LETTER, letter=letter)
    return frozenset(one.person_id for one in seen if one.person_id)


def open_identities(
    found: Collection[Identity],
    *,
    by: User,
    case: Case,
    purpose: str,
    letter: Communication | None = None,
) -> dict[UUID, dict[str, str]]:
    """The one place where an identity is opened: who, which, what for; the audit row first.

    Where a person is to read it, one row for each identity is committed before anything is
    opened, and a caller's transaction, which could still fail, is refused. Where the machine
    reads and shows nobody, one row names them all in the transaction of what it is for.
    """
    if purpose in OpeningPurpose.of_people():
        for identity in found:
            _write_down_and_check(identity, by, purpose, letter)
    else:
        require(by, May.VIEW_CASE, case)
        _write_down_for_machine(found, by=by, case=case, purpose=OpeningPurpose(purpose))
    return {identity.pk: dict(identity.content) for identity in found}


def _write_down_for_machine(
    found: Collection[Identity], *, by: User, case: Case, purpose: OpeningPurpose
) -> None:
    if found:
        codes = sorted(identity.subject.code for identity in found)
        detail = {"of": codes, "purpose": purpose}
        audit.read(case, by=by, case=case, verb=MACHINE[purpose], detail=detail)


MACHINE = {
    OpeningPurpose.COMPOSING: "composed_with_names",
    OpeningPurpose.LEAK_CHECK: "checked_for_leaks",
    OpeningPurpose.KEEPING: "opened_to_keep",
}


def _write_down_and_check(
    identity: Identity, by: User, purpose: str, letter: Communication | None
) -> None:
    """Under the lock of the case, so that whoever ends a grant or an assignment comes before or
    after, and with one opening of a person at a time, so that the quota counts."""
    with transaction.atomic(durable=True):
        case = records.locked_case(identity.subject.case)
        by = User.objects.get(pk=by.pk)  # locked or moved since this process read them
        _one_at_a_time(by)
        verb, error = _answer(identity, by=by, case=case, letter=letter)
        detail = {"of": identity.subject.code, "purpose": purpose}
        detail |= {"letter": str(letter.pk)} if letter else {}
        audit.read(identity, by=by, case=case, verb=verb, detail=detail)
        if verb == "refused_over_quota":
            notices.owe(notices.custodians_of(case), f"quota:{by.pk}:{timezone.localdate()}")
    if error:
        raise error


def _answer(
    identity: Identity, *, by: User, case: Case, letter: Communication | None
) -> tuple[str, Exception | None]:
    if not can(by, May.VIEW_CASE, case):
        return "refused", refusal(May.REVEAL_IDENTITY)
    way = way_to(identity, by=by, case=case, letter=letter)
    if way is None:
        return "refused", PermissionDenied(
            _("Only who keeps this source may see its name. Ask the custodian.")
            if identity.source_id
            else _("Only officers assigned to the case by name may see names. Ask the custodian.")
        )
    if way != Way.EMERGENCY and looked_at_enough(by):
        return "refused_over_quota", Refused(
            _("You looked at as many names as one person may in 24 hours. The custodians are told.")
        )
    return "revealed", None


class Way(StrEnum):
    """By what somebody sees a name now."""

    STANDING = "standing"
    GRANTED = "granted"
    EMERGENCY = "emergency"
    CLEARANCE = "clearance"


def way_to(
    identity: Identity, *, by: User, case: Case, letter: Communication | None = None
) -> Way | None:
    """None: has to ask. Seeing the case comes first and is asked before this."""
    granted = openings_to(by).filter(content_object=identity).exists()
    mine = IdentityRequest.objects.in_force().filter(identity=identity, asked_by=by)
    if granted and mine.filter(emergency=True).exists():
        return Way.EMERGENCY
    if can(by, May.REVEAL_IDENTITY, case) and knows(by, identity, case):
        return Way.STANDING
    if granted:
        return Way.GRANTED
    return Way.CLEARANCE if letter and _clears(by, letter, case) else None


def _clears(by: User, letter: Communication, case: Case) -> bool:
    """Whether this person has to clear a text that they did not write, now."""
    waits = Communication.objects.filter(pk=letter.pk, case=case, status=LetterStatus.IN_CLEARANCE)
    return can(by, May.CLEAR_LETTER, case) and waits.exclude(edited_by=by).exists()


def looked_at_enough(by: User) -> bool:
    """Whether this person saw as many names as one may in 24 hours."""
    since = timezone.now() - timedelta(days=1)
    seen = AuditEvent.objects.filter(actor=by.pk, verb="revealed", at__gt=since)
    return seen.count() >= settings.IDENTITIES_A_DAY


def _one_at_a_time(by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"opening:{by.pk}"]
        )


def names_for(communication: Communication, *, by: User) -> dict[UUID, str]:
    """The names of the people whom this letter gives in full, for the text that is sent.

    Nobody reads them by this: pages show what `communications.composed` veils. Whoever did not
    consent to be named keeps their pseudonym in what is sent too.
    """
    allowed = _may_be_named(communication)
    if not allowed:
        return {}
    kept = list(Identity.objects.filter(person__in=allowed).select_related("person"))
    opened = open_identities(kept, by=by, case=communication.case, purpose=OpeningPurpose.COMPOSING)
    return {i.person_id: opened[i.pk].get("name", "") for i in kept if i.person_id}


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
    people = Identity.objects.filter(person__case=case) | Identity.objects.filter(source__case=case)
    kept = list(people.select_related("person", "source"))
    opened = open_identities(kept, by=by, case=case, purpose=OpeningPurpose.LEAK_CHECK)
    found = {}
    for identity in kept:
        allowed = except_for.get(identity.person_id) if identity.person_id else None
        texts = [text for key, text in opened[identity.pk].items() if key not in _NOT_SECRET]
        found[identity.subject.code] = [text for text in texts if text != allowed]
    return found


# Words of the officer about the person, not what the person is called.
_NOT_SECRET = frozenset({"notes", "safe_contact"})


def _side(subject: Person | Source) -> str:
    return "person" if isinstance(subject, Person) else "source"
