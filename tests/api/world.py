"""One case with a row of every noun, and people of every kind around it."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import Office, OfficeKind, Role, User
from cases import intake
from cases.models import Case, Disposal, Hold, Package, Reply, State, Tie, Transfer
from cases.services import (
    actions,
    acts,
    assignments,
    consents,
    cooperations,
    elements,
    evidence,
    exclusions,
    identities,
    identity_requests,
    locks,
    measures,
    outcomes,
    packages,
    people,
    risks,
    sources,
    transfers,
)
from tests.factories import OfficeFactory, member, mission_of
from tests.factories.journey import (
    NAME,
    Cast,
    cast,
    examined,
    office_of,
    recorded,
    replied,
    said,
    transmitted,
)
from tests.samples import pdf, upload

DAY, MONTH = dt.timedelta(days=1), dt.timedelta(days=30)
# Roles that never read a case, whatever office they serve in.
NO_CASES = (
    Role.CUSTODIAN,
    Role.ANALYST,
    Role.EDITOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


class World(NamedTuple):
    who: Cast
    case: Case
    package: Package
    reply: Reply
    rows: dict[str, Any]
    guest: User
    strangers: dict[str, User]


def world() -> World:
    who = cast()
    package = transmitted(who)
    case = package.communication.case
    until = timezone.localdate() + 3 * MONTH
    asked = packages.ask_extension(package, by=who.mission, until=until, reason="Courts sit late.")
    reply = replied(package, who)
    intake.take_in(package.pk)
    parts = _parts(case, who)
    examined(case)
    return World(
        who=who,
        case=case,
        package=package,
        reply=reply,
        rows={**parts, **_sent(package, reply), "extensions": asked},
        guest=_guest(case, who),
        strangers=_strangers(who),
    )


def _parts(case: Case, who: Cast) -> dict[str, Any]:
    """Rows that nothing else holds on to, so that they can be removed."""
    by = who.focal
    person = people.record_person(case, by=by, kind="individual")
    source = sources.record_source(case, by=by, kind="FAM", connection="DIRECT")
    for subject in (person, source):
        identities.keep_identity(subject, by=by, content={"name": NAME})
    element = elements.record_element(case, by=by, kind="harm", statement="[V-2] was harmed.")
    proof = evidence.record_evidence(case, by=by, kind="COURT", upload=upload(pdf(), "a.pdf"))
    words = {"stance": "supports", "credibility": "2"}
    until = timezone.localdate() + MONTH
    return {
        "cases": case,
        "persons": person,
        "sources": source,
        "elements": element,
        "evidence": proof,
        "evidence-attachments": proof.attachments.get(),
        "acts": acts.record_act(case, by=by, kind="LIB-DET"),
        "cooperations": cooperations.record_cooperation(
            case, by=by, kind="SIDE", actor="HRC", tense="PAST"
        ),
        "corroborations": elements.corroborate(element, source, by=by, **words),
        "consents": consents.record_consent(
            case, by=by, person=person, scope="STO", status="GRANTED"
        ),
        "risks": risks.assess_risk(case, by=by, person=person, level="2", valid_until=until),
        "actions": actions.record_action(case, by=by, kind="NV"),
        "measures": measures.record_measure(case, by=by, kind="INV-O"),
        "outcomes": outcomes.record_outcome(case, by=by, person=person, kind="DET"),
        "assignments": assignments.assign_case(
            case, by=who.focal, user=who.reviewer, duty="review"
        ),
        "recusals": exclusions.recuse(case, by=who.reviewer, person=member(office_of(by))),
        "transfers": transfers.offer_transfer(
            case,
            to=OfficeFactory.create(),
            by=who.reviewer,
            reason="Theirs",
            expires_at=timezone.now() + MONTH,
        ),
        "offers": _offered_to(office_of(by)),
        "containments": _taken_back(case, who),
        **_ending(case, who),
        "identity-requests": identity_requests.ask_identity(
            source.identity, by=who.reviewer, purpose="contact", motive="To call the source."
        ),
        "deadlines": case.deadlines.first(),
        **_shut_out(office_of(by)),
    }


def _ending(case: Case, who: Cast) -> dict[str, Any]:
    """A hold that is over, so that rows can be removed, and a first signature before its time."""
    second, yesterday = member(office_of(who.focal), Role.REVIEWER), timezone.localdate() - DAY
    hold = {"reason": "A court asked", "until": yesterday, "placed_by": second}
    return {
        "holds": Hold.objects.create(case=case, **hold),
        "disposals": Disposal.objects.create(case=case, deed="anonymise", asked_by=second),
    }


def _shut_out(desk: Office) -> dict[str, Any]:
    """A colleague whom an administrator locked, and what binds them to a State."""
    admin = member(OfficeFactory.create(kind=OfficeKind.MANAGEMENT), Role.ADMINISTRATOR)
    person = member(desk, Role.FOCAL_POINT)
    other = State.objects.get(pk=mission_of("XAB").state_id)
    exclusions.set_ties(person, by=admin, nationalities=[other], seconded_by=None)
    lock = locks.lock_person(person, by=admin, reason="Their laptop was taken.")
    return {"locks": lock, "ties": Tie.objects.get(user=person)}


def _offered_to(office: Office) -> Transfer:
    """A case of another desk, which would give it to this office."""
    elsewhere = cast()
    return transfers.offer_transfer(
        recorded(elsewhere),
        to=office,
        by=elsewhere.reviewer,
        reason="Yours",
        expires_at=timezone.now() + MONTH,
    )


def _taken_back(case: Case, who: Cast) -> Any:
    """What is to be contained, now that the State knows what it should not."""
    person = case.persons.get(number=1)
    entry = said(case, who, person=person, scope="STN", status="WITHDRAWN")
    return entry.containments.get(kind="letter")


def _sent(package: Package, reply: Reply) -> dict[str, Any]:
    return {
        "communications": package.communication,
        "packages": package,
        "package-attachments": package.attachments.first(),
        "replies": reply,
        "reply-attachments": reply.attachments.first(),
    }


def _guest(case: Case, who: Cast) -> User:
    guest = member(OfficeFactory.create(), Role.REVIEWER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice on detention.")
    return guest


def _strangers(who: Cast) -> dict[str, User]:
    desk = office_of(who.focal)
    here = {role.value: member(desk, role) for role in NO_CASES}
    return {"elsewhere": member(OfficeFactory.create(), Role.REVIEWER), **here}
