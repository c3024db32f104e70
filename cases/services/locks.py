"""The emergency brake: shut a person or an office out at once, and know what they read."""

from datetime import timedelta
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.models import Invitation, Membership, Office, Role, User
from cases import audit
from cases.models import (
    AuditEvent,
    Case,
    CaseUserObjectPermission,
    Disposal,
    IdentityUserObjectPermission,
    Lock,
)
from cases.refusals import Refused
from cases.services import notices

# Reviewers of cases whose names were opened in this time are told.
LOOKED_BACK = timedelta(days=30)


def people_lockable_by(user: User) -> QuerySet[User]:
    """Administrators may lock anybody, reviewers the people of their offices."""
    if user.offices_with({Role.ADMINISTRATOR}):
        return User.objects.all()
    offices = user.offices_with({Role.REVIEWER})
    return User.objects.filter(memberships__office__in=offices).distinct()


def offices_lockable_by(user: User) -> QuerySet[Office]:
    if user.offices_with({Role.ADMINISTRATOR}):
        return Office.objects.all()
    return Office.objects.filter(pk__in=user.offices_with({Role.REVIEWER}))


def lockers_of(person: User) -> list[User]:
    """Whoever may lock this person, but themselves: administrators, reviewers of their offices."""
    held = Membership.objects.filter(office__active=True)
    beside = person.memberships.values("office")
    lockers = held.filter(
        Q(role=Role.ADMINISTRATOR) | Q(role=Role.REVIEWER, office__in=beside)
    ).values("user")
    return list(User.objects.filter(pk__in=lockers, is_active=True).exclude(pk=person.pk))


@transaction.atomic
def lock_person(person: User, *, by: User, reason: str) -> Lock:
    """No session, token or grant of this person is worth anything from the next request on.

    They find the answer that a wrong password gets. One may lock oneself: a coerced person must be
    able to. Raises PermissionDenied for people out of reach.
    """
    if not people_lockable_by(by).filter(pk=person.pk).exists():
        raise PermissionDenied(_("You may not lock this person."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if Lock.objects.in_force().filter(user=person).exists():
        raise Refused(_("This person is locked already."))
    if not person.is_active:  # to lift the lock would let in somebody who was out before
        raise Refused(_("This person can no longer sign in anyway."))
    person.is_active, person.sessions_since = False, uuid4()
    person.save(update_fields=["is_active", "sessions_since"])
    _end_ways_in([person], by=by)
    lock = Lock.objects.create(user=person, reason=reason, locked_by=by)
    audit.record("locked", person, by=by, detail={"lock": str(lock.pk)})
    _tell(lock, [person])
    return lock


@transaction.atomic
def lock_office(office: Office, *, by: User, reason: str) -> Lock:
    """Nobody acts for this office any more; who also serves elsewhere keeps that."""
    if not offices_lockable_by(by).filter(pk=office.pk).exists():
        raise PermissionDenied(_("You may not lock this office."))
    office = Office.objects.select_for_update().get(pk=office.pk)
    if Lock.objects.in_force().filter(office=office).exists():
        raise Refused(_("This office is locked already."))
    if not office.active:
        raise Refused(_("This office is closed."))
    people = list(User.objects.filter(memberships__office=office).distinct().order_by("pk"))
    office.active = False
    office.save(update_fields=["active"])
    for person in people:
        person.sessions_since = uuid4()
    User.objects.bulk_update(people, ["sessions_since"])
    _end_ways_in(people, by=by)
    lock = Lock.objects.create(office=office, reason=reason, locked_by=by)
    audit.record("locked", office, by=by, detail={"lock": str(lock.pk), "people": len(people)})
    _tell(lock, people)
    return lock


@transaction.atomic
def lift_lock(lock: Lock, *, by: User, reason: str) -> Lock:
    """A second person opens again. Sessions, tokens and grants that ended do not come back."""
    if not Lock.objects.visible_to(by).filter(pk=lock.pk).exists():
        raise PermissionDenied(_("You may not lift this lock."))
    lock = Lock.objects.select_for_update(of=("self",)).get(pk=lock.pk)
    if lock.lifted_at:
        raise Refused(_("This lock was lifted already."))
    if by.pk in {lock.locked_by_id, lock.user_id}:
        raise Refused(_("A lock is lifted by another person than the one who set it."))
    lock.lifted_at, lock.lifted_by, lock.lifting_reason = timezone.now(), by, reason
    lock.save(update_fields=["lifted_at", "lifted_by", "lifting_reason"])
    if lock.user:
        User.objects.filter(pk=lock.user.pk).update(is_active=True)
    elif lock.office:
        Office.objects.filter(pk=lock.office.pk).update(active=True)
    audit.record("lock_lifted", lock.user or lock.office or lock, by=by)
    return lock


def _end_ways_in(people: list[User], *, by: User) -> None:
    """What they may still do, whom they let in, what they signed and nobody has carried out."""
    AuthToken.objects.filter(user__in=people).delete()
    IdentityUserObjectPermission.objects.filter(user__in=people).delete()
    CaseUserObjectPermission.objects.filter(user__in=people).delete()
    invited = Invitation.objects.open().filter(invited_by__in=people)
    invited.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    signed = Q(asked_by__in=people) | Q(approved_by__in=people)
    Disposal.objects.open().filter(signed).update(ended_by=by, ended_at=timezone.now())


def reads_of(lock: Lock) -> QuerySet[AuditEvent]:
    """All that the locked person, or each member of the locked office, was shown."""
    people = Q(pk=lock.user_id) if lock.user_id else Q(memberships__office=lock.office_id)
    return AuditEvent.objects.reads_of(*User.objects.filter(people).distinct())


def _tell(lock: Lock, people: list[User]) -> None:
    """Reviewers of cases in which a name was opened of late: somebody may be in danger."""
    since = lock.locked_at - LOOKED_BACK
    opened = reads_of(lock).filter(verb="revealed", at__gte=since).exclude(case=None)
    for case in Case.objects.filter(pk__in=opened.values("case")).order_by("pk"):
        told = [one for one in notices.reviewers_of(case) if one not in people]
        notices.owe(told, f"locked:{lock.pk}:{case.pk}")
