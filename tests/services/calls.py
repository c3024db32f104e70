"""The table of all services that take `by`: how each is called, and who of the cast may."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from cases.lifecycles import CaseMove, ContainmentMove
from cases.models import Mechanism, State
from cases.services import (
    actions,
    acts,
    assessments,
    assignments,
    communications,
    consents,
    containments,
    cooperations,
    elements,
    evidence,
    exclusions,
    fulfilments,
    identities,
    identity_requests,
    measures,
    outcomes,
    packages,
    people,
    records,
    replies,
    retention,
    risks,
    shredding,
    sources,
    transfers,
    transmission,
)
from cases.services import cases as services_of_cases
from cases.vocabulary import ShredReason, Verification
from tests.factories import journey
from tests.samples import pdf, upload

W = SimpleNamespace


class Call(NamedTuple):
    """How somebody calls it, and who of the cast may."""

    may: str
    call: Callable[[W, User], Any]


DRAFT = {"type": "AL", "subject": "Alleged detention"}

CALLS: dict[str, Call] = {
    "actions.record_action": Call(
        "focal", lambda w, by: actions.record_action(w.case, by=by, protection="LEG")
    ),
    "actions.edit_action": Call(
        "focal", lambda w, by: actions.edit_action(w.action, by=by, version=1, outcome="Moved")
    ),
    "actions.remove_action": Call("focal", lambda w, by: actions.remove_action(w.action, by=by)),
    "acts.record_act": Call("focal", lambda w, by: acts.record_act(w.case, by=by, kind="LIB-DET")),
    "acts.edit_act": Call(
        "focal", lambda w, by: acts.edit_act(w.act, by=by, version=1, kind="LIB-ENF")
    ),
    "acts.remove_act": Call("focal", lambda w, by: acts.remove_act(w.act, by=by)),
    "assessments.assess_reply": Call(
        "focal",
        lambda w, by: assessments.assess_reply(
            w.reply, by=by, procedure="SUB", grade="C", findings={1: ("ALT", "")}
        ),
    ),
    "assignments.give_case": Call(
        "focal", lambda w, by: assignments.give_case(w.case, to=w.reviewer, by=by)
    ),
    "assignments.assign_case": Call(
        "focal",
        lambda w, by: assignments.assign_case(w.case, by=by, user=w.mandate, duty="support"),
    ),
    "assignments.end_assignment": Call(
        "focal", lambda w, by: assignments.end_assignment(w.assignment, by=by)
    ),
    "assignments.show_case": Call(
        "reviewer", lambda w, by: assignments.show_case(w.case, to=w.guest, by=by, reason="Advice")
    ),
    "assignments.end_showing": Call(
        "reviewer", lambda w, by: assignments.end_showing(w.case, to=w.shown_to, by=by)
    ),
    "cases.record_case": Call(
        "focal",
        lambda w, by: services_of_cases.record_case(
            office=w.case.office, state=State.objects.get(pk="XAA"), by=by
        ),
    ),
    "cases.edit_case": Call(
        "focal", lambda w, by: services_of_cases.edit_case(w.case, by=by, version=1, summary="New")
    ),
    "cases.file_case": Call("focal", lambda w, by: services_of_cases.file_case(w.case, by=by)),
    "cases.move_case": Call(
        "focal", lambda w, by: services_of_cases.move_case(w.filed, CaseMove.TRIAGE, by=by)
    ),
    "cases.conclude": Call(
        "reviewer",
        lambda w, by: services_of_cases.conclude(w.verifying, Verification.UNV, by=by),
    ),
    "cases.stop_case": Call(
        "focal", lambda w, by: services_of_cases.stop_case(w.case, by=by, reason="A threat")
    ),
    "cases.lift_stop": Call(
        "reviewer", lambda w, by: services_of_cases.lift_stop(w.stopped, by=by)
    ),
    "cases.protect": Call("focal", lambda w, by: services_of_cases.protect(w.case, on=True, by=by)),
    "communications.draft_letter": Call(
        "mechanism",
        lambda w, by: communications.draft_letter(
            w.decided, by=by, lead=Mechanism.objects.get(pk="SP-HRD"), **DRAFT
        ),
    ),
    "communications.edit_letter": Call(
        "mechanism",
        lambda w, by: communications.edit_letter(w.draft, by=by, version=1, subject="New"),
    ),
    "communications.preview_letter": Call(
        "mechanism",
        lambda w, by: communications.preview_letter(w.draft, by=by, version=1, subject="New"),
    ),
    "communications.identified_in": Call(
        "focal", lambda w, by: communications.identified_in("Words", w.case, by=by)
    ),
    "communications.ask_clearance": Call(
        "mechanism", lambda w, by: communications.ask_clearance(w.draft, by=by)
    ),
    "communications.clear_letter": Call(
        "reviewer", lambda w, by: communications.clear_letter(w.asked, by=by, digest=w.digest)
    ),
    "communications.send_back": Call(
        "reviewer", lambda w, by: communications.send_back(w.asked, by=by)
    ),
    "communications.discard_letter": Call(
        "mechanism", lambda w, by: communications.discard_letter(w.draft, by=by)
    ),
    "communications.answer_for_mandate": Call(
        "mandate",
        lambda w, by: communications.answer_for_mandate(w.signatory, by=by, endorse=False),
    ),
    "consents.record_consent": Call(
        "focal",
        lambda w, by: consents.record_consent(
            w.case, by=by, person=w.person, scope="STN", status="GRANTED"
        ),
    ),
    "containments.close_containment": Call(
        "focal",
        lambda w, by: containments.close_containment(
            w.containment, by=by, move=ContainmentMove.FINISH, words="The mission was told."
        ),
    ),
    "containments.give_containment": Call(
        "focal", lambda w, by: containments.give_containment(w.containment, to=w.reviewer, by=by)
    ),
    "fulfilments.say_conditions_met": Call(
        "focal",
        lambda w, by: fulfilments.say_conditions_met(
            w.conditioned, w.condition, by=by, digest=w.condition_digest, words="They are free."
        ),
    ),
    "cooperations.record_cooperation": Call(
        "focal",
        lambda w, by: cooperations.record_cooperation(
            w.case, by=by, kind="SIDE", actor="HRC", tense="PAST"
        ),
    ),
    "cooperations.edit_cooperation": Call(
        "focal",
        lambda w, by: cooperations.edit_cooperation(w.cooperation, by=by, version=1, nexus="N2"),
    ),
    "cooperations.remove_cooperation": Call(
        "focal", lambda w, by: cooperations.remove_cooperation(w.cooperation, by=by)
    ),
    "elements.record_element": Call(
        "focal",
        lambda w, by: elements.record_element(w.case, by=by, kind="act", statement="It was so."),
    ),
    "elements.edit_element": Call(
        "focal",
        lambda w, by: elements.edit_element(w.element, by=by, version=1, statement="Not so."),
    ),
    "elements.remove_element": Call(
        "focal", lambda w, by: elements.remove_element(w.element, by=by)
    ),
    "elements.corroborate": Call(
        "focal",
        lambda w, by: elements.corroborate(
            w.element, w.source, by=by, stance="contradicts", credibility="1"
        ),
    ),
    "elements.unsay": Call("focal", lambda w, by: elements.unsay(w.word, by=by)),
    "evidence.record_evidence": Call(
        "focal", lambda w, by: evidence.record_evidence(w.case, by=by, kind="OTH")
    ),
    "evidence.edit_evidence": Call(
        "focal", lambda w, by: evidence.edit_evidence(w.evidence, by=by, version=1, kind="PHOTO")
    ),
    "evidence.attach": Call(
        "focal", lambda w, by: evidence.attach(w.evidence, upload(pdf(), "a.pdf"), by=by)
    ),
    "evidence.remove_evidence": Call(
        "focal", lambda w, by: evidence.remove_evidence(w.evidence, by=by)
    ),
    "exclusions.recuse": Call("focal", lambda w, by: exclusions.recuse(w.case, by=by)),
    "exclusions.end_recusal": Call(
        "reviewer", lambda w, by: exclusions.end_recusal(w.recusal, by=by)
    ),
    "identities.keep_identity": Call(
        "focal",
        lambda w, by: identities.keep_identity(
            w.person, by=by, version=1, content={"name": "Another"}
        ),
    ),
    "identities.names_for": Call(
        "mechanism", lambda w, by: identities.names_for(communications.whole(w.named), by=by)
    ),
    "identities.secrets_of": Call(
        "focal", lambda w, by: identities.secrets_of(w.case, by=by, except_for={})
    ),
    "identity_requests.ask_identity": Call(
        "reviewer",
        lambda w, by: identity_requests.ask_identity(
            w.decided.persons.get().identity, by=by, purpose="contact", motive="To call"
        ),
    ),
    "identity_requests.approve_request": Call(
        "custodian",
        lambda w, by: identity_requests.approve_request(
            w.waiting, by=by, period="1h", reason="Agreed"
        ),
    ),
    "identity_requests.refuse_request": Call(
        "custodian",
        lambda w, by: identity_requests.refuse_request(w.waiting, by=by, reason="Not needed"),
    ),
    "identity_requests.withdraw_request": Call(
        "reviewer", lambda w, by: identity_requests.withdraw_request(w.waiting, by=by)
    ),
    "identity_requests.end_request": Call(
        "custodian", lambda w, by: identity_requests.end_request(w.approved, by=by)
    ),
    "identity_requests.break_glass": Call(
        "reviewer",
        lambda w, by: identity_requests.break_glass(
            w.decided.persons.get().identity, by=by, motive="A threat", confirmed=True
        ),
    ),
    "identity_requests.review_emergency": Call(
        "custodian",
        lambda w, by: identity_requests.review_emergency(
            w.emergency, by=by, justified=True, review="The threat was real"
        ),
    ),
    "measures.record_measure": Call(
        "focal", lambda w, by: measures.record_measure(w.case, by=by, kind="INVITE")
    ),
    "measures.edit_measure": Call(
        "focal", lambda w, by: measures.edit_measure(w.measure, by=by, version=1, body="A court")
    ),
    "measures.remove_measure": Call(
        "focal", lambda w, by: measures.remove_measure(w.measure, by=by)
    ),
    "outcomes.record_outcome": Call(
        "focal", lambda w, by: outcomes.record_outcome(w.case, by=by, person=w.person, kind="REL")
    ),
    "outcomes.edit_outcome": Call(
        "focal", lambda w, by: outcomes.edit_outcome(w.outcome, by=by, version=1, note="Seen")
    ),
    "outcomes.remove_outcome": Call(
        "focal", lambda w, by: outcomes.remove_outcome(w.outcome, by=by)
    ),
    "packages.read_package": Call("mission", lambda w, by: packages.read_package(w.package, by=by)),
    "packages.acknowledge": Call("mission", lambda w, by: packages.acknowledge(w.package, by=by)),
    "packages.ask_extension": Call(
        "mission",
        lambda w, by: packages.ask_extension(w.unasked, by=by, until=w.later, reason="Time"),
    ),
    "packages.decide_extension": Call(
        "reviewer", lambda w, by: packages.decide_extension(w.extension, by=by, grant=True)
    ),
    "people.record_person": Call(
        "focal", lambda w, by: people.record_person(w.case, by=by, kind="individual")
    ),
    "people.edit_person": Call(
        "focal", lambda w, by: people.edit_person(w.person, by=by, version=1, age="CH")
    ),
    "people.remove_person": Call("focal", lambda w, by: people.remove_person(w.person, by=by)),
    "records.record": Call(
        "focal",
        lambda w, by: records.record(
            type(w.source), w.case, by=by, fields={"kind": "FAM", "connection": "DIRECT"}
        ),
    ),
    "records.edit": Call(
        "focal", lambda w, by: records.edit(w.source, by=by, version=1, fields={"kind": "REP"})
    ),
    "records.remove": Call("focal", lambda w, by: records.remove(w.source, by=by)),
    "replies.start_reply": Call("mission", lambda w, by: replies.start_reply(w.unasked, by=by)),
    "replies.save_reply": Call(
        "mission",
        lambda w, by: replies.save_reply(w.typed, by=by, version=w.typed.version, text="No."),
    ),
    "replies.attach": Call(
        "mission", lambda w, by: replies.attach(w.typed, upload(pdf(), "a.pdf"), by=by)
    ),
    "replies.detach": Call("mission", lambda w, by: replies.detach(w.file, by=by)),
    "replies.submit_reply": Call(
        "mission", lambda w, by: replies.submit_reply(w.typed, by=by, version=w.typed.version)
    ),
    "retention.hold_case": Call(
        "reviewer", lambda w, by: retention.hold_case(w.case, by=by, reason="A court asks")
    ),
    "retention.lift_hold": Call("second", lambda w, by: retention.lift_hold(w.hold, by=by)),
    "retention.ask_disposal": Call("reviewer", lambda w, by: retention.ask_disposal(w.over, by=by)),
    "retention.approve_disposal": Call(
        "second", lambda w, by: retention.approve_disposal(w.disposal, by=by)
    ),
    "retention.decline_disposal": Call(
        "second", lambda w, by: retention.decline_disposal(w.disposal, by=by)
    ),
    "risks.assess_risk": Call(
        "focal",
        lambda w, by: risks.assess_risk(
            w.case, by=by, person=w.person, level="3", valid_until=w.later
        ),
    ),
    "risks.edit_risk": Call(
        "focal", lambda w, by: risks.edit_risk(w.risk, by=by, version=1, level="1")
    ),
    "risks.remove_risk": Call("focal", lambda w, by: risks.remove_risk(w.risk, by=by)),
    "shredding.shred_identity": Call(
        "custodian",
        lambda w, by: shredding.shred_identity(
            w.person.identity, by=by, reason=ShredReason.CONSENT
        ),
    ),
    "sources.record_source": Call(
        "focal",
        lambda w, by: sources.record_source(w.case, by=by, kind="FAM", connection="DIRECT"),
    ),
    "sources.edit_source": Call(
        "focal", lambda w, by: sources.edit_source(w.source, by=by, version=1, kind="REP")
    ),
    "sources.remove_source": Call("focal", lambda w, by: sources.remove_source(w.source, by=by)),
    "sources.source_told": Call("focal", lambda w, by: sources.source_told(w.case, by=by)),
    "transfers.offer_transfer": Call(
        "reviewer",
        lambda w, by: transfers.offer_transfer(
            w.filed,
            to=journey.office_of(w.receiver),
            by=by,
            reason="Theirs",
            expires_at=timezone.now() + dt.timedelta(days=7),
        ),
    ),
    "transfers.accept_transfer": Call(
        "receiver", lambda w, by: transfers.accept_transfer(w.transfer, by=by)
    ),
    "transfers.decline_transfer": Call(
        "receiver", lambda w, by: transfers.decline_transfer(w.transfer, by=by)
    ),
    "transfers.withdraw_transfer": Call(
        "reviewer", lambda w, by: transfers.withdraw_transfer(w.transfer, by=by)
    ),
    "transmission.transmit": Call(
        "mechanism", lambda w, by: transmission.transmit(w.cleared, by=by, digest=w.cleared_digest)
    ),
}
