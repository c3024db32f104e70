"""Two States, four cases, and a canary in every place that a State must never read.

What a mission may read holds no canary: whatever is found at its door came from elsewhere.
"""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from accounts.models import Role, User
from cases import clocks, intake
from cases.models import Case, Communication, Extension, Identity, Package
from cases.services import (
    actions,
    acts,
    assessments,
    assignments,
    cases,
    communications,
    consents,
    cooperations,
    drafts,
    elements,
    evidence,
    identities,
    measures,
    outcomes,
    packages,
    people,
    replies,
    risks,
    sources,
    transmission,
)
from cases.services.replies import Words
from tests.factories import PASSWORD, journey, member, mission_of
from tests.promises.canaries import Canaries
from tests.samples import pdf, upload


def build(c: Canaries) -> SimpleNamespace:
    """`own` is a mission of XAA with three letters; everything else is foreign to it."""
    w = of_the_mission()
    around(c, w)
    return w


def of_the_mission() -> SimpleNamespace:
    """All that the mission was ever sent or did itself, and nobody's secrets."""
    who = journey.cast("XAA")
    w = SimpleNamespace(who=who, own=who.mission)
    w.own.name = "A delegate"  # no number, which the walk would take for a count
    w.head = member(mission_of("XAA"), Role.MISSION_HEAD, name="A head of mission")
    for user in (w.own, w.head):
        _with_password(user)
    w.fresh = journey.transmitted(who)
    w.begun = _begun(who)
    w.answered = _answered(who)
    return w


def around(c: Canaries, w: SimpleNamespace) -> None:
    """What of this the mission can read is nothing: names, texts, drafts, another State."""
    w.canaries = c
    name_the_staff(c, w.who)
    _kept_from_begun(c, w)
    _kept_from_answered(c, w)
    w.unsent = _unsent(c, w.who)
    w.foreign, w.stranger = _foreign(c)
    _with_password(w.stranger)
    w.cases = [w.begun.communication.case, w.answered.communication.case, w.unsent]
    _remember_ids(c, w)


def _with_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


def address_of(word: str) -> str:
    return f"{word.replace('é', 'e').lower()}@example.org"


def name_the_staff(c: Canaries, who: journey.Cast) -> None:
    for role in ("focal", "reviewer", "mechanism", "mandate"):
        user: User = getattr(who, role)
        user.name = f"{c[f'staff: name of {role}']} Officer"
        user.email = address_of(c[f"staff: e-mail of {role}"])
        user.save()
        office = journey.office_of(user)
        office.name = f"Desk {c[f'staff: office of {role}']}"
        office.save()


def fill(c: Canaries, case: Case, who: journey.Cast) -> None:
    """Every text that an officer can write in a case."""
    person, source, act = case.persons.get(), case.sources.all()[0], case.acts.get()
    by, later = who.focal, timezone.localdate() + dt.timedelta(days=60)
    for subject in (person, source):
        _fill_identity(c, subject, by)
    people.edit_person(person, by=by, version=1, description=c["person: description"])
    sources.edit_source(source, by=by, version=1, description=c["source: description"])
    acts.edit_act(act, by=by, version=1, place=c["act: place"], description=c["act: description"])
    cooperations.edit_cooperation(
        case.cooperations.get(),
        by=by,
        version=1,
        description=c["cooperation: description"],
        basis=c["cooperation: basis"],
        how_known=c["cooperation: how known"],
    )
    elements.corroborate(
        case.elements.get(),
        source,
        by=by,
        stance="supports",
        credibility="2",
        note=c["corroboration: note"],
    )
    evidence.record_evidence(
        case,
        by=by,
        kind="OTH",
        source=source,
        description=c["evidence: description"],
        language=c["evidence: language"],
        upload=upload(pdf(), f"{c['evidence: file name']}.pdf"),
    )
    consents.record_consent(
        case,
        by=by,
        person=person,
        scope="PBN",
        status="CONDITIONS",
        conditions=c["consent: conditions"],
        explanation=c["consent: explanation"],
        witness=c["consent: witness"],
        language=c["consent: language"],
    )
    words = ("threat", "vulnerability", "capacity", "if_told", "mitigation")
    texts = {word: c[f"risk: {word}"] for word in words}
    risks.assess_risk(case, by=by, person=person, level="3", valid_until=later, **texts)
    outcomes.record_outcome(case, by=by, person=person, kind="REL", note=c["outcome: note"])
    actions.record_action(
        case, by=by, protection="LEG", description=c["action: done"], outcome=c["action: outcome"]
    )
    measures.record_measure(
        case, by=by, kind="INVITE", body=c["measure: body"], description=c["measure: what"]
    )
    colleague = member(role=Role.FOCAL_POINT)
    assignments.assign_case(
        case, by=by, user=colleague, duty="support", reason=c["assignment: reason"]
    )
    cases.edit_case(
        case,
        by=by,
        version=case.version,
        narrative=c["case: narrative"],
        summary=c["case: summary"],
        entry=c["case: entry"],
    )
    drafts.keep_typed_work(by.pk, f"/cases/{case.pk}/edit/", {"narrative": [c["typed work"]]})


