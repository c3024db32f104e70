"""Letters to States: drafting, endorsing, clearing. Transmission stands in `transmission.py`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, clocks, deadlines, gates, letters, moves
from cases.gates import Gate
from cases.letters import Composed
from cases.lifecycles import LetterMove, LetterStatus
from cases.models import (
    AuditEvent,
    Case,
    Communication,
    Consent,
    Element,
    EvidenceAttachment,
    LetterTemplate,
    Mechanism,
    Naming,
    Person,
    Question,
    Signatory,
)
from cases.models.communication import SignatoryAnswer
from cases.models.deadline import DeadlineKind
from cases.policy import May, require
from cases.refusals import GateShut, MoveRefused, Refused
from cases.services import identities, mandates, notices, records, templates

TO_CLEAR = 2  # working days
EDITABLE = frozenset({LetterStatus.DRAFT, LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED})


def whole(letter: Communication) -> Communication:
    """The letter with all that composing and its gates read, in a fixed number of queries."""
    queryset = Communication.objects.select_related(
        "case__state", "lead", "drafted_by"
    ).prefetch_related(
        "signatories__mechanism",
        "questions",
        "elements",
        Prefetch("annexes", EvidenceAttachment.objects.select_related("evidence", "clean_copy")),
        "namings",
        "fulfilments__said_by",
        "case__persons",
        "case__aliases",
        "case__consents",
        "case__risks",
        "case__acts",
        "case__cooperations",
        "case__sources__independent_of",
        "case__corroborations",
    )
    return queryset.get(pk=letter.pk)


def composed(letter: Communication, *, by: User, shown: Collection[UUID] = frozenset()) -> Composed:
    """What the State would receive now, with its digest, and every name veiled but those `shown`:
    people whose names `identities.reveal_in_letter` opened for this very answer."""
    names = identities.names_for(letter, by=by)
    return letters.veiled(letter, letters.compose(letter, names), names, shown)


def readiness(
    letter: Communication, *, by: User, shown: Collection[UUID] = frozenset()
) -> tuple[Composed, list[Gate]]:
    """The same, and everything that shuts or opens its way out. Takes a `whole` one."""
    made, found, names = _ready(letter, by=by)
    return letters.veiled(letter, made, names, shown), found


def to_send(letter: Communication, *, by: User) -> tuple[Composed, list[Gate]]:
    """The letter as it is sent, names and all: for transmission, which shows it to nobody here."""
    made, found, _names = _ready(letter, by=by)
    return made, found


def _ready(letter: Communication, *, by: User) -> tuple[Composed, list[Gate], dict[UUID, str]]:
    names = identities.names_for(letter, by=by)
    made = letters.compose(letter, names)
    secrets = identities.secrets_of(letter.case, by=by, except_for=names)
    found = letters.leaks(made.content, secrets, standard_words(), letters.enclosed(letter))
    return made, gates.transmission(letter, made, found), names


def identified_in(
    words: str, case: Case, *, by: User, except_for: Mapping[UUID, str] | None = None
) -> str:
    """The codes of those whom these words identify, as a letter's check finds them; "" for nobody.

    For words that somebody reads who sees nothing of the case: a State, another office.
    """
    secrets = identities.secrets_of(case, by=by, except_for=except_for or {})
    found = letters.leaks(letters.alone(words), secrets, standard_words())
    return ", ".join(sorted({leak.code for leak in found}))


def standard_words() -> frozenset[str]:
    """The common words of our own letters: no part of a name is told by them alone."""
    templates = LetterTemplate.objects.values_list("opening", "interim", "closing", "questions")
    return letters.common_words(
        text for *texts, questions in templates for text in (*texts, *questions)
    )


@transaction.atomic
def draft_letter(
    case: Case, *, by: User, type: str, lead: Mechanism, language: str = "en", **fields: Any
) -> Communication:
    """Begin a letter from the template of its type; people stand in it by their codes.

    `id` in `fields` is of the form that was sent: sent twice, it begins one letter.
    """
    case = records.locked_case(case)
    require(by, May.DRAFT_LETTER, case)
    row = fields.get("id") or uuid4()
    records.refuse_twice(Communication, row)
    _is_theirs(by, lead, type)
    start = templates.filled(case, type, lead, language)
    texts = {name: fields.get(name) or start[name] for name in ("subject", "body", "closing")}
    letter = Communication(
        id=row, case=case, type=type, lead=lead, language=language, drafted_by=by, **texts
    )
    letter.full_clean(exclude=["case", "lead", "drafted_by"], validate_unique=False)
    letter.save(force_insert=True)
    letter.edited_by.add(by)
    Signatory.objects.create(communication=letter, mechanism=lead)
    _set_questions(letter, start["questions"])
    letter.elements.set(case.elements.all())
    audit.record("drafted", letter, by=by, case=case, detail={"type": type})
    records.touch(case)
    return letter


@transaction.atomic
def edit_letter(
    letter: Communication,
    *,
    by: User,
    version: int,
    questions: Sequence[str] | None = None,
    elements: Sequence[Element] | None = None,
    annexes: Sequence[EvidenceAttachment] | None = None,
    signatories: Sequence[Mechanism] | None = None,
    in_full: Sequence[Person] | None = None,
    **fields: Any,
) -> Communication:
    """Change a letter not yet sent. Clearance ends with it; endorsements lapse by their digest.

    `in_full` are the people to be given by name: consent decides whether that letter may leave.
    """
    case = records.locked_case(letter.case)
    require(by, May.DRAFT_LETTER, case)
    letter = records.unchanged(letter, version)
    moves.advance_letter(letter, LetterMove.EDIT, by=by)
    _write(letter, fields)
    letter.edited_by.add(by)
    _set_questions(letter, questions)
    _set_signatories(letter, signatories)
    _link(letter, case, elements, annexes, in_full)
    deadlines.cancel(case, DeadlineKind.CLEARANCE, communication=letter)
    records.touch(case)
    return letter


def preview_letter(
    letter: Communication, *, by: User, **changes: Any
) -> tuple[Composed, list[Gate]]:
    """What the State would receive, and what would hold it back, were these changes saved.

    They are made and taken back, so that a preview goes the whole way of a letter.
    """
    with transaction.atomic():
        edited = edit_letter(letter, by=by, **changes)
        found = readiness(whole(edited), by=by)
        transaction.set_rollback(True)
    named = len(changes.get("in_full") or [])
    audit.read(letter, by=by, case=letter.case_id, verb="previewed", detail={"named": named})
    return found


@transaction.atomic
def ask_clearance(letter: Communication, *, by: User) -> Communication:
    """Put the letter before the reviewers of the case's office."""
    letter = _locked(letter)
    require(by, May.DRAFT_LETTER, letter.case)
    moves.advance_letter(letter, LetterMove.ASK_CLEARANCE, by=by)
    letter.save(update_fields=["status", "changed_at"])
    day = clocks.add_working_days(timezone.localdate(), TO_CLEAR)
    deadlines.open_deadline(
        letter.case, DeadlineKind.CLEARANCE, due_at=clocks.end_of(day), communication=letter
    )
    notices.owe(notices.reviewers_of(letter.case, but=by), _told(letter, "clearance"))
    return letter


