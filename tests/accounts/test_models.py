"""What the database refuses to believe about people and offices."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import (
    MISSION_ROLES,
    ROLES_OF_KIND,
    STAFF_ROLES,
    Invitation,
    Membership,
    Office,
    OfficeKind,
    Role,
    User,
)
from tests.factories import OfficeFactory, UserFactory, member, mission_of

pytestmark = pytest.mark.django_db


def refused_by(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_email_differs_by_more_than_case():
    UserFactory(email="One@Example.org")

    with pytest.raises(IntegrityError):
        UserFactory(email="one@example.ORG")


def test_email_is_kept_in_lower_case():
    user = UserFactory(email=" One@Example.org ")

    assert user.email == "one@example.org"
    with refused_by("email_of_a_person_is_lower_case"):
        User.objects.filter(pk=user.pk).update(email="ONE@example.org")


@pytest.mark.parametrize("kind", [kind for kind in OfficeKind if kind != OfficeKind.MISSION])
def test_only_missions_have_a_state(kind):
    state = mission_of("XAA").state

    with refused_by("a_mission_and_nobody_else_has_a_state"):
        OfficeFactory(kind=kind, state=state)


def test_mission_without_a_state_is_refused():
    with refused_by("a_mission_and_nobody_else_has_a_state"):
        OfficeFactory(kind=OfficeKind.MISSION)


def test_office_keeps_its_kind_and_state():
    mission, other = mission_of("XAA"), mission_of("XBB")

    with refused_by("kind_and_state_are_for_life"):
        Office.objects.filter(pk=mission.pk).update(state=other.state)


def test_office_may_change_its_name():
    office = OfficeFactory()

    Office.objects.filter(pk=office.pk).update(name="Another name", active=False)

    office.refresh_from_db()
    assert (office.name, office.active) == ("Another name", False)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(OfficeKind))
def test_roles_live_where_they_belong(kind, role):
    office = mission_of() if kind == OfficeKind.MISSION else OfficeFactory(kind=kind)
    user = UserFactory()

    if role in ROLES_OF_KIND[kind]:
        Membership.objects.create(office=office, user=user, role=role)
    else:
        with refused_by("role_of_a_member_fits_the_office"):
            Membership.objects.create(office=office, user=user, role=role)


def test_roles_are_of_the_mission_or_of_the_staff_never_both():
    assert set(Role) == MISSION_ROLES | STAFF_ROLES
    assert not MISSION_ROLES & STAFF_ROLES


def test_nobody_serves_a_mission_and_another_office():
    user = member(mission_of(), Role.MISSION_USER)

    with refused_by("one_side_of_the_table"):
        Membership.objects.create(office=OfficeFactory(), user=user, role=Role.FOCAL_POINT)


def test_nobody_serves_two_states():
    user = member(mission_of("XAA"), Role.MISSION_USER)

    with refused_by("one_side_of_the_table"):
        Membership.objects.create(office=mission_of("XBB"), user=user, role=Role.MISSION_USER)


def test_same_role_in_same_office_only_once():
    office = OfficeFactory()
    user = member(office, Role.REVIEWER)

    with refused_by("one_membership_per_office_and_role"):
        Membership.objects.create(office=office, user=user, role=Role.REVIEWER)


def test_memberships_now_asks_once(django_assert_num_queries):
    office = OfficeFactory()
    user = member(office, Role.FOCAL_POINT)
    Membership.objects.create(office=office, user=user, role=Role.REVIEWER)

    with django_assert_num_queries(1):
        assert user.memberships_now == [
            (office.pk, OfficeKind.DESK, Role.FOCAL_POINT),
            (office.pk, OfficeKind.DESK, Role.REVIEWER),
        ]
        assert user.offices_with({Role.REVIEWER, Role.FOCAL_POINT}) == [office.pk]
        assert user.offices_with({Role.AUDITOR}) == []
        assert user.roles_in(office.pk) == {Role.FOCAL_POINT, Role.REVIEWER}
        assert user.state_id is None


def test_state_of_a_mission_user():
    assert member(mission_of("XBB"), Role.MISSION_USER).state_id == "XBB"


def test_closed_office_counts_no_more():
    office = OfficeFactory(active=False)
    user = member(office, Role.FOCAL_POINT)

    assert user.memberships_now == []
    assert not user.belongs_at("console")


def test_superuser_is_given_no_object():
    boss = User.objects.create_superuser("boss@example.org", "x" * 20, name="Boss")

    assert boss.has_perm("accounts.view_office")
    assert not boss.has_perm("accounts.view_office", OfficeFactory())
    assert not boss.belongs_at("console")


def test_offices_are_visible_to_their_people_and_administrators():
    mine, other = OfficeFactory(), OfficeFactory()
    worker = member(mine, Role.FOCAL_POINT)
    administrator = member(other, Role.ADMINISTRATOR)

    assert set(Office.objects.visible_to(worker)) == {mine}
    assert set(Office.objects.visible_to(administrator)) == {mine, other}
    assert set(Office.objects.visible_to(UserFactory())) == set()


@pytest.fixture
def invitation():
    head = member(mission_of(), Role.MISSION_HEAD)
    return Invitation.objects.create(
        email="new@example.org",
        office=mission_of(),
        role=Role.MISSION_USER,
        digest="0" * 64,
        invited_by=head,
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"accepted_at": timezone.now()}, "invitation_accepted_at_iff_by"),
        ({"withdrawn_at": timezone.now()}, "invitation_withdrawn_at_iff_by"),
        ({"email": "NEW@example.org"}, "email_of_an_invitation_is_lower_case"),
        ({"role": Role.AUDITOR}, "role_of_an_invitation_fits_the_office"),
    ],
)
def test_invitation_that_makes_no_sense_is_refused(invitation, values, constraint):
    with refused_by(constraint):
        Invitation.objects.filter(pk=invitation.pk).update(**values)


def test_invitation_is_accepted_or_withdrawn_never_both(invitation):
    now, by = timezone.now(), invitation.invited_by

    with refused_by("invitation_accepted_or_withdrawn_never_both"):
        Invitation.objects.filter(pk=invitation.pk).update(
            accepted_at=now, accepted_by=by, withdrawn_at=now, withdrawn_by=by
        )


def test_one_pending_invitation_per_address_and_office(invitation):
    again = {"email": invitation.email, "office": invitation.office, "role": Role.MISSION_HEAD}

    with (
        refused_by("one_pending_invitation_per_address_and_office"),
        transaction.atomic(),
    ):
        Invitation.objects.create(**again, digest="1" * 64, invited_by=invitation.invited_by)

    Invitation.objects.filter(pk=invitation.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=invitation.invited_by
    )
    Invitation.objects.create(**again, digest="1" * 64, invited_by=invitation.invited_by)