def _fill_identity(c: Canaries, subject, by: User) -> None:
    kind = type(subject).__name__.lower()
    content = {field: c[f"identity of {kind}: {field}"] for field in Identity.FIELDS}
    kept = Identity.objects.filter(**{kind: subject}).first()
    identities.keep_identity(
        subject, by=by, content=content, version=kept.version if kept else None
    )


def _begun(who: journey.Cast) -> Package:
    """With a reply in the making and a request for time."""
    found = journey.transmitted(who)
    time_asked(found, who, "The ministry is heard.")
    reply = replies.start_reply(found, by=who.mission)
    reply = replies.save_reply(
        reply,
        by=who.mission,
        version=reply.version,
        text="We reply.",
        questions={1: Words("So it was.")},
    )
    replies.attach(reply, upload(pdf(), "annex.pdf"), by=who.mission)
    return found


def _answered(who: journey.Cast) -> Package:
    """Answered, and told that time is refused."""
    found = journey.transmitted(who)
    asked = time_asked(found, who, "The ministry.")
    packages.decide_extension(asked, by=who.reviewer, grant=False, answer="It is urgent.")
    journey.replied(found, who)
    return found


def time_asked(package: Package, who: journey.Cast, reason: str) -> Extension:
    until = clocks.geneva(package.due_at or timezone.now()).date() + dt.timedelta(days=9)
    asked = packages.ask_extension(package, by=who.mission, until=until, reason=reason)
    intake.take_in(package.pk)
    return asked


def _kept_from_begun(c: Canaries, w: SimpleNamespace) -> None:
    """Texts that officers wrote after it left, a second letter not yet sent, a stop flag."""
    case, who = w.begun.communication.case, w.who
    case.refresh_from_db()
    fill(c, case, who)
    draft(c, case, who, "draft after the letter")
    elements.record_element(
        case, by=who.focal, kind="harm", statement=c["element: not in the letter"]
    )
    cases.stop_case(case, by=who.focal, reason=c["case: stop reason"])


def _kept_from_answered(c: Canaries, w: SimpleNamespace) -> None:
    """What the house makes of the reply."""
    assessments.assess_reply(
        w.answered.replies.get(),
        by=w.who.focal,
        procedure="SUB",
        grade="C",
        findings={1: ("ALT", c["finding: note"])},
        note=c["assessment: note"],
    )
    case = w.answered.communication.case
    case.refresh_from_db()
    fill(c, case, w.who)


def _unsent(c: Canaries, who: journey.Cast) -> Case:
    """A case about the same State of which it knows nothing."""
    case = journey.decided(who)
    fill(c, case, who)
    letter = draft(c, case, who, "letter never sent")
    communications.ask_clearance(letter, by=who.mechanism)
    return case


def draft(c: Canaries, case: Case, who: journey.Cast, name: str) -> Communication:
    if not case.assignments.filter(office=journey.office_of(who.mechanism)).exists():
        office = journey.office_of(who.mechanism)
        assignments.assign_case(case, office=office, duty="letter", by=who.reviewer)
    letter = journey.drafted(case, who)
    return communications.edit_letter(
        letter,
        by=who.mechanism,
        version=letter.version,
        subject=c[f"{name}: subject"],
        body=f"[V-1] {c[f'{name}: body']}",
        closing=c[f"{name}: closing"],
        questions=[c[f"{name}: question"]],
    )


def _foreign(c: Canaries) -> tuple[Package, User]:
    """Another State: its letter, what it wrote, who works in its mission."""
    who = journey.cast("XBB")
    who.mission.name = c["other State: name of its user"]
    who.mission.email = address_of(c["other State: e-mail of its user"])
    who.mission.save()
    letter = journey.drafted(journey.decided(who, "XBB"), who)
    communications.edit_letter(
        letter,
        by=who.mechanism,
        version=letter.version,
        subject=c["other State: subject"],
        body=c["other State: letter"],
        questions=[c["other State: question"]],
    )
    digest = journey.cleared(letter, who)
    found = transmission.transmit(letter, by=who.mechanism, digest=digest)
    time_asked(found, who, c["other State: reason"])
    reply = replies.start_reply(found, by=who.mission)
    reply = replies.save_reply(
        reply,
        by=who.mission,
        version=reply.version,
        text=c["other State: reply"],
        questions={1: Words(c["other State: answer"])},
    )
    replies.attach(reply, upload(pdf(), f"{c['other State: file']}.pdf"), by=who.mission)
    c["other State: code"] = found.code
    c["other State: id"] = str(found.pk)
    c["other State: digest"] = found.digest
    return found, who.mission


def _remember_ids(c: Canaries, w: SimpleNamespace) -> None:
    """Ids and references of the house are no business of a State either."""
    for number, case in enumerate([*w.cases, w.fresh.communication.case], start=1):
        c[f"case {number}: id"] = str(case.pk)
        c[f"case {number}: reference"] = case.reference
        c[f"person {number}: id"] = str(case.persons.first().pk)
        for row, letter in enumerate(case.communications.all()):
            c[f"letter {number}.{row}: id"] = str(letter.pk)


def guest_shown(c: Canaries, w: SimpleNamespace) -> None:
    assignments.show_case(w.unsent, to=member(), by=w.who.reviewer, reason=c["grant: reason"])
