"""One whole case, walked by its services: each function takes it one stretch further.

The people of the story: a focal point, a reviewer and a custodian at a desk, an officer and a
holder of a mandate in its secretariat, and a member of the mission of the fictitious State XAA.
"""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from accounts.models import OfficeKind, Role, User
from cases import examination, intake
from cases.lifecycles import CaseMove
from cases.models import (
    Case,
    Communication,
    Consent,
    EvidenceAttachment,
    Mechanism,
    Package,
    Reply,
    State,
)
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
from tests.factories.accounts import OfficeFactory, member, mission_of

NAME = "Quillon Marrowby"
NARRATIVE = "The internal narrative says more than the letter ever may."


class Cast(NamedTuple):
    focal: User
    reviewer: User
    mechanism: User
    mandate: User
    mission: User
    custodian: User


def cast(state: str = "XAA") -> Cast:
    desk, mission = OfficeFactory.create(), mission_of(state)
    secretariat = OfficeFactory.create(kind=OfficeKind.SECRETARIAT)
    secretariat.mechanisms.add(Mechanism.objects.get(pk="SP-HRD"))
    return Cast(
        focal=member(desk, Role.FOCAL_POINT),
        reviewer=member(desk, Role.REVIEWER),
        mechanism=member(secretariat, Role.MECHANISM_OFFICER),
        mandate=member(secretariat, Role.MANDATE_HOLDER),
        mission=member(mission, Role.MISSION_USER),
        custodian=member(desk, Role.CUSTODIAN),
    )


def office_of(user: User):
    return user.memberships.get().office


def recorded(who: Cast, state: str = "XAA", name: str = NAME) -> Case:
    """A case with one person, one act, one cooperation, two sources and one element."""
    case = cases.record_case(
        office=office_of(who.focal),
        state=State.objects.get(pk=state),
        by=who.focal,
        narrative=NARRATIVE,
        summary="[V-1] was allegedly detained after a session of the Council.",
    )
    person = people.record_person(
        case,
        by=who.focal,
        kind="individual",
        sex="W",
        age="AD",
        roles=["HRD"],
        protected_class="4A",
    )
    identities.keep_identity(
        person, by=who.focal, content={"name": name, "contact": "+000 555 0100 22"}
    )
    act = acts.record_act(
        case,
        by=who.focal,
        kind="LIB-DET",
        persons=[person],
        started_on=dt.date(2026, 9, 3),
        perpetrators=["S-POL"],
    )
    cooperations.record_cooperation(
        case,
        by=who.focal,
        kind="SIDE",
        actor="HRC",
        tense="PAST",
        persons=[person],
        nexus="N1",
        basis="Officers allegedly named the side event.",
    )
    first = sources.record_source(
        case, by=who.focal, kind="FAM", connection="DIRECT", reliability="B"
    )
    second = sources.record_source(
        case,
        by=who.focal,
        kind="REP",
        connection="PART",
        reliability="A",
        independent_of=[first],
    )
    element = elements.record_element(
        case,
        by=who.focal,
        kind="act",
        act=act,
        statement="On 3 September 2026 [V-1] was allegedly detained.",
    )
    for source in (first, second):
        elements.corroborate(
            element, source, by=who.focal, stance="supports", credibility="2", first_hand=True
        )
    return case


def consented(case: Case, who: Cast, **statuses: str) -> None:
    """Every person of the case allows to be kept, and to be put to the State without name."""
    for person in case.persons.all():
        for scope in (ConsentScope.STO, ConsentScope.UNI, ConsentScope.STN, ConsentScope.STW):
            default = "REFUSED" if scope == ConsentScope.STW else "GRANTED"
            status = statuses.get(scope.value, default)
            said(case, who, person=person, scope=scope, status=status)


def said(case: Case, who: Cast, **fields) -> Consent:
    """An answer, recorded by the focal point, who looked at what it touches."""
    try:
        return consents.record_consent(case, by=who.focal, **fields)
    except consents.Touches as told:
        seen = told.touched.digest
        return consents.record_consent(case, by=who.focal, seen=seen, **fields)


def assessed_risk(case: Case, who: Cast) -> None:
    until = timezone.localdate() + dt.timedelta(days=60)
    for person in case.persons.all():
        risks.assess_risk(case, by=who.focal, person=person, level="3", valid_until=until)


def examined(case: Case) -> None:
    """What a worker does with every file that came in."""
    files = EvidenceAttachment.objects.filter(evidence__case=case)
    for pk in files.values_list("pk", flat=True):
        examination.examine_evidence(pk)


def shareable(case: Case, who: Cast) -> Case:
    """So that an office or a person from outside the house may be let in."""
    consented(case, who)
    assessed_risk(case, who)
    return case


def decided(who: Cast, state: str = "XAA", name: str = NAME) -> Case:
    """Filed, triaged, consented, assessed, verified, and decided: a letter is to be written."""
    case = recorded(who, state, name)
    cases.file_case(case, by=who.focal)
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)
    consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    assessed_risk(case, who)
    cases.move_case(case, CaseMove.VERIFY, by=who.focal)
    cases.conclude(case, Verification.RGB, by=who.reviewer)
    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    cases.move_case(case, CaseMove.PREPARE_LETTER, by=who.reviewer)
    assignments.assign_case(
        case, office=office_of(who.mechanism), duty=Duty.LETTER, by=who.reviewer
    )
    case.refresh_from_db()
    return case


def drafted(case: Case, who: Cast) -> Communication:
    lead = Mechanism.objects.get(pk="SP-HRD")
    return communications.draft_letter(
        case, by=who.mechanism, type="AL", lead=lead, subject="Alleged detention of a lawyer"
    )


def cleared(letter: Communication, who: Cast) -> str:
    """Endorsed by its mandate and cleared; returns the digest of the text."""
    digest = communications.composed(communications.whole(letter), by=who.mandate).digest
    communications.answer_for_mandate(
        letter.signatories.get(), by=who.mandate, endorse=True, digest=digest
    )
    communications.ask_clearance(letter, by=who.mechanism)
    communications.clear_letter(letter, by=who.reviewer, digest=digest)
    return digest


def transmitted(who: Cast, state: str = "XAA", name: str = NAME) -> Package:
    letter = drafted(decided(who, state, name), who)
    digest = cleared(letter, who)
    return transmission.transmit(letter, by=who.mechanism, digest=digest)


def replied(package: Package, who: Cast) -> Reply:
    """Submitted by the mission and taken in by the worker."""
    reply = replies.start_reply(package, by=who.mission)
    questions = {q["number"]: Words("The Government states.") for q in package.content["questions"]}
    elements_ = {e["number"]: Words("Another matter.", "ALT") for e in package.content["elements"]}
    reply = replies.save_reply(
        reply, by=who.mission, version=reply.version, questions=questions, elements=elements_
    )
    reply = replies.submit_reply(reply, by=who.mission, version=reply.version)
    intake.take_in(package.pk)
    return reply


def assessed(reply: Reply, who: Cast):
    findings = {e["number"]: ("ALT", "") for e in reply.package.content["elements"]}
    return assessments.assess_reply(
        reply, by=who.focal, procedure="SUB", grade="C", findings=findings
    )
