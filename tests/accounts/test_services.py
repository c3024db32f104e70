"""The life of an invitation, and what people may do to accounts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import services
from accounts.models import Invitation, Membership, Office, Role, User
from cases.models import Assignment, AuditEvent, Case, Notice, Tie
from cases.models.assignment import Duty
from cases.refusals import Refused
from cases.services import assignments
from tests.factories import PASSWORD, OfficeFactory, UserFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db

GOOD = "a long and quiet password"


@pytest.fixture
def office():
    return OfficeFactory(name="Desk of the east")


@pytest.fixture
def administrator():
    return member(role=Role.ADMINISTRATOR)


@pytest.fixture
def invited(office, administrator):
    """An invitation and its token."""
    return services.invite(
        email="New@example.org", office=office, role=Role.REVIEWER, by=administrator
    )


def accept(token: str, name: str = "New Person") -> User:
    return services.accept_invitation(services.digest_of(token), name=name, password=GOOD)


def test_invitation_brings_a_member(invited, office):
    invitation, token = invited

    user = accept(token)

    invitation.refresh_from_db()
    assert (user.email, user.name) == ("new@example.org", "New Person")
    assert user.check_password(GOOD)
    assert user.roles_in(office.pk) == {Role.REVIEWER}
    assert (invitation.accepted_by, invitation.accepted_at is not None) == (user, True)
    verbs = AuditEvent.objects.filter(subject=str(invitation.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["invitation_accepted", "invited"]


def test_only_the_digest_is_kept(invited):
    invitation, token = invited
    row = Invitation.objects.filter(pk=invitation.pk).values().get()

    assert token not in str(row)
    assert row["digest"] == services.digest_of(token)
    assert token not in str(list(AuditEvent.objects.values()))


def test_mail_says_nothing_but_the_link(
    office, administrator, letters, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        _invitation, token = services.invite(
            email="new@example.org", office=office, role=Role.REVIEWER, by=administrator
        )

    (letter,) = letters(1)
    assert (letter.to, letter.subject) == (["new@example.org"], "Your invitation")
    assert f"http://localhost:8000/accounts/invitation/{token}/" in letter.body
    for word in (office.name, "eviewer", administrator.name, administrator.email):
        assert word not in letter.body


def test_mail_leads_to_the_door_of_the_office(
    administrator, letters, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(
            email="a@example.org", office=mission_of(), role=Role.MISSION_USER, by=administrator
        )

    (letter,) = letters(1)
    assert "http://localhost:8001/accounts/invitation/" in letter.body
    assert "XAA" not in letter.subject + letter.body


def test_link_works_once(invited):
    _invitation, token = invited
    accept(token)

    with pytest.raises(Refused, match="used or withdrawn"):
        accept(token)
    assert User.objects.filter(email="new@example.org").count() == 1


def test_link_ends_after_seven_days(invited):
    _invitation, token = invited

    after = time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False)
    with after, pytest.raises(Refused):
        accept(token)
    assert not User.objects.filter(email="new@example.org").exists()


def test_link_works_on_the_seventh_day(invited):
    _invitation, token = invited

    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert accept(token).email == "new@example.org"


def test_withdrawn_link_is_worth_nothing(invited, administrator):
    invitation, token = invited

    services.withdraw_invitation(invitation, by=administrator)

    with pytest.raises(Refused):
        accept(token)
    with pytest.raises(Refused):
        services.withdraw_invitation(invitation, by=administrator)


def test_sent_again_means_another_link(invited, administrator):
    invitation, first = invited

    _invitation, second = services.resend_invitation(invitation, by=administrator)

    with pytest.raises(Refused):
        accept(first)
    assert accept(second).email == "new@example.org"


def test_link_is_worth_nothing_at_the_other_door(invited, settings):
    _invitation, token = invited
    settings.DOOR = "portal"

    assert services.invitation_behind(services.digest_of(token)) is None
    with pytest.raises(Refused):
        accept(token)


def test_link_of_a_closed_office_is_worth_nothing(invited, office):
    _invitation, token = invited
    Office.objects.filter(pk=office.pk).update(active=False)

    with pytest.raises(Refused):
        accept(token)


def test_second_invitation_waits_for_the_first(invited, office, administrator):
    with pytest.raises(Refused, match="is open"):
        services.invite(email="NEW@example.org", office=office, role=Role.ANALYST, by=administrator)


def test_expired_invitation_makes_room(invited, office, administrator):
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        services.invite(email="new@example.org", office=office, role=Role.ANALYST, by=administrator)

    assert Invitation.objects.filter(withdrawn_at=None).get().role == Role.ANALYST


def test_refusal_names_every_reason(administrator):
    closed = OfficeFactory(active=False)

    with pytest.raises(Refused) as refused:
        services.invite(
            email="a@example.org", office=closed, role=Role.MISSION_USER, by=administrator
        )

    assert len(refused.value.reasons) == 2


def test_inviting_does_not_tell_who_has_an_account_elsewhere():
    staff = member()
    head = member(mission_of(), Role.MISSION_HEAD)

    invitation, _token = services.invite(
        email=staff.email, office=mission_of(), role=Role.MISSION_USER, by=head
    )

    assert invitation.email == staff.email


def test_known_address_joins_by_signing_in(invited, office):
    _invitation, token = invited
    user = member(OfficeFactory(), Role.FOCAL_POINT, email="new@example.org", password=PASSWORD)
    with pytest.raises(Refused, match="Sign in"):
        accept(token)

    services.accept_invitation_as(services.digest_of(token), by=user)

    assert Membership.objects.filter(user=user, office=office, role=Role.REVIEWER).exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_nobody_joins_with_the_link_of_somebody_else(invited):
    _invitation, token = invited

    with pytest.raises(Refused, match="another address"):
        services.accept_invitation_as(services.digest_of(token), by=member())


def test_nobody_joins_the_other_side(administrator, settings):
    user = member(OfficeFactory(), Role.FOCAL_POINT)
    _invitation, token = services.invite(
        email=user.email, office=mission_of(), role=Role.MISSION_USER, by=administrator
    )
    settings.DOOR = "portal"

    with pytest.raises(Refused, match="another side"):
        services.accept_invitation_as(services.digest_of(token), by=user)
    assert not Membership.objects.filter(user=user, role=Role.MISSION_USER).exists()


INVITERS = {
    "administrator": (lambda: member(role=Role.ADMINISTRATOR), {"desk", "mission", "other"}),
    "head of the mission": (lambda: member(mission_of(), Role.MISSION_HEAD), {"mission"}),
    "mission user": (lambda: member(mission_of(), Role.MISSION_USER), set()),
    "focal point": (lambda: member(role=Role.FOCAL_POINT), set()),
    "auditor": (lambda: member(role=Role.AUDITOR), set()),
    "stranger": (UserFactory, set()),
}


@pytest.mark.parametrize("who", INVITERS)
@pytest.mark.parametrize("where", ["desk", "mission", "other"])
def test_who_may_invite(who, where):
    make, allowed = INVITERS[who]
    office, role = {
        "desk": lambda: (OfficeFactory(), Role.REVIEWER),
        "mission": lambda: (mission_of("XAA"), Role.MISSION_USER),
        "other": lambda: (mission_of("XBB"), Role.MISSION_USER),
    }[where]()
    by = make()

    if where in allowed:
        services.invite(email="a@example.org", office=office, role=role, by=by)
    else:
        with pytest.raises(Refused, match="Only an administrator"):
            services.invite(email="a@example.org", office=office, role=role, by=by)
    assert Invitation.objects.exists() is (where in allowed)


# Every service that looks after somebody else, called by somebody who may not.
CALLS = {
    "invite": lambda case: services.invite(
        email="b@example.org", office=case["office"], role=Role.REVIEWER, by=case["stranger"]
    ),
    "resend_invitation": lambda case: services.resend_invitation(
        case["invitation"], by=case["stranger"]
    ),
    "withdraw_invitation": lambda case: services.withdraw_invitation(
        case["invitation"], by=case["stranger"]
    ),
    "end_membership": lambda case: services.end_membership(case["membership"], by=case["stranger"]),
    "change_profile": lambda case: services.change_profile(
        case["membership"].user, name="x", language="fr", by=case["stranger"]
    ),
    "end_sessions": lambda case: services.end_sessions(
        case["membership"].user, by=case["stranger"]
    ),
    "create_token": lambda case: services.create_token(
        case["membership"].user, days=7, by=case["stranger"]
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_service_refuses_strangers(call, invited, office):
    person = member(office, Role.FOCAL_POINT)
    case = {
        "office": office,
        "invitation": invited[0],
        "membership": Membership.objects.get(user=person),
        "stranger": member(OfficeFactory(), Role.FOCAL_POINT),
    }
    before = AuditEvent.objects.count()

    with pytest.raises(Refused):
        CALLS[call](case)

    assert AuditEvent.objects.count() == before


def test_ended_membership_is_gone_and_remembered(office, administrator):
    person = member(office, Role.FOCAL_POINT)

    services.end_membership(Membership.objects.get(user=person), by=administrator)

    assert not Membership.objects.filter(user=person).exists()
    event = AuditEvent.objects.get(verb="membership_ended")
    assert event.detail["user"] == str(person.pk)


def test_last_administrator_stays(administrator):
    mine = Membership.objects.get(user=administrator)
    with pytest.raises(Refused, match="last administrator"):
        services.end_membership(mine, by=administrator)

    member(role=Role.ADMINISTRATOR)
    services.end_membership(mine, by=administrator)

    assert not Membership.objects.filter(user=administrator).exists()


def test_tokens_are_few():
    person = member()
    for _each in range(services.MOST_TOKENS):
        services.create_token(person, days=7, by=person)

    with pytest.raises(Refused, match="Revoke one"):
        services.create_token(person, days=7, by=person)


def test_whoever_leaves_hands_their_cases_over(administrator):
    who = journey.cast()
    case, other = journey.recorded(who), journey.recorded(who)
    office = journey.office_of(who.focal)
    successor = member(office, Role.FOCAL_POINT)
    named = member(office, Role.FOCAL_POINT)
    assignments.assign_case(other, by=who.focal, user=named, duty=Duty.SUPPORT)

    services.end_membership(who.focal.memberships.get(), by=administrator, to=successor)
    services.end_membership(named.memberships.get(), by=administrator)

    assert {Case.objects.get(pk=one.pk).owner for one in (case, other)} == {successor}
    assert not Assignment.objects.in_force().filter(user=named).exists()
    assert Notice.objects.filter(recipient=successor, key__startswith="let_go:").count() == 3


def test_a_role_beside_another_in_the_office_leaves_the_cases_where_they_are(administrator):
    who = journey.cast()
    case = journey.recorded(who)
    both = member(journey.office_of(who.focal), Role.REVIEWER, user=who.focal)
    services.end_membership(both.memberships.get(role=Role.FOCAL_POINT), by=administrator)
    assert Case.objects.get(pk=case.pk).owner == who.focal


def test_nobody_takes_over_a_case_that_a_rule_keeps_them_from(administrator):
    who = journey.cast()
    case = journey.recorded(who)
    successor = member(journey.office_of(who.focal), Role.FOCAL_POINT)
    Tie.objects.create(user=successor, state=case.state, bond="nationality")
    with pytest.raises(Refused, match="cannot work"):
        services.end_membership(who.focal.memberships.get(), by=administrator, to=successor)
    assert who.focal.memberships.exists() and Case.objects.get(pk=case.pk).owner == who.focal
