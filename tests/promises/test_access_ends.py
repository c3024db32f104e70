"""What somebody may no longer see is over at once, whichever way they once came to it."""

import datetime as dt

import pytest
from django.utils import timezone
from knox.models import AuthToken

from accounts import services as accounts
from accounts.models import Office, OfficeKind, Role, User
from cases.models import Case, Identity
from cases.refusals import Refused
from cases.services import assignments, identities, locks, transfers
from tests.factories import OfficeFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db
NEW = {"name": "A Friend", "password": "a long and quiet password"}


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def admin():
    return member(OfficeFactory(kind=OfficeKind.MANAGEMENT), Role.ADMINISTRATOR)


def sees(person: User, case: Case) -> bool:
    now = User.objects.get(pk=person.pk)
    return Case.objects.visible_to(now).filter(pk=case.pk).exists()


def left(person: User, office: Office, by: User) -> None:
    accounts.end_membership(person.memberships.get(office=office), by=by)


def test_who_leaves_the_house_for_an_entity_keeps_nothing_got_as_one_of_the_house(who, case, admin):
    """To one of the house nothing is shared outside, so nobody was asked for their consent."""
    desk, entity = OfficeFactory(), OfficeFactory(kind=OfficeKind.ENTITY)
    me = member(entity, Role.FOCAL_POINT, user=member(desk, Role.FOCAL_POINT))
    guest = member(entity, Role.FOCAL_POINT, user=member(desk, Role.FOCAL_POINT))
    assignments.assign_case(case, by=who.focal, user=me, duty="support")
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    assert sees(me, case) and sees(guest, case)
    for person in (me, guest):
        left(person, desk, admin)
    assert not sees(me, case) and not sees(guest, case)


def test_who_leaves_one_desk_for_another_keeps_what_no_desk_they_left_holds(who, case, admin):
    desk, other = OfficeFactory(), OfficeFactory()
    me = member(other, Role.FOCAL_POINT, user=member(desk, Role.FOCAL_POINT))
    assignments.assign_case(case, by=who.focal, user=me, duty="support")
    left(me, desk, admin)
    assert sees(me, case)
    here = member(other, Role.FOCAL_POINT, user=member(case.office, Role.FOCAL_POINT))
    assignments.assign_case(case, by=who.focal, user=here, duty="support")
    left(here, case.office, admin)
    assert not sees(here, case)


def test_a_case_that_was_given_away_is_not_kept_by_showing_it_to_oneself(who, case):
    there = member(OfficeFactory(), Role.FOCAL_POINT)
    assignments.show_case(case, to=who.reviewer, by=who.reviewer, reason="To keep an eye on it")
    until = timezone.now() + dt.timedelta(days=7)
    offer = transfers.offer_transfer(
        case, to=journey.office_of(there), by=who.reviewer, reason="x", expires_at=until
    )
    transfers.accept_transfer(offer, by=there)
    assert not sees(who.reviewer, case)


@pytest.mark.parametrize("way", ["by name", "guest"])
def test_while_their_only_office_that_reads_cases_is_locked_they_read_none(who, case, admin, way):
    office = OfficeFactory()
    me = member(OfficeFactory(), Role.ANALYST, user=member(office, Role.FOCAL_POINT))
    if way == "by name":
        assignments.assign_case(case, by=who.focal, user=me, duty="support")
    else:
        assignments.show_case(case, to=me, by=who.reviewer, reason="Advice")
    assert sees(me, case)
    locks.lock_office(office, by=admin, reason="Taken over")
    assert not sees(me, case)


@pytest.mark.parametrize("end", ["locked", "office locked", "left"])
def test_whom_somebody_let_in_comes_no_more_by_them(admin, end):
    """A stolen account of an administrator invites a mailbox of the thief's; then it is found."""
    taken = member(OfficeFactory(kind=OfficeKind.MANAGEMENT), Role.ADMINISTRATOR)
    _row, token = accounts.invite(
        email="thief@example.org", office=OfficeFactory(), role=Role.REVIEWER, by=taken
    )
    office = taken.memberships.get().office
    if end == "locked":
        locks.lock_person(taken, by=admin, reason="Stolen")
    elif end == "office locked":
        locks.lock_office(office, by=admin, reason="Stolen")
    else:
        left(taken, office, admin)
    with pytest.raises(Refused, match="used or withdrawn"):
        accounts.accept_invitation(accounts.digest_of(token), **NEW)
    assert not User.objects.filter(email="thief@example.org").exists()


def test_whom_a_head_of_a_mission_let_in_comes_while_another_invitation_stands(portal):
    mission = mission_of()
    head, other = (member(mission, Role.MISSION_HEAD) for _n in range(2))
    said = {"office": mission, "role": Role.MISSION_USER}
    _row, mine = accounts.invite(email="mine@example.org", by=other, **said)
    _row, theirs = accounts.invite(email="theirs@example.org", by=head, **said)
    left(other, mission, head)
    with pytest.raises(Refused):
        accounts.accept_invitation(accounts.digest_of(mine), **NEW)
    assert accounts.accept_invitation(accounts.digest_of(theirs), **NEW)


def test_whoever_signs_out_everywhere_else_ends_the_tokens_too(client, who):
    """A thief who sat there for a minute may have made one; it would outlast every session."""
    token = accounts.create_token(who.focal, days=90, by=who.focal)
    me = {"Authorization": f"Token {token}"}
    assert client.get("/api/v1/me/", headers=me).status_code == 200
    client.force_login(who.focal)
    client.post("/accounts/security/sessions/end/")
    assert not AuthToken.objects.filter(user=who.focal).exists()
    client.logout()
    assert client.get("/api/v1/me/", headers=me).status_code == 401


def test_a_name_is_not_opened_by_somebody_locked_while_their_request_runs(who, case, admin):
    """`stale` is the person as a process, or a task, read them before the lock."""
    stale = User.objects.get(pk=who.focal.pk)
    assert stale.memberships_now
    locks.lock_person(who.focal, by=admin, reason="Stolen")
    with pytest.raises(Exception, match="may not"):
        identities.reveal(Identity.objects.get(person__case=case), by=stale)