@transaction.atomic
def clear_letter(letter: Communication, *, by: User, digest: str) -> Communication:
    """A second person clears exactly the text they saw, named by its digest."""
    letter = _locked(letter)
    require(by, May.CLEAR_LETTER, letter.case)
    if letter.edited_by.filter(pk=by.pk).exists() or _wrote_a_fact(letter, by):
        raise GateShut(_("You wrote in this letter, so another person must clear it."))
    _same_text(letter, digest, by=by)
    moves.advance_letter(letter, LetterMove.CLEAR, by=by)
    letter.cleared_by, letter.cleared_at, letter.cleared_digest = by, timezone.now(), digest
    letter.save(
        update_fields=["status", "cleared_by", "cleared_at", "cleared_digest", "changed_at"]
    )
    deadlines.meet(letter.case, DeadlineKind.CLEARANCE, communication=letter)
    notices.owe([letter.drafted_by], _told(letter, "cleared"))
    return letter


def _wrote_a_fact(letter: Communication, by: User) -> bool:
    """The facts that a letter puts stand in it word for word, and are written on the case."""
    facts = [str(pk) for pk in letter.elements.values_list("pk", flat=True)]
    wrote = AuditEvent.objects.filter(case=letter.case_id, actor=by.pk, noun="element", read=False)
    return wrote.filter(subject__in=facts).exists()


@transaction.atomic
def send_back(letter: Communication, *, by: User) -> Communication:
    """Not cleared, or cleared no more: the drafter looks again."""
    letter = _locked(letter)
    require(by, May.CLEAR_LETTER, letter.case)
    moves.advance_letter(letter, LetterMove.SEND_BACK, by=by)
    _end_clearance(letter)
    letter.save()
    deadlines.cancel(letter.case, DeadlineKind.CLEARANCE, communication=letter)
    notices.owe([letter.drafted_by], _told(letter, "sent_back"))
    return letter


@transaction.atomic
def discard_letter(letter: Communication, *, by: User) -> Communication:
    letter = _locked(letter)
    require(by, May.DRAFT_LETTER, letter.case)
    moves.advance_letter(letter, LetterMove.DISCARD, by=by)
    _end_clearance(letter)
    letter.save()
    deadlines.cancel(letter.case, DeadlineKind.CLEARANCE, communication=letter)
    return letter


