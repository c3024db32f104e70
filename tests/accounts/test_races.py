"""Two people press at the same moment: one wins, the other is told, nothing is half done."""

import time
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts import services
from accounts.models import Membership, Role, User
from cases.refusals import Refused
from tests.factories import OfficeFactory, UserFactory, member, mission_of


def accept(token: str, name: str = "New Person") -> User:
    digest = services.digest_of(token)
    return services.accept_invitation(digest, name=name, password="a long and quiet password")


def at_once(*calls, table="accounts_invitation"):
    """Each in a thread and on a connection of its own, all past their reading before one writes.

    Under an exclusive lock of the table plain reads go on, while writes and row locks wait: who
    only reads before deciding decides on what is no longer so.
    """
    answers = []

    def run(call):
        try:
            answers.append(call())
        except Refused as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        time.sleep(1)
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_accepts_at_once_make_one_account():
    _invitation, token = services.invite(
        email="new@example.org",
        office=OfficeFactory(),
        role=Role.REVIEWER,
        by=member(role=Role.ADMINISTRATOR),
    )

    answers = at_once(lambda: accept(token, "First"), lambda: accept(token, "Second"))

    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "User"]
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_and_withdrawn_at_once_is_one_of_them():
    administrator = member(role=Role.ADMINISTRATOR)
    invitation, token = services.invite(
        email="new@example.org", office=OfficeFactory(), role=Role.REVIEWER, by=administrator
    )

    answers = at_once(
        lambda: accept(token),
        lambda: services.withdraw_invitation(invitation, by=administrator),
    )

    assert len([answer for answer in answers if isinstance(answer, Refused)]) == 1
    assert len(answers) == 2
    invitation.refresh_from_db()
    assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other():
    one, two = member(role=Role.ADMINISTRATOR), member(role=Role.ADMINISTRATOR)
    of_one, of_two = (Membership.objects.get(user=user) for user in (one, two))

    answers = at_once(
        lambda: services.end_membership(of_one, by=two),
        lambda: services.end_membership(of_two, by=one),
        table="accounts_membership",
    )

    assert len([answer for answer in answers if isinstance(answer, Refused)]) == 1
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sides_joined_at_once_leave_one():
    administrator, user = member(role=Role.ADMINISTRATOR), UserFactory()
    mission, desk = mission_of(), OfficeFactory()

    def join(office, role):
        return Membership.objects.create(office=office, user=user, role=role)

    def quietly(office, role):
        try:
            return join(office, role)
        except Exception as error:
            raise Refused(str(error)) from error

    answers = at_once(
        lambda: quietly(mission, Role.MISSION_USER), lambda: quietly(desk, Role.REVIEWER)
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Membership", "Refused"]
    assert administrator.memberships.count() == 1
