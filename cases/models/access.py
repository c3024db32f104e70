"""Grants one by one: guardian's direct tables, with who gave them, why, and until when.

Offices and assignments carry the ordinary case; a grant is for the exception. guardian's own
answers (has_perm, get_objects_for_user) know of no end, so its backend is not hooked.
"""

import uuid
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import User
from cases.vault import SealedTextField

if TYPE_CHECKING:
    from cases.models.case import Case


class CaseUserObjectPermission(UserObjectPermissionBase):
    """A case shown to one person outside its offices, for ever or until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object = models.ForeignKey("cases.Case", on_delete=models.CASCADE)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = SealedTextField(blank=True)
    expires_at = models.DateTimeField(null=True)


class CaseGroupObjectPermission(GroupObjectPermissionBase):
    """Stays empty: without it guardian would fall back to its generic table."""

    content_object = models.ForeignKey("cases.Case", on_delete=models.CASCADE)


class IdentityUserObjectPermission(UserObjectPermissionBase):
    """One identity shown to one person, with a motive and an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object = models.ForeignKey("cases.Identity", on_delete=models.CASCADE)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = SealedTextField(blank=True)
    expires_at = models.DateTimeField(null=True)


class IdentityGroupObjectPermission(GroupObjectPermissionBase):
    """Stays empty, like its twin above."""

    content_object = models.ForeignKey("cases.Identity", on_delete=models.CASCADE)


def grants_to(user: User) -> models.QuerySet[CaseUserObjectPermission]:
    """Cases shown one by one to this person and not expired."""
    in_force = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return CaseUserObjectPermission.objects.filter(
        in_force, user=user, permission=view_permission_id("case")
    )


def openings_to(user: User) -> models.QuerySet[IdentityUserObjectPermission]:
    """Identities that a custodian or an emergency lets this person see now, one by one."""
    return IdentityUserObjectPermission.objects.filter(
        user=user, permission=view_permission_id("identity"), expires_at__gt=timezone.now()
    )


def guests_of(case: "Case") -> models.QuerySet[CaseUserObjectPermission]:
    """To whom this case is shown now, one by one."""
    in_force = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    shown = CaseUserObjectPermission.objects.filter(in_force, content_object=case)
    return shown.select_related("user", "granted_by").order_by("user__name")


@cache
def view_permission_id(noun: str) -> int:
    """Asked once in a process: with the id at hand PostgreSQL estimates rows well."""
    return Permission.objects.get_by_natural_key(f"view_{noun}", "cases", noun).pk
