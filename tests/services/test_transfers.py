"""A case goes to another office when that office accepts, and the first one sees it no longer."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from cases.models import Case, Notice, Tie, Transfer
from cases.models.assignment import Duty
from cases.models.exclusion import Bond
from cases.refusals import Refused
from cases.services import assignments, transfers
from tests.factories import OfficeFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def there():
    return member(OfficeFactory(), Role.FOCAL_POINT)


def in_days(days):
    return timezone.now() + dt.timedelta(days=days)


def offered(case, who, there, **fields):
    given = {"to": journey.office_of(there), "reason": "Their State", "expires_at": in_days(7)}
    return transfers.offer_transfer(case, by=who.reviewer, **{**given, **fields})


def sees(person, case):
    return (
        Case.objects.visible_to(type(person).objects.get(pk=person.pk)).filter(pk=case.pk).exists()
    )


def test_an_offer_changes_nothing_and_shows_nothing(who, case, there):
    transfer = offered(case, who, there)
    assert sees(who.focal, case) and not sees(there, case)
    assert list(Transfer.objects.offered_to(there)) == [transfer]
    assert not Transfer.objects.offered_to(who.focal).exists()
    assert not Transfer.objects.visible_to(there).exists()
    assert Notice.objects.filter(recipient=there, key=f"transfer:{transfer.pk}").exists()


def test_whoever_accepts_owns_it_and_the_giving_office_sees_it_no_longer(who, case, there):
    helper = member(journey.office_of(who.focal))
    assignments.assign_case(case, by=who.focal, user=helper, duty=Duty.SUPPORT)
    transfers.accept_transfer(offered(case, who, there), by=there)
    case.refresh_from_db()
    assert (case.office, case.owner) == (journey.office_of(there), there)
    assert sees(there, case)
    assert not any(sees(person, case) for person in (who.focal, who.reviewer, helper))


def test_another_office_that_works_on_the_case_goes_on(who, case, there):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    assignments.assign_case(case, by=who.focal, office=office, duty=Duty.LETTER)
    transfers.accept_transfer(offered(case, who, there), by=there)
    assert sees(who.mechanism, case)


def test_declined_and_withdrawn_leave_it_where_it_is(who, case, there):
    transfers.decline_transfer(offered(case, who, there), by=there)
    transfers.withdraw_transfer(offered(case, who, there), by=who.reviewer)
    assert sees(who.focal, case) and not sees(there, case)
    assert [one.answer for one in case.transfers.all()] == ["withdrawn", "declined"]


def test_who_may_not(who, case, there):
    with pytest.raises(PermissionDenied):
        transfers.offer_transfer(
            case, to=journey.office_of(there), by=who.focal, reason="x", expires_at=in_days(1)
        )
    transfer = offered(case, who, there)
    with pytest.raises(PermissionDenied):
        transfers.accept_transfer(transfer, by=who.focal)
    with pytest.raises(PermissionDenied):
        transfers.accept_transfer(transfer, by=member(journey.office_of(there), Role.ANALYST))
    with pytest.raises(PermissionDenied):
        transfers.withdraw_transfer(transfer, by=there)


def test_whoever_has_a_tie_to_the_state_neither_hears_of_it_nor_accepts(who, case, there):
    tied = member(journey.office_of(there), Role.REVIEWER)
    Tie.objects.create(user=tied, state=case.state, bond=Bond.NATIONALITY)
    transfer = offered(case, who, there)
    assert not Notice.objects.filter(recipient=tied).exists()
    with pytest.raises(Refused, match="cannot work"):
        transfers.accept_transfer(transfer, by=tied)


def test_an_offer_ends_by_itself_and_makes_room_for_the_next(who, case, there):
    with time_machine.travel(timezone.now() - dt.timedelta(days=8)):
        old = offered(case, who, there)
    with pytest.raises(Refused, match="answered, withdrawn or over"):
        transfers.accept_transfer(old, by=there)
    new = offered(case, who, there)
    with pytest.raises(Refused, match="already"):
        offered(case, who, there)
    transfers.accept_transfer(new, by=there)
    with pytest.raises(Refused, match="answered"):
        transfers.accept_transfer(new, by=there)


@pytest.mark.parametrize("to", ["mission", "closed", "same"])
def test_offices_that_cannot_take_it(who, case, there, to):
    office = {
        "mission": mission_of(),
        "closed": OfficeFactory(active=False),
        "same": case.office,
    }[to]
    with pytest.raises(Refused):
        offered(case, who, there, to=office)
    with pytest.raises(Refused, match="still to come"):
        offered(case, who, there, expires_at=in_days(-1))


@pytest.mark.parametrize("words", [journey.NAME, f"On {journey.NAME.upper()}", "About [V-1]"])
def test_the_reason_names_nobody_to_an_office_that_sees_nothing(who, case, there, words):
    with pytest.raises(Refused, match="identifies V-1"):
        offered(case, who, there, reason=words)
    assert not Transfer.objects.exists()
