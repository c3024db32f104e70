"""Write the record of what was done. One row for each write, each read, each refusal."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import models

from accounts.models import User
from cases.models import AuditEvent, Case


def record(
    verb: str,
    obj: models.Model,
    *,
    by: User | None,
    case: Case | UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Say that `by` did `verb` to `obj`. `detail` holds codes and ids, never words of a case."""
    return _write(verb, obj, by=by, case=case, detail=detail, read=False)


def read(
    obj: models.Model,
    *,
    by: User,
    case: Case | UUID | None = None,
    verb: str = "read",
    detail: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Say that `by` looked at `obj`. Kept out of the timeline, shown to who asks who looked."""
    return _write(verb, obj, by=by, case=case, detail=detail, read=True)


def listed(
    model: type[models.Model], *, by: User, number: int, case: UUID | None = None
) -> AuditEvent:
    """Say that `by` was shown a list of so many rows; never which words they sought."""
    return AuditEvent.objects.create(
        verb="listed",
        noun=model._meta.model_name or "",
        subject="",
        actor=by.pk,
        case=case,
        door=settings.DOOR,
        read=True,
        detail={"number": number},
    )


def _write(
    verb: str,
    obj: models.Model,
    *,
    by: User | None,
    case: Case | UUID | None,
    detail: Mapping[str, object] | None,
    read: bool,
) -> AuditEvent:
    return AuditEvent.objects.create(
        verb=verb,
        noun=obj._meta.model_name or "",
        subject=str(obj.pk),
        actor=by.pk if by else None,
        case=case.pk if isinstance(case, Case) else case,
        door=settings.DOOR,
        read=read,
        detail=dict(detail or {}),
    )
