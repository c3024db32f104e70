"""The nouns of who someone is, each in its file."""

from accounts.models.people import (
    DOOR_KINDS,
    INVITATION_LASTS,
    MISSION_ROLES,
    ROLES_OF_KIND,
    STAFF_ROLES,
    Invitation,
    Membership,
    Office,
    OfficeKind,
    OfficeQuerySet,
    Place,
    Role,
    User,
    invitation_expiry,
    role_fits_office,
)
from accounts.models.session import Session

__all__ = [
    "DOOR_KINDS",
    "INVITATION_LASTS",
    "MISSION_ROLES",
    "ROLES_OF_KIND",
    "STAFF_ROLES",
    "Invitation",
    "Membership",
    "Office",
    "OfficeKind",
    "OfficeQuerySet",
    "Place",
    "Role",
    "Session",
    "User",
    "invitation_expiry",
    "role_fits_office",
]
