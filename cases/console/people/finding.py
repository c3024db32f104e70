"""To fetch is to check: who may not look after people finds none of these pages."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import AuthedRequest
from accounts.models import Role, User
from cases.models import Lock
from cases.models.lock import LOCKERS


def locker(request: AuthedRequest) -> User:
    """The reader, who may pull the emergency brake; anybody else is told that nothing is here."""
    if not request.user.offices_with(LOCKERS):
        raise Http404
    return request.user


def lock_of(request: AuthedRequest, pk: UUID) -> Lock:
    visible = Lock.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("user", "office", "locked_by"), pk=pk)


def person_of(request: AuthedRequest, pk: UUID) -> User:
    """A colleague, for an administrator. Members of missions have no ties to write down."""
    if not request.user.offices_with({Role.ADMINISTRATOR}):
        raise Http404
    people = User.objects.exclude(memberships__office__kind="mission")
    return get_object_or_404(people, pk=pk)
