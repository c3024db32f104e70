"""Walking a plot through the house, by the services that people use."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Office, User
from cases import intake
from cases.demo.people import Cast
from cases.lifecycles import CaseMove
from cases.models import Case, Communication, Deadline, Mechanism, Package, Reply, State
from cases.models.assignment import Duty
from cases.services import (
    acts,
    assessments,
    assignments,
    cases,
    communications,
    consents,
    cooperations,
    elements,
    identities,
    people,
    replies,
    risks,
    sources,
    transmission,
)
from cases.services.replies import Words
from cases.vocabulary import ConsentScope, Verification

# How far a plot is taken, in this order.
REACHES = ("recorded", "filed", "verifying", "decided", "drafted", "cleared", "sent", "answered")


@dataclass(frozen=True)
class Plot:
    """One invented case: who, what, where, and how far it has come."""

    state: str
    reach: str
    narrative: str
    summary: str
    persons: list[dict[str, Any]]
    acts: list[dict[str, Any]]
    cooperation: dict[str, Any]
    kind: str = "allegation"
    statements: list[str] = field(default_factory=list)
    subject: str = ""
    type: str = "AL"
    refused: bool = False  # the first person refuses that the State be told
    risk_days: int = 60
    due_in: int | None = None  # days from today to which the nearest clock is set
    acknowledged: bool = False
    assessed: str = ""  # a grade


def tell(plot: Plot, who: Cast) -> Case:
    """Take a plot as far as it goes, each step by the person whose step it is."""
    case = _record(plot, who)
    steps = REACHES[1 : REACHES.index(plot.reach) + 1]
    walk = {
        "filed": _file,
        "verifying": _verify,
        "decided": _decide,
        "drafted": _draft,
        "cleared": _clear,
        "sent": _send,
        "answered": _answer,
    }
    for step in steps:
        walk[step](case, plot, who)
    if plot.due_in is not None:
        _set_clock(case, plot.due_in)
    return case


def _record(plot: Plot, who: Cast) -> Case:
    case = cases.record_case(
        office=Office.objects.get(memberships__user=who.focal),
        state=State.objects.get(pk=plot.state),
        kind=plot.kind,
        by=who.focal,
        narrative=plot.narrative,
        summary=plot.summary,
        nature="REP",
    )
    persons = [_person(case, dict(fields), who) for fields in plot.persons]
    for fields in plot.acts:
        acts.record_act(case, by=who.focal, persons=persons, **fields)
    told = {"basis": "The act followed the cooperation within days.", **plot.cooperation}
    cooperations.record_cooperation(case, by=who.focal, persons=persons, **told)
    _corroborate(case, plot, who.focal)
    return case


def _person(case: Case, fields: dict[str, Any], who: Cast) -> Any:
    name = fields.pop("name")
    person = people.record_person(case, by=who.focal, **fields)
    identities.keep_identity(person, by=who.focal, content={"name": name})
    return person


def _corroborate(case: Case, plot: Plot, by: User) -> None:
    family = sources.record_source(case, by=by, kind="FAM", connection="DIRECT", reliability="B")
    lawyer = sources.record_source(
        case, by=by, kind="REP", connection="PART", reliability="A", independent_of=[family]
    )
    for statement in plot.statements:
        element = elements.record_element(case, by=by, kind="act", statement=statement)
        for source, credibility in ((family, "2"), (lawyer, "1")):
            elements.corroborate(element, source, by=by, stance="supports", credibility=credibility)


def _file(case: Case, plot: Plot, who: Cast) -> None:
    cases.file_case(case, by=who.focal)


def _verify(case: Case, plot: Plot, who: Cast) -> None:
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)
    for number, person in enumerate(case.persons.all()):
        no = plot.refused and number == 0
        for scope, answer in _answers(no).items():
            consents.record_consent(
                case, by=who.focal, person=person, scope=scope, language="English", **answer
            )
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    until = timezone.localdate() + timedelta(days=plot.risk_days)
    for person in case.persons.all():
        risks.assess_risk(
            case,
            by=who.focal,
            person=person,
            level="3",
            valid_until=until,
            if_told="Further questioning is feared; a lawyer follows the case.",
        )
    cases.move_case(case, CaseMove.VERIFY, by=who.focal)


def _answers(no: bool) -> dict[str, dict[str, str]]:
    return {
        ConsentScope.STO: {"status": "GRANTED"},
        ConsentScope.UNI: {"status": "GRANTED"},
        ConsentScope.STN: {"status": "REFUSED" if no else "GRANTED"},
        ConsentScope.STW: {"status": "REFUSED"},
        ConsentScope.PBN: {"status": "CONDITIONS", "conditions": "Not before the end of the year."},
    }


def _decide(case: Case, plot: Plot, who: Cast) -> None:
    cases.conclude(case, Verification.RGB, by=who.reviewer)
    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    cases.move_case(case, CaseMove.PREPARE_LETTER, by=who.reviewer)
    office = Office.objects.get(memberships__user=who.mechanism)
    assignments.assign_case(case, office=office, duty=Duty.LETTER, by=who.reviewer)


def _draft(case: Case, plot: Plot, who: Cast) -> None:
    communications.draft_letter(
        case,
        by=who.mechanism,
        type=plot.type,
        lead=Mechanism.objects.get(pk="SP-HRD"),
        subject=plot.subject,
    )


def _letter(case: Case) -> Communication:
    return case.communications.latest("drafted_at")


def _clear(case: Case, plot: Plot, who: Cast) -> None:
    letter = _letter(case)
    digest = communications.composed(communications.whole(letter), by=who.mandate).digest
    communications.answer_for_mandate(
        letter.signatories.get(), by=who.mandate, endorse=True, digest=digest
    )
    communications.ask_clearance(letter, by=who.mechanism)
    communications.clear_letter(letter, by=who.reviewer, digest=digest)


def _send(case: Case, plot: Plot, who: Cast) -> None:
    letter = _letter(case)
    package = transmission.transmit(letter, by=who.mechanism, digest=letter.cleared_digest)
    intake.take_in(package.pk)


def _answer(case: Case, plot: Plot, who: Cast) -> None:
    package = Package.objects.get(communication=_letter(case))
    by = who.missions[plot.state]
    reply = replies.start_reply(package, by=by)
    asked = package.content["questions"]
    reply = replies.save_reply(
        reply,
        by=by,
        version=reply.version,
        questions={q["number"]: Words(_SAID[q["number"] % len(_SAID)]) for q in asked},
        elements={e["number"]: Words(_DENIED, "ALT") for e in package.content["elements"]},
    )
    reply = replies.submit_reply(reply, by=by, version=reply.version)
    intake.take_in(package.pk)
    if plot.assessed:
        _assess(reply, plot.assessed, who)


_SAID = [
    "The Government has the honour to state that the matter is before the competent authority.",
    "The measures were taken in application of the law and had no link to any cooperation.",
    "An inquiry was opened by the Office of the Inspector; its result is awaited.",
]
_DENIED = "The measure was ordered in an unrelated matter."


def _assess(reply: Reply, grade: str, who: Cast) -> None:
    findings = {e["number"]: ("DENU", "") for e in reply.package.content["elements"]}
    assessments.assess_reply(
        reply,
        by=who.focal,
        procedure=assessments.procedure_of(reply),
        grade=grade,
        findings=findings,
        note="The reply gives no facts that could be checked.",
    )


def _set_clock(case: Case, days: int) -> None:
    """So that the demonstration has something late and something soon on its first day."""
    due_at = timezone.now() + timedelta(days=days)
    nearest = Deadline.objects.filter(case=case).running().first()
    if nearest is None:
        return
    Deadline.objects.filter(pk=nearest.pk).update(due_at=due_at)
    Case.objects.filter(pk=case.pk).update(due_at=due_at)
    package = Package.objects.filter(communication=nearest.communication_id).first()
    if package and days > 0:
        Package.objects.filter(pk=package.pk).update(due_at=due_at)


def day(month: int, number: int) -> date:
    """A day of this year or, where that would be in the future, of the last."""
    today = timezone.localdate()
    found = date(today.year, month, number)
    return found if found <= today else found.replace(year=today.year - 1)