@transaction.atomic
def answer_for_mandate(
    signatory: Signatory, *, by: User, endorse: bool, digest: str = ""
) -> Signatory:
    """A mandate-holder endorses exactly the text they saw, or declines to sign."""
    letter = _locked(signatory.communication)
    require(by, May.ENDORSE_LETTER, letter.case)
    if signatory.mechanism_id not in mandates.mandates_held(by):
        raise PermissionDenied(_("Only a holder of this mandate answers for it."))
    if letter.status not in EDITABLE:
        raise MoveRefused(_("This letter has left, or was discarded."))
    if not letter.signatories.filter(pk=signatory.pk).exists():
        raise Refused(_("This mandate does not sign the letter any more."))
    if endorse:
        _same_text(letter, digest, by=by)
    signatory.answer = SignatoryAnswer.ENDORSED if endorse else SignatoryAnswer.DECLINED
    signatory.endorsed_digest = digest if endorse else ""
    signatory.answered_by, signatory.answered_at = by, timezone.now()
    signatory.save()
    audit.record(
        "endorsed" if endorse else "declined",
        signatory,
        by=by,
        case=letter.case,
        detail={"mandate": signatory.mechanism_id},
    )
    return signatory


def _is_theirs(by: User, lead: Mechanism, type: str) -> None:
    if mandates.leads_for(by).find(lead.pk) is None:
        raise PermissionDenied(_("You may not prepare letters for this mandate."))
    if type not in {rule.type for rule in mandates.rules_of(lead)}:
        raise Refused(_("This mandate does not write letters of this type."))


def reopen(found: Iterable[Communication], *, by: User, because: Consent) -> None:
    """Somebody took a consent back: these letters go back to their drafters, as not endorsed and
    not cleared by anybody. What they read was cleared under another answer."""
    held = Communication.objects.filter(pk__in=[letter.pk for letter in found])
    for letter in held.select_for_update(of=("self",)).select_related("drafted_by"):
        was_draft = letter.status == LetterStatus.DRAFT
        moves.advance_letter(letter, LetterMove.REOPEN, by=by)
        _end_clearance(letter)
        letter.version += 0 if was_draft else 1
        letter.save()
        answered = letter.signatories.filter(answer=SignatoryAnswer.ENDORSED)
        told = {letter.drafted_by, *User.objects.filter(pk__in=answered.values("answered_by"))}
        answered.update(
            answer=SignatoryAnswer.ASKED, endorsed_digest="", answered_by=None, answered_at=None
        )
        deadlines.cancel(because.case, DeadlineKind.CLEARANCE, communication=letter)
        notices.owe(told - {by}, f"reopened:{letter.pk}:{because.pk}")
        because.reopened.add(letter)


def _told(letter: Communication, what: str) -> str:
    """Each time anew: the same text may be sent back and put before the reviewers again."""
    return f"{what}:{letter.pk}:{timezone.now().timestamp()}"


def _locked(letter: Communication) -> Communication:
    """The case first, then the letter: one order everywhere, so that no two wait in a ring."""
    case = records.locked_case(letter.case)
    found = Communication.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    found.case = case
    return found


def _same_text(letter: Communication, digest: str, *, by: User) -> None:
    if composed(whole(letter), by=by).digest != digest:
        raise Refused(_("The text changed while you were reading. Look at it again."))


def _write(letter: Communication, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(letter, name, value)
    letter.full_clean(exclude=["case", "lead", "drafted_by", "follows"], validate_unique=False)
    _end_clearance(letter)
    letter.version += 1
    letter.save()


def _end_clearance(letter: Communication) -> None:
    letter.cleared_by, letter.cleared_at, letter.cleared_digest = None, None, ""


def _set_questions(letter: Communication, texts: Sequence[str] | None) -> None:
    if texts is None:
        return
    letter.questions.all().delete()
    asked = [text.strip() for text in texts if text.strip()]
    for number, text in enumerate(asked, start=1):
        Question.objects.create(communication=letter, number=number, text=text)


def _set_signatories(letter: Communication, mechanisms: Sequence[Mechanism] | None) -> None:
    """The lead always signs; who stays keeps the answer already given."""
    if mechanisms is None:
        return
    wanted = {mechanism.pk for mechanism in mechanisms} | {letter.lead_id}
    letter.signatories.exclude(mechanism__in=wanted).delete()
    there = set(letter.signatories.values_list("mechanism", flat=True))
    for code in sorted(wanted - there):
        Signatory.objects.create(communication=letter, mechanism_id=code)


def _link(
    letter: Communication,
    case: Case,
    elements: Sequence[Element] | None,
    annexes: Sequence[EvidenceAttachment] | None,
    in_full: Sequence[Person] | None,
) -> None:
    linked = [*(elements or []), *(in_full or []), *(annex.evidence for annex in annexes or [])]
    if any(row.case_id != case.pk for row in linked):
        raise Refused(_("What you link to belongs to another case."))
    if elements is not None:
        letter.elements.set(elements)
    if annexes is not None:
        letter.annexes.set(annexes)
    if in_full is not None:
        letter.namings.all().delete()
        for person in in_full:
            Naming.objects.create(communication=letter, person=person, treatment="FULL")
