"""The promise to whoever is kept here: no path leads to a name but three.

An officer assigned by name, whom a custodian, never the same person, let see it for a time, and
whoever broke the glass within the hour: any order of asking, deciding, ending, assigning, locking
and waiting leaves it so. Each look leaves exactly one row, and over the quota there is none.
"""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Membership, Role, User
from cases.models import AuditEvent, IdentityRequest, Lock
from cases.models.identity_request import EMERGENCY_LASTS, Period
from cases.refusals import Refused
from cases.services import assignments, identities, identity_requests, locks
from tests.factories import journey, member

pytestmark = pytest.mark.django_db

QUOTA = 4
PEOPLE = ("reviewer", "colleague", "both", "guest")
OFFICERS = ("reviewer", "colleague", "both")
KEEPERS = ("custodian", "both")
who = st.sampled_from(PEOPLE)
keeper = st.sampled_from(KEEPERS)


class Names(RuleBasedStateMachine):
    """`granted`, `assigned` and `locked` are what we expect, kept apart from the database."""

    @initialize()
    def world(self) -> None:
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        cast = journey.cast()
        case = journey.shareable(journey.recorded(cast), cast)
        self.identity, self.case = case.persons.get().identity, case
        both = member(case.office, Role.CUSTODIAN)
        Membership.objects.create(office=case.office, user=both, role=Role.REVIEWER)
        self.focal, self.admin = cast.focal, [member(role=Role.ADMINISTRATOR) for _n in range(2)]
        self.people = {
            "reviewer": cast.reviewer,
            "colleague": member(case.office, Role.FOCAL_POINT),
            "both": both,
            "guest": member(),
            "custodian": cast.custodian,
        }
        assignments.show_case(case, to=self.people["guest"], by=cast.reviewer, reason="Advice")
        self.granted: dict[str, tuple[dt.datetime, bool]] = {}
        self.assigned: dict[str, Any] = {}
        self.waiting: dict[str, IdentityRequest] = {}
        self.locked: dict[str, Lock] = {}
        self.gone: set[str] = set()
        self.looks: dict[str, list[dt.datetime]] = {name: [] for name in PEOPLE}

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.stop()

    def now(self, name: str) -> User:
        return User.objects.get(pk=self.people[name].pk)

    def open_to(self, name: str) -> bool:
        if name in self.locked or name in self.gone:
            return False
        live = name in self.granted and self.granted[name][0] > timezone.now()
        return name in self.assigned or live

    def tried(self, act: Any) -> bool:
        try:
            act()
        except (Refused, PermissionDenied):
            return False
        return True

    # What people do ------------------------------------------------------------------------------

    @rule(name=who)
    def ask(self, name: str) -> None:
        words = {"purpose": "contact", "motive": "To call"}
        by = self.now(name)
        if self.tried(lambda: identity_requests.ask_identity(self.identity, by=by, **words)):
            assert name not in self.waiting and not self.open_to(name)
            self.waiting[name] = IdentityRequest.objects.waiting().get(
                identity=self.identity, asked_by=by
            )

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), by=keeper, period=st.sampled_from(Period.values))
    def approve(self, data: st.DataObject, by: str, period: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.waiting)))
        said: Any = {"by": self.now(by), "period": period, "reason": "Agreed"}
        row = self.waiting[name]
        if self.tried(lambda: identity_requests.approve_request(row, **said)):
            assert by != name and by not in self.locked
            del self.waiting[name]
            self.granted[name] = (timezone.now() + Period(period).length, self.emergency(name))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), by=keeper)
    def refuse(self, data: st.DataObject, by: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.waiting)))
        row, who_decides = self.waiting[name], self.now(by)
        if self.tried(lambda: identity_requests.refuse_request(row, by=who_decides, reason="No")):
            assert by != name and by not in self.locked
            del self.waiting[name]

    @precondition(lambda self: self.granted)
    @rule(data=st.data(), by=st.sampled_from([*KEEPERS, "asker"]))
    def take_back(self, data: st.DataObject, by: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.granted)))
        rows = IdentityRequest.objects.filter(asked_by=self.people[name], status="approved")
        row, ender = rows.order_by("-expires_at").first(), self.now(name if by == "asker" else by)
        if row and self.tried(lambda: identity_requests.end_request(row, by=ender)):
            self.granted.pop(name, None)

    @rule(name=who)
    def break_glass(self, name: str) -> None:
        said: Any = {"motive": "A threat", "confirmed": True, "by": self.now(name)}
        if self.tried(lambda: identity_requests.break_glass(self.identity, **said)):
            assert name in OFFICERS and name not in self.locked
            self.granted[name] = (timezone.now() + EMERGENCY_LASTS, True)

    def emergencies_to_review(self):
        return IdentityRequest.objects.filter(case=self.case, emergency=True, reviewed_at=None)

    @rule(by=st.sampled_from(["reviewer", "both", "custodian"]), justified=st.booleans())
    def review(self, by: str, justified: bool) -> None:
        row = self.emergencies_to_review().first()
        said: Any = {"by": self.now(by), "justified": justified, "review": "Seen"}
        if row and self.tried(lambda: identity_requests.review_emergency(row, **said)):
            assert row.asked_by_id != self.people[by].pk

    @rule(name=st.sampled_from(OFFICERS))
    def assign(self, name: str) -> None:
        if name not in self.assigned and name not in self.locked:
            self.assigned[name] = assignments.assign_case(
                self.case, by=self.focal, user=self.now(name), duty="support"
            )

    @precondition(lambda self: self.assigned)
    @rule(data=st.data())
    def unassign(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.assigned)))
        assignments.end_assignment(self.assigned.pop(name), by=self.focal)

    @rule(name=who)
    def lock(self, name: str) -> None:
        if name not in self.locked:
            self.locked[name] = locks.lock_person(
                self.now(name), by=self.admin[0], reason="Phished"
            )
            self.granted.pop(name, None)
            if name == "guest":
                self.gone.add(name)  # the case is shown to them no more, also after the lock

    @precondition(lambda self: self.locked)
    @rule(data=st.data())
    def unlock(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.locked)))
        locks.lift_lock(self.locked.pop(name), by=self.admin[1], reason="Safe again")

    @rule(hours=st.sampled_from([0.9, 1, 8, 25, 72]))
    def wait(self, hours: float) -> None:
        self.time.shift(dt.timedelta(hours=hours))

    # What they see -------------------------------------------------------------------------------

    def emergency(self, name: str) -> bool:
        """Whether they broke the glass within the hour and nobody ended it."""
        rows = IdentityRequest.objects.in_force().filter(asked_by=self.people[name])
        return rows.filter(emergency=True).exists()

    @rule(name=who)
    def look(self, name: str) -> None:
        since = timezone.now() - dt.timedelta(days=1)
        full = sum(at > since for at in self.looks[name]) >= QUOTA
        expected = self.open_to(name) and (not full or self.emergency(name))
        before, by = AuditEvent.objects.count(), self.people[name]  # as a task holds them
        seen = self.tried(lambda: identities.reveal(self.identity, by=by))
        assert seen == expected
        assert AuditEvent.objects.count() == before + 1
        if seen:
            self.looks[name].append(timezone.now())

    @invariant()
    def nobody_decided_on_their_own(self) -> None:
        for row in IdentityRequest.objects.filter(case=getattr(self, "case", None)):
            assert row.asked_by_id not in {row.decided_by_id, row.reviewed_by_id}


@override_settings(IDENTITIES_A_DAY=QUOTA)
def test_no_path_leads_to_a_name_but_three():
    run_state_machine_as_test(
        Names,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
