"""Gates: functions that give every reason, not the first.

The same functions draw the panel of a page and refuse the service behind its button.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import consent, custody, verification
from cases.consent import Verdict
from cases.letters import Composed, Leak, people_in
from cases.lifecycles import CASE_MOVES, CaseMove, LetterStatus
from cases.models import (
    Case,
    Communication,
    Cooperation,
    EvidenceAttachment,
    Person,
    RiskAssessment,
    Signatory,
)
from cases.models.communication import SignatoryAnswer
from cases.models.term import listed
from cases.refusals import GateShut
from cases.vocabulary import (
    LINKED,
    CaseKind,
    CommunicationType,
    DataClass,
    IdentityTreatment,
    Use,
    Verification,
)

SOON = timedelta(days=3)
# An assessment older than this opens nothing, whatever its own end says.
RISK_LASTS = timedelta(days=92)
VERIFIED = frozenset({Verification.COR, Verification.RGB})


class GateState(TextChoices):
    SHUT = "shut"
    SOON = "soon"
    WAIT = "wait"
    OPEN = "open"


class Gate(NamedTuple):
    """One condition of an outward act: how it stands, why, and where to do something about it."""

    state: GateState
    title: str
    reason: str = ""
    section: str = ""  # of the case page, where the one thing to do is done
    row: str = ""  # of the answer whose conditions it is about


ORDER = {state: place for place, state in enumerate(GateState)}


def in_order(gates: Iterable[Gate]) -> list[Gate]:
    return sorted(gates, key=lambda gate: ORDER[gate.state])


def shut(gates: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in gates if gate.state in (GateState.SHUT, GateState.WAIT)]


def require_open(gates: Iterable[Gate]) -> None:
    """Raise GateShut naming every gate that is not open."""
    reasons = [f"{gate.title}: {gate.reason}".rstrip(": ") for gate in shut(gates)]
    if reasons:
        raise GateShut(*reasons)


def _gate(open_: bool, title: str, reason: str, section: str) -> Gate:
    if open_:
        return Gate(GateState.OPEN, title)
    return Gate(GateState.SHUT, title, reason, section)


# A case along its way ---------------------------------------------------------------------------


def scope(case: Case) -> list[Gate]:
    """Inside the resolution: a link to cooperation with the United Nations, and someone or a
    situation that it hits (domain.md 1.3 and OP4)."""
    cooperations: Sequence[Cooperation] = list(case.cooperations.all())
    gates = [
        _gate(
            any(c.nexus in LINKED for c in cooperations),
            _("Link to cooperation with the United Nations"),
            _("Record the cooperation and a link that is at least plausible."),
            "cooperation",
        ),
        _gate(
            bool(case.acts.all()),
            _("An alleged act"),
            _("Record at least one act."),
            "acts",
        ),
    ]
    if case.kind == CaseKind.ALLEGATION:
        gates.append(
            _gate(
                bool(case.persons.all()),
                _("A person"),
                _("Record whom the act is alleged against."),
                "people",
            )
        )
    return gates


def consent_recorded(case: Case) -> list[Gate]:
    """Nobody goes on through the house whose consent to be kept there is not recorded."""
    book = consent.ledger(case.consents.all())
    today = timezone.localdate()
    return [
        _gate(
            consent.kept(book, person, today),
            _("Consent of %(person)s to be recorded") % {"person": person.code},
            _("Record what the person said, or that asking was not possible yet."),
            "consent",
        )
        for person in case.persons.all()
    ]


def risk_assessed(case: Case, people: Iterable[Person] | None = None) -> list[Gate]:
    """A dated assessment in force for each person (PP11)."""
    latest: dict[object, RiskAssessment] = {}
    for risk in case.risks.all():  # newest first
        latest.setdefault(risk.person_id or risk.source_id, risk)
    everyone = case.persons.all() if people is None else people
    return [_risk_of(person, latest.get(person.pk), timezone.localdate()) for person in everyone]


def risk_ends(risk: RiskAssessment) -> date:
    """The last day on which this assessment opens anything."""
    return min(risk.valid_until, risk.assessed_on + RISK_LASTS)


def _risk_of(person: Person, risk: RiskAssessment | None, today: date) -> Gate:
    title = _("Risk assessment of %(person)s") % {"person": person.code}
    if risk is None:
        return Gate(GateState.SHUT, title, _("Not assessed yet."), "risk")
    ends = risk_ends(risk)
    day = {"day": date_format(ends)}
    if ends < today:
        return Gate(GateState.SHUT, title, _("Ended on %(day)s.") % day, "risk")
    if ends <= today + SOON:
        return Gate(GateState.SOON, title, _("Ends on %(day)s.") % day, "risk")
    return Gate(GateState.OPEN, title)


def verified(case: Case) -> Gate:
    """The conclusion of the case, which a second person confirmed."""
    open_ = case.verification in VERIFIED
    reason = _("Conclude the verification: reasonable grounds to believe are needed.")
    return _gate(open_, _("Reasonable grounds to believe"), reason, "corroboration")


def corroborated(case: Case) -> Gate:
    found = verification.matrix(
        list(case.elements.all()), list(case.sources.all()), case.corroborations.all()
    )
    reason = _("%(done)d of %(all)d elements are corroborated by two independent sources.") % {
        "done": found.corroborated,
        "all": len(found.rows),
    }
    return _gate(found.holds, _("Every element corroborated"), reason, "corroboration")


def decided(case: Case) -> Gate:
    """Somebody decided to write to the State, and the case stands where a letter may leave."""
    open_ = case.stage in CASE_MOVES[CaseMove.LETTER_SENT].sources
    reason = _("The case stands at another stage: a reviewer decides to write to the State.")
    return _gate(open_, _("Decision to write to the State"), reason, "main")


def not_stopped(case: Case) -> Gate:
    reason = _("Outward acts are stopped until a reviewer lifts the flag.")
    return _gate(not case.stopped, _("No stop flag"), reason, "stop")


# A case shown outside its house ------------------------------------------------------------------


def sharing(case: Case, told: Collection[DataClass], met: Mapping[UUID, str]) -> list[Gate]:
    """Before somebody outside the house may read the case: it holds all that people told."""
    return in_order([*_of_everybody(case, Use.SHARE, told, met), *do_no_harm(case)])


def feedback(case: Case) -> list[Gate]:
    """Before the source is told what was done and what came of it."""
    return in_order([*_of_everybody(case, Use.FEEDBACK, consent.FACTS, {}), *do_no_harm(case)])


def do_no_harm(case: Case) -> list[Gate]:
    """Before any outward step: the risk was looked at, and nobody stopped it (PP11)."""
    return [*risk_assessed(case), not_stopped(case)]


def _of_everybody(
    case: Case, use: Use, told: Collection[DataClass], met: Mapping[UUID, str]
) -> Iterator[Gate]:
    book, today = consent.ledger(case.consents.all()), timezone.localdate()
    for person in case.persons.all():
        title = _("Consent of %(person)s: %(use)s") % {"person": person.code, "use": use.label}
        verdict = consent.weigh(book, person, use, told, today)
        yield from consent_of(person, title, verdict, met)


# A letter on its way out -------------------------------------------------------------------------


def transmission(
    communication: Communication, composed: Composed, found: Sequence[Leak]
) -> list[Gate]:
    """All that must hold before this letter may leave, in the order of what to do next."""
    case = communication.case
    people = people_in(communication)
    return in_order(
        [
            *_text(composed),
            *_leaks(found),
            *_annexes(communication),
            *_consents(communication, people, composed.digest),
            *risk_assessed(case, people),
            *_verification(communication),
            *(gate for gate in scope(case)),
            decided(case),
            not_stopped(case),
            *_endorsements(communication, composed.digest),
            clearance(communication, composed.digest),
        ]
    )


def _text(composed: Composed) -> list[Gate]:
    content = composed.content
    complete = bool(content["subject"] and content["paragraphs"] and content["questions"])
    unknown = listed(composed.unknown)
    return [
        _gate(
            complete,
            _("Subject, text and questions"),
            _("A letter has a subject, a text and at least one question."),
            "text",
        ),
        _gate(
            not composed.unknown,
            _("Everybody in the text is in the case"),
            _("Nobody in the case is %(codes)s.") % {"codes": unknown},
            "text",
        ),
    ]


def _leaks(found: Sequence[Leak]) -> list[Gate]:
    places = "; ".join(
        _("%(where)s: something that identifies %(code)s")
        % {"where": leak.where, "code": leak.code}
        for leak in found
    )
    return [_gate(not found, _("Leak check"), places, "text")]


def _annexes(communication: Communication) -> list[Gate]:
    """Only a clean copy leaves; what no search can read, a person must have looked into."""
    return [
        _annex(number, annex) for number, annex in enumerate(communication.annexes.all(), start=1)
    ]


def _annex(number: int, annex: EvidenceAttachment) -> Gate:
    title = _("Annex %(number)d") % {"number": number}
    if custody.waiting(annex):
        return Gate(GateState.WAIT, title, _("Waiting for the virus scanner."), "sources")
    if annex.hindrance:
        reason = _("No clean copy: %(why)s Replace the file.")
        why = {"why": annex.get_hindrance_display()}
        return Gate(GateState.SHUT, title, reason % why, "sources")
    if annex.leaving is None:
        return Gate(GateState.WAIT, title, _("Its clean copy is being made."), "sources")
    if not annex.leaving.legible:
        reason = _("Pictures in it cannot be searched: look for names and faces yourself.")
        return Gate(GateState.SOON, title, reason, "sources")
    return Gate(GateState.OPEN, title)


def _consents(communication: Communication, people: Iterable[Person], digest: str) -> list[Gate]:
    """No power, role or field opens these: they follow from what each person said (PP11)."""
    book = consent.ledger(communication.case.consents.all())
    treatments = {naming.person_id: naming.treatment for naming in communication.namings.all()}
    met = {
        said.consent_id: _("%(who)s: %(words)s") % {"who": said.said_by.name, "words": said.words}
        for said in communication.fulfilments.all()
        if said.digest == digest
    }
    today = timezone.localdate()
    found: list[Gate] = []
    for person in people:
        treatment = treatments.get(person.pk, IdentityTreatment.PSE)
        how = _("by name") if treatment in consent.NAMING else _("without name")
        title = _("Consent of %(person)s, %(how)s") % {"person": person.code, "how": how}
        verdict = consent.for_state(book, person, treatment, today)
        found += consent_of(person, title, verdict, met)
    return found


def consent_of(
    person: Person, title: str, verdict: Verdict, met: Mapping[UUID, str]
) -> Iterator[Gate]:
    """Consent itself, then whatever was asked for with it, each until somebody says it is kept:
    by answer, `met` holds who said how."""
    yield _gate(verdict.allowed, title, " ".join(verdict.reasons), "consent")
    if not verdict.allowed:
        return
    for entry in verdict.asks:
        title = _("Conditions of %(person)s") % {"person": person.code}
        if entry.pk in met:
            yield Gate(GateState.OPEN, title, met[entry.pk], "conditions", str(entry.pk))
            continue
        back = consent.kept_back(entry.withheld) if entry.withheld else ""
        words = _("Read what was asked for, and say how this keeps to it. %(what)s")
        reason = (words % {"what": back}).strip()
        yield Gate(GateState.SHUT, title, reason, "conditions", str(entry.pk))


def _verification(communication: Communication) -> list[Gate]:
    """The conclusion, and each element that this letter puts to the State as it stands now: what
    was added or contradicted after the conclusion does not leave with it (OP9).

    Protection may come before verification, never before consent (domain.md 4).
    """
    case = communication.case
    if case.protecting and communication.type == CommunicationType.UA:
        return [Gate(GateState.OPEN, _("Urgent protection: verification may follow"))]
    return [verified(case), *_elements(communication)]


def _elements(communication: Communication) -> list[Gate]:
    case = communication.case
    put = list(communication.elements.all())
    found = verification.matrix(put, list(case.sources.all()), case.corroborations.all())
    weak = [
        Gate(
            GateState.SHUT,
            _("Element %(number)d corroborated") % {"number": element.number},
            status.reason,
            "corroboration",
        )
        for element, _cells, status in found.rows
        if status.code != Verification.COR
    ]
    return weak or [Gate(GateState.OPEN, _("Every element of the letter corroborated"))]


def _endorsements(communication: Communication, digest: str) -> list[Gate]:
    signatories = list(communication.signatories.all())
    if not signatories:
        title, reason = _("Signatories"), _("Choose the mandates that sign.")
        return [Gate(GateState.SHUT, title, reason, "endorsements")]
    return [_endorsement(signatory, digest) for signatory in signatories]


def _endorsement(signatory: Signatory, digest: str) -> Gate:
    title = _("Endorsement: %(mandate)s") % {"mandate": signatory.mechanism.name}
    if signatory.answer == SignatoryAnswer.DECLINED:
        return Gate(GateState.SHUT, title, _("Declined: take the mandate off."), "endorsements")
    if signatory.answer == SignatoryAnswer.ASKED:
        return Gate(GateState.WAIT, title, _("Not answered yet."), "endorsements")
    if signatory.endorsed_digest != digest:
        reason = _("Lapsed: the text changed after the endorsement.")
        return Gate(GateState.WAIT, title, reason, "endorsements")
    return Gate(GateState.OPEN, title)


def clearance(communication: Communication, digest: str) -> Gate:
    """A second person cleared exactly this text."""
    title = _("Clearance by a second person")
    if communication.cleared_by_id is None:
        asked = communication.status == LetterStatus.IN_CLEARANCE
        state = GateState.WAIT if asked else GateState.SHUT
        reason = _("Asked; waiting for a reviewer.") if asked else _("Not asked yet.")
        return Gate(state, title, reason, "clearance")
    if communication.cleared_digest != digest:
        return Gate(GateState.SHUT, title, _("The text changed after clearance."), "clearance")
    return Gate(GateState.OPEN, title)
