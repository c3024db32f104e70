"""One of everything, each at the point of its life from which the next step leads."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from accounts.models import Role
from cases import clocks, deadlines, intake
from cases.lifecycles import CaseMove
from cases.models import Tie
from cases.services import (
    actions,
    assignments,
    cases,
    communications,
    consents,
    evidence,
    exclusions,
    fulfilments,
    identity_requests,
    locks,
    measures,
    outcomes,
    packages,
    replies,
    retention,
    risks,
    transfers,
)
from tests.factories import journey, member
from tests.samples import pdf, upload


def build() -> SimpleNamespace:
    who = journey.cast()
    w = SimpleNamespace(**who._asdict(), guest=member(), shown_to=member())
    w.later = timezone.localdate() + dt.timedelta(days=90)
    _parts(w, who)
    _names(w, who)
    _stages(w, who)
    _letters(w, who)
    _portal(w, who)
    _withdrawn(w, who)
    return w


def _parts(w, who) -> None:
    w.case = case = journey.recorded(who)
    journey.consented(case, who)
    w.person, w.act, w.element = case.persons.get(), case.acts.get(), case.elements.get()
    w.source, w.cooperation = case.sources.first(), case.cooperations.get()
    w.word = case.corroborations.first()
    w.action = actions.record_action(case, by=who.focal, protection="LEG")
    w.evidence = evidence.record_evidence(case, by=who.focal, kind="OTH")
    w.measure = measures.record_measure(case, by=who.focal, kind="INVITE")
    w.outcome = outcomes.record_outcome(case, by=who.focal, person=w.person, kind="REL")
    w.risk = risks.assess_risk(case, by=who.focal, person=w.person, level="2", valid_until=w.later)
    deadlines.open_deadline(case, "feedback", due_at=timezone.now())
    colleague = member(role=Role.FOCAL_POINT)
    w.assignment = assignments.assign_case(case, by=who.focal, user=colleague, duty="support")
    assignments.show_case(case, to=w.shown_to, by=who.reviewer, reason="Advice")
    _hands(w, who)


def _hands(w, who) -> None:
    """Who is kept from the case, who is shut out, and another office to which it is offered."""
    w.receiver, w.locked = member(role=Role.FOCAL_POINT), member(w.case.office)
    w.recused = member(w.case.office)
    w.recusal = exclusions.recuse(w.case, by=who.reviewer, person=w.recused)
    w.lock = locks.lock_person(w.locked, by=who.reviewer, reason="Phished")
    w.tie = Tie.objects.create(user=w.locked, state=w.case.state, bond="nationality")
    w.hold = retention.hold_case(journey.recorded(who), by=who.reviewer, reason="A court asks")
    second = member(journey.office_of(who.reviewer), Role.REVIEWER)
    w.second = second
    w.over = over(who)
    w.disposal = retention.ask_disposal(over(who), by=who.reviewer)
    w.transfer = transfers.offer_transfer(
        w.case,
        to=journey.office_of(w.receiver),
        by=who.reviewer,
        reason="Their State",
        expires_at=timezone.now() + dt.timedelta(days=90),
    )


def _names(w, who) -> None:
    w.identity = w.person.identity
    motive = {"purpose": "contact", "motive": "The family asks us to call."}
    w.waiting = identity_requests.ask_identity(w.identity, by=who.reviewer, **motive)
    w.approved = identity_requests.ask_identity(w.identity, by=w.shown_to, **motive)
    w.approved = identity_requests.approve_request(
        w.approved, by=who.custodian, period="8h", reason="The call is agreed."
    )
    other = journey.recorded(who, name="Tamsin Overbeck")
    w.emergency = identity_requests.break_glass(
        other.persons.get().identity, by=who.reviewer, motive="Threatened now", confirmed=True
    )


def over(who):
    """A case whose time is over."""
    case = cases.file_case(journey.recorded(who), by=who.focal)
    case = cases.move_case(case, CaseMove.CLOSE, by=who.reviewer)
    long_ago = timezone.now() - dt.timedelta(days=8000)
    type(case).objects.filter(pk=case.pk).update(changed_at=long_ago)
    return type(case).objects.get(pk=case.pk)


def _stages(w, who) -> None:
    w.filed = cases.file_case(journey.recorded(who), by=who.focal)
    w.stopped = cases.stop_case(journey.recorded(who), by=who.focal, reason="A threat")
    w.verifying = journey.decided(who)
    cases.move_case(w.verifying, CaseMove.CHECK_AGAIN, by=who.focal)


def _letters(w, who) -> None:
    w.decided = journey.decided(who)
    w.draft, w.asked, w.cleared, w.named = (journey.drafted(w.decided, who) for _n in range(4))
    w.signatory = w.draft.signatories.get()
    communications.ask_clearance(w.asked, by=who.mechanism)
    w.digest = communications.composed(communications.whole(w.asked), by=who.reviewer).digest
    w.cleared_digest = journey.cleared(w.cleared, who)
    person = w.decided.persons.get()
    consents.record_consent(w.decided, by=who.focal, person=person, scope="STW", status="GRANTED")
    communications.edit_letter(w.named, by=who.mechanism, version=1, in_full=[person])


def _withdrawn(w, who) -> None:
    """One letter under a condition; one case whose letter had left when consent was taken back."""
    case = journey.decided(who)
    w.conditioned = journey.drafted(case, who)
    w.condition = journey.said(
        case,
        who,
        person=case.persons.get(),
        scope="STN",
        status="CONDITIONS",
        conditions="Not before the release.",
    )
    made = communications.composed(communications.whole(w.conditioned), by=who.mechanism)
    w.condition_digest = made.digest
    w.fulfilment = fulfilments.say_conditions_met(
        w.conditioned, w.condition, by=who.focal, digest=made.digest, words="They are free."
    )
    case = journey.transmitted(who).communication.case
    w.withdrawal = journey.said(
        case, who, person=case.persons.get(), scope="STN", status="WITHDRAWN"
    )
    w.containment = w.withdrawal.containments.get(kind="letter")


def _portal(w, who) -> None:
    w.package, w.unasked = journey.transmitted(who), journey.transmitted(who)
    until = clocks.geneva(w.package.due_at).date() + dt.timedelta(days=5)
    w.extension = packages.ask_extension(w.package, by=who.mission, until=until, reason="Time")
    intake.take_in(w.package.pk)
    reply = replies.start_reply(w.package, by=who.mission)
    w.typed = replies.save_reply(reply, by=who.mission, version=1, text="We reply.")
    w.file = replies.attach(w.typed, upload(pdf(), "reply.pdf"), by=who.mission)
    w.reply = journey.replied(journey.transmitted(who), who)
    w.reply.refresh_from_db()
