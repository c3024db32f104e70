"""Typed work that is not saved yet: kept for its writer alone, given back, let go when saved."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cases.models import Draft, PortalDraft
from cases.models.draft import KEPT_FOR

LARGEST = 200_000  # characters of one form


def keep_typed_work(user_id: UUID, path: str, fields: Mapping[str, list[str]]) -> bool:
    """Keep the fields of the form at this address; the newest wins. Says whether it did."""
    typed: dict[str, Any] = {name: list(values) for name, values in fields.items()}
    if sum(len(text) for values in typed.values() for text in values) > LARGEST:
        return False
    _drafts().objects.update_or_create(user_id=user_id, path=path, defaults={"content": typed})
    return True


def typed_work(user: User, path: str) -> Draft | PortalDraft | None:
    """What this person left in the form at this address, unless it is too old."""
    since = timezone.now() - KEPT_FOR
    return _drafts().objects.filter(user=user, path=path, saved_at__gte=since).first()


def let_go(user: User, path: str) -> None:
    _drafts().objects.filter(user=user, path=path).delete()


def _drafts() -> type[Draft] | type[PortalDraft]:
    """At the portal, under its own keys."""
    return PortalDraft if settings.DOOR == "portal" else Draft
