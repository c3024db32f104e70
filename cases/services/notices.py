"""Owing a notice: the debt commits with what caused it; the queue hears of it only then."""

from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction

from accounts.models import Membership, Role, User
from cases import notices, tasks
from cases.models import Case, State
from cases.models.exclusion import free_of_conflict


def owe(people: Iterable[User], key: str) -> None:
    """Tell each of them once that something waits. `key` says what for; the mail does not."""
    for notice_id in notices.owe(people, key):
        transaction.on_commit(partial(tasks.send_notice.delay, str(notice_id)))


def officers_of(case: Case) -> list[User]:
    """Who answers for a case: its owner, or else the focal points of its office."""
    return notices.officers_of(case)


def custodians_of(case: Case, *, but: User | None = None) -> list[User]:
    """The keepers of identities in the office that holds the case."""
    return _in_role(case, {Role.CUSTODIAN}, but)


def reviewers_of(case: Case, *, but: User | None = None) -> list[User]:
    return _in_role(case, {Role.REVIEWER}, but)


def watchers_of(case: Case, *, but: User) -> list[User]:
    """Who is told of an emergency: custodians and reviewers of the office, never the one.

    Two at least: where there are fewer, whoever answers for the case is told too.
    """
    found = _in_role(case, {Role.CUSTODIAN, Role.REVIEWER}, but)
    if len(found) > 1:
        return found
    return [*found, *(one for one in officers_of(case) if one != but and one not in found)]


def _in_role(case: Case, roles: Collection[Role], but: User | None) -> list[User]:
    held = Membership.objects.filter(office=case.office_id, role__in=roles)
    people = User.objects.filter(memberships__in=held, is_active=True).distinct()
    return [person for person in free_of_conflict(people, case) if person != but]


def mission_of(state: State) -> list[User]:
    """Everybody at the Permanent Missions of a State."""
    return notices.mission_of(state.pk)
