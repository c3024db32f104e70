"""Two desks that know nothing of each other, each with one whole case: a canary in every place,
and somebody of every kind around it."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Role, User
from cases import audit, intake
from cases.models import CaseUserObjectPermission, Disposal, Hold, Package
from cases.services import (
    assessments,
    assignments,
    cases,
    communications,
    exclusions,
    identity_requests,
    locks,
    replies,
    transfers,
    transmission,
)
from cases.services.replies import Words
from tests.factories import OfficeFactory, journey, member, mission_of
from tests.promises.canaries import Canaries
from tests.promises.world import address_of, draft, fill, name_the_staff, time_asked
from tests.samples import pdf, upload

DAY, MONTH = dt.timedelta(days=1), dt.timedelta(days=30)
# Words as people write them: three in a row say where they come from.
PASSWORD_OF_ALL = make_password("a long and quiet password")
SENTENCE = "seven kestrels crossed the frozen aqueduct before dawn"


def desk(state: str) -> SimpleNamespace:
    """A case that went the whole way and goes on: a letter sent and answered, another unsent."""
    c, who = Canaries(), journey.cast(state)
    w = SimpleNamespace(canaries=c, who=who, office=journey.office_of(who.focal), state=state)
    name_the_staff(c, who)
    _name(c, who.mission, "mission")
    w.package = _sent(c, who, state)
    w.case = w.package.communication.case
    _answered(c, w)
    w.case.refresh_from_db()
    fill(c, w.case, who)
    _narrate(c, w)
    draft(c, w.case, who, "letter unsent")
    journey.examined(w.case)
    w.people = _people(c, w)
    w.case.refresh_from_db()
    # As everybody has one; to stretch it for each takes half a second.
    User.objects.update(password=PASSWORD_OF_ALL)
    for user in filter(None, [*who, *w.people.values()]):
        user.refresh_from_db()  # what they sign in with hangs on it
    return w


def sought(w: SimpleNamespace) -> dict[str, str]:
    """All that the walk looks for: planted words, three words of the narrative in a row, ids."""
    words, letters = SENTENCE.split(), w.case.communications.all()
    people = [*w.case.persons.all(), *w.case.sources.all()]
    return {
        **w.canaries,
        **{f"case: narrative, from word {n}": " ".join(words[n : n + 3]) for n in range(6)},
        "existence: id": str(w.case.pk),
        "existence: reference": w.case.reference,
        **{f"people: {row.code}": str(row.pk) for row in people},
        **{f"existence: letter {n}": str(row.pk) for n, row in enumerate(letters)},
        "existence: code of the letter": w.package.code,
    }


def _name(c: Canaries, user: User, who: str) -> None:
    user.name = f"{c[f'{who}: name']} Person"
    user.email = address_of(c[f"{who}: e-mail"])
    user.save()


def _sent(c: Canaries, who: journey.Cast, state: str) -> Package:
    letter = journey.drafted(journey.decided(who, state), who)
    communications.edit_letter(
        letter,
        by=who.mechanism,
        version=letter.version,
        subject=c["letter sent: subject"],
        body=f"[V-1] {c['letter sent: body']}",
        questions=[c["letter sent: question"]],
    )
    digest = journey.cleared(letter, who)
    return transmission.transmit(letter, by=who.mechanism, digest=digest)


def _answered(c: Canaries, w: SimpleNamespace) -> None:
    time_asked(w.package, w.who, c["reply: reason for time"])
    by = w.who.mission
    reply = replies.start_reply(w.package, by=by)
    reply = replies.save_reply(
        reply,
        by=by,
        version=reply.version,
        text=c["reply: text"],
        questions={1: Words(c["reply: answer"])},
    )
    replies.attach(reply, upload(pdf(), f"{c['reply: file name']}.pdf"), by=by)
    reply.refresh_from_db()
    replies.submit_reply(reply, by=by, version=reply.version)
    intake.take_in(w.package.pk)
    assessments.assess_reply(
        w.package.replies.get(),
        by=w.who.focal,
        procedure="SUB",
        grade="C",
        findings={1: ("ALT", c["finding: note"])},
        note=c["assessment: note"],
    )


def _narrate(c: Canaries, w: SimpleNamespace) -> None:
    w.case.refresh_from_db()
    words = f"{c['case: narrative']} It is said that {SENTENCE}."
    cases.edit_case(w.case, by=w.who.focal, version=w.case.version, narrative=words)


# Who stands around it ----------------------------------------------------------------------------


def _people(c: Canaries, w: SimpleNamespace) -> dict[str, User | None]:
    """Each role of the matrix, for the case of this desk."""
    of_the_desk = {
        "colleague of the desk": Role.FOCAL_POINT,
        "analyst": Role.ANALYST,
        "editor": Role.EDITOR,
        "auditor": Role.AUDITOR,
        "administrator": Role.ADMINISTRATOR,
    }
    found: dict[str, User | None] = {
        "owner": w.who.focal,
        "reviewer": w.who.reviewer,
        "mechanism officer": w.who.mechanism,
        "mandate holder": w.who.mandate,
        "custodian": w.who.custodian,
        **{name: member(w.office, role) for name, role in of_the_desk.items()},
        **_guests(c, w),
        "colleague who stepped back": _recused(c, w),
        "desk to which it is offered": _offered(c, w),
        "nobody signed in": None,
        "mission that got the letter": w.who.mission,
    }
    for name in ("custodian", "colleague of the desk"):
        _name(c, _somebody(found[name]), f"staff: {name}")
    _withdrawn(c, w)
    _asked(c, w, _somebody(found["colleague of the desk"]))
    _ending(c, w)
    _locked(c, w, _somebody(found["administrator"]))
    return found


def _somebody(user: User | None) -> User:
    assert user is not None
    return user


def _guests(c: Canaries, w: SimpleNamespace) -> dict[str, User | None]:
    """One whom the case is shown to, one whose time is over, one who is shown it no more."""
    guests = [member(role=Role.REVIEWER) for _number in range(3)]
    for guest in guests:
        assignments.show_case(w.case, to=guest, by=w.who.reviewer, reason=c["grant: reason"])
    now, expired, ended = guests
    _name(c, now, "staff: guest")
    rows = CaseUserObjectPermission.objects.filter(user=expired)
    rows.update(expires_at=timezone.now() - DAY)
    assignments.end_showing(w.case, to=ended, by=w.who.reviewer)
    return {"guest": now, "guest whose time is over": expired, "guest shown no more": ended}


def _recused(c: Canaries, w: SimpleNamespace) -> User:
    user = member(w.office, Role.REVIEWER)
    exclusions.recuse(w.case, by=w.who.reviewer, person=user, reason=c["recusal: reason"])
    return user


def _offered(c: Canaries, w: SimpleNamespace) -> User:
    elsewhere = OfficeFactory.create(name=f"Desk {c['staff: office it is offered to']}")
    user = member(elsewhere, Role.REVIEWER)
    transfers.offer_transfer(
        w.case,
        to=elsewhere,
        by=w.who.reviewer,
        reason=c["transfer: reason"],
        expires_at=timezone.now() + MONTH,
    )
    return user


def _withdrawn(c: Canaries, w: SimpleNamespace) -> None:
    """Somebody takes back what they allowed: what left becomes a task."""
    person = w.case.persons.get()
    more = {"explanation": c["consent: taken back"], "conditions": ""}
    journey.said(w.case, w.who, person=person, scope="STN", status="WITHDRAWN", **more)


def _asked(c: Canaries, w: SimpleNamespace, colleague: User) -> None:
    """One request that waits; and one for counsel, to which the first of two custodians agreed."""
    identity, custodian = w.case.persons.get().identity, member(w.office, Role.CUSTODIAN)
    words: dict[str, Any] = {"purpose": "contact", "motive": c["request: motive"]}
    identity_requests.ask_identity(identity, by=w.who.reviewer, **words)
    words = {"purpose": "counsel", "motive": c["request: motive for counsel"]}
    ordered = identity_requests.ask_identity(identity, by=colleague, **words)
    reason = c["request: agreement"]
    identity_requests.approve_request(ordered, by=custodian, period="1h", reason=reason)


def _ending(c: Canaries, w: SimpleNamespace) -> None:
    """A hold that is over, and the first signature under the end of the case."""
    yesterday = timezone.localdate() - DAY
    hold = {"reason": c["hold: reason"], "until": yesterday, "placed_by": w.who.reviewer}
    Hold.objects.create(case=w.case, **hold)
    Disposal.objects.create(case=w.case, deed="anonymise", asked_by=w.who.reviewer)


def _locked(c: Canaries, w: SimpleNamespace, admin: User) -> None:
    """Who read the case and was shut out; and somebody who is asked to come in."""
    user = member(w.office, Role.REVIEWER)
    _name(c, user, "staff: locked")
    audit.read(w.case, by=user, case=w.case)
    exclusions.set_ties(user, by=admin, nationalities=[], seconded_by=mission_of("XCC").state)
    locks.lock_person(user, by=admin, reason=c["lock: reason"])
    email = address_of(c["staff: e-mail of whoever is invited"])
    accounts.invite(email=email, office=w.office, role=Role.FOCAL_POINT, by=admin)
