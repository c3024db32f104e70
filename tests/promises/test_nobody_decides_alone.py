"""What takes two people takes two human beings: no role, office or second membership makes one
person both of them.

Each of these was possible to one person with the roles named in the test.
"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Role, User
from cases.lifecycles import CaseMove
from cases.models import Case, Identity, Tie
from cases.models.exclusion import Bond
from cases.refusals import GateShut, Refused
from cases.services import (
    assignments,
    cases,
    communications,
    elements,
    exclusions,
    identities,
    identity_requests,
    transfers,
)
from cases.vocabulary import Verification
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def again(person: User) -> User:
    """As the next request finds them."""
    return User.objects.get(pk=person.pk)


def sees_the_name(person: User, case: Case) -> bool:
    try:
        identities.reveal(Identity.objects.get(person__case=case), by=person)
    except (PermissionDenied, Refused):
        return False
    return True


def offered(case, office, by):
    until = timezone.now() + dt.timedelta(days=7)
    return transfers.offer_transfer(case, to=office, by=by, reason="x", expires_at=until)


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.REVIEWER])
@pytest.mark.parametrize("way", ["owner", "by name"])
def test_nobody_puts_a_case_with_its_names_into_their_own_hands(case, role, way):
    me = member(case.office, role)
    with pytest.raises(Refused, match="to themselves"):
        if way == "owner":
            assignments.give_case(case, to=me, by=me)
        else:
            assignments.assign_case(case, user=again(me), by=me, duty="support")
    assert not sees_the_name(me, case)


def test_nobody_offers_a_case_to_another_office_of_theirs_and_takes_it_there(case):
    me = member(case.office, Role.REVIEWER)
    there = OfficeFactory()
    me = member(there, Role.FOCAL_POINT, user=me)
    transfer = offered(case, there, me)
    with pytest.raises(Refused, match="to themselves"):
        transfers.accept_transfer(transfer, by=me)
    assert not sees_the_name(me, case)
    colleague = member(there, Role.FOCAL_POINT)
    assert transfers.accept_transfer(transfer, by=colleague).owner == colleague


def test_an_administrator_who_ends_a_membership_does_not_take_over_the_cases(who, case):
    me = member(case.office, Role.REVIEWER, user=member(role=Role.ADMINISTRATOR))
    with pytest.raises(Refused, match="to themselves"):
        accounts.end_membership(who.focal.memberships.get(), by=me, to=again(me))
    assert who.focal.memberships.exists() and not sees_the_name(me, case)


def test_an_administrator_gives_themselves_no_role(case):
    me = member(role=Role.ADMINISTRATOR, email="admin@example.org")
    with pytest.raises(Refused, match="to themselves"):
        accounts.invite(email=" Admin@Example.org", office=case.office, role=Role.REVIEWER, by=me)
    assert not Case.objects.visible_to(again(me)).exists()


def test_an_administrator_does_not_strike_out_their_own_tie(case):
    me = member(case.office, Role.FOCAL_POINT, user=member(role=Role.ADMINISTRATOR))
    Tie.objects.create(user=me, state=case.state, bond=Bond.NATIONALITY)
    with pytest.raises(Refused, match="Another administrator"):
        exclusions.set_ties(me, by=me, nationalities=[], seconded_by=None)
    assert not Case.objects.visible_to(again(me)).exists()


def test_nobody_clears_a_letter_whose_facts_they_wrote(who):
    """The facts of a case stand in its letters word for word."""
    letter = journey.drafted(journey.decided(who), who)
    fact = letter.elements.get()
    communications.ask_clearance(letter, by=who.mechanism)
    elements.edit_element(fact, by=who.reviewer, version=fact.version, statement="Mine alone.")
    seen = communications.composed(communications.whole(letter), by=who.reviewer).digest
    with pytest.raises(GateShut, match="another person must clear it"):
        communications.clear_letter(letter, by=who.reviewer, digest=seen)
    second = member(letter.case.office, Role.REVIEWER)
    assert communications.clear_letter(letter, by=second, digest=seen).cleared_by == second


@pytest.mark.parametrize("way", ["transfer", "hand-over"])
def test_whoever_owned_a_case_does_not_conclude_on_it_later(who, case, way):
    """Owners by a transfer or a colleague's last day too, after they gave it to somebody else."""
    me = member(case.office, Role.REVIEWER)
    if way == "hand-over":
        admin = member(role=Role.ADMINISTRATOR)
        accounts.end_membership(who.focal.memberships.get(), by=admin, to=me)
    else:
        me = member(OfficeFactory(), Role.REVIEWER)
        transfers.accept_transfer(offered(case, journey.office_of(me), who.reviewer), by=me)
    case.refresh_from_db()
    assert case.owner == me
    other = member(case.office, Role.FOCAL_POINT)
    assignments.give_case(case, to=other, by=me)
    verifying(case, other)
    with pytest.raises(Refused, match="neither recorded, owned nor weighed"):
        cases.conclude(case, Verification.UNV, by=me)
    assert cases.conclude(case, Verification.UNV, by=member(case.office, Role.REVIEWER))


def verifying(case: Case, by: User) -> None:
    cases.file_case(case, by=by)
    cases.move_case(case, CaseMove.TRIAGE, by=by)
    cases.move_case(case, CaseMove.ASK_CONSENT, by=by)
    journey.consented(case, journey.cast()._replace(focal=by))
    cases.move_case(case, CaseMove.ASSESS_RISK, by=by)
    journey.assessed_risk(case, journey.cast()._replace(focal=by))
    cases.move_case(case, CaseMove.VERIFY, by=by)


def test_emergencies_that_nobody_reviews_come_to_an_end(case, who, monkeypatch):
    """The quota does not count them: a life goes before a count, a whole house does not."""
    monkeypatch.setattr(identity_requests, "MOST_UNREVIEWED", 2)
    identity = Identity.objects.get(person__case=case)
    me = member(case.office, Role.REVIEWER)
    said = {"by": me, "motive": "A threat", "confirmed": True}
    for _time in range(2):
        row = identity_requests.break_glass(identity, **said)
        identity_requests.end_request(row, by=me)
    with pytest.raises(Refused, match="Nobody has reviewed"):
        identity_requests.break_glass(identity, **said)
    identity_requests.review_emergency(row, by=who.custodian, justified=True, review="Seen")
    assert identity_requests.break_glass(identity, **said)
