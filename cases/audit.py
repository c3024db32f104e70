"""Write the record of what was done. One row for each write, each read, each refusal."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.utils.crypto import salted_hmac

from accounts.models import User
from cases import looks
from cases.models import AuditEvent, Case
from cases.refusals import hearing

# What shows a person something of the row; names have a quota of their own (ADR 0012).
LOOKS = frozenset({"read", "previewed"})
# From a row to its case, where the row does not say `case` itself.
ROADS = {
    "Case": ["pk"],
    "Identity": ["person__case", "source__case"],
    "EvidenceAttachment": ["evidence__case"],
    "Package": ["communication__case"],
    "PackageAttachment": ["package__communication__case"],
    "Extension": ["package__communication__case"],
    "Reply": ["package__communication__case"],
    "ReplyAttachment": ["reply__package__communication__case"],
}


def record(
    verb: str,
    obj: models.Model,
    *,
    by: User | None,
    case: Case | UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Say that `by` did `verb` to `obj`. `detail` holds codes and ids, never words of a case."""
    noun = obj._meta.model_name or ""
    return _write(verb, noun, str(obj.pk), by=by, case=case, detail=detail, read=False)


def read(
    obj: models.Model,
    *,
    by: User,
    case: Case | UUID | None = None,
    verb: str = "read",
    detail: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Say that `by` looks at `obj`. Kept out of the timeline, shown to who asks who looked.

    Raises ReadingHeld, and says nothing, where this account has been shown enough.
    """
    if verb in LOOKS:
        looks.take(by, [obj.pk])
    noun = obj._meta.model_name or ""
    return _write(verb, noun, str(obj.pk), by=by, case=case, detail=detail, read=True)


def listed(
    model: type[models.Model],
    *,
    by: User,
    number: int,
    case: UUID | None = None,
    of: Collection[UUID],
    in_codes: bool = True,
) -> AuditEvent:
    """Say that `by` is shown a list of so many rows; never which words they sought.

    `of` are the ids that count as looked at: the rows of a list of codes, the cases of any other.
    Raises ReadingHeld as `read` does.
    """
    looks.take(by, of, in_codes=in_codes)
    noun, detail = model._meta.model_name or "", {"number": number}
    return _write("listed", noun, "", by=by, case=case, detail=detail, read=True)


def refused(
    verb: str, *, by: User, subject: UUID | None, detail: Mapping[str, object]
) -> AuditEvent:
    """Say that `by` asked for what they may not have; with the case, even if they may not see it.

    The portal knows no cases: there the row has the id alone.
    """
    case = None if subject is None or settings.DOOR == "portal" else case_behind(subject)
    return _write(verb, "", str(subject or ""), by=by, case=case, detail=detail, read=True)


def came(verb: str, *, by: User | None, detail: Mapping[str, object] | None = None) -> AuditEvent:
    """Say that somebody came in, left, was turned away at the door, or changed their keys to it."""
    subject = str(by.pk) if by else ""
    return _write(verb, "user", subject, by=by, case=None, detail=detail, read=False)


def address_hash(email: str) -> str:
    """Tells that two rows are of one address, to whoever knows it; tells nobody the address."""
    key = "cases.audit.address"
    return salted_hmac(key, email.strip().lower(), algorithm="sha256").hexdigest()


def case_behind(pk: UUID) -> UUID | None:
    """The case that a row with this id belongs to, whichever noun it is: one query."""
    sql, places = _question()
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk] * places)
        found = cursor.fetchone()
    return found and found[0]


@cache
def _question() -> tuple[str, int]:
    """Put into words once in a process, and how often the id stands in it."""
    first, *rest = (_behind(model, road, UUID(int=0)) for model, road in _every_road())
    sql, ids = first.union(*rest, all=True)[:1].query.sql_with_params()
    return sql, len(ids)


def _behind(model: type[models.Model], road: str, pk: UUID) -> models.QuerySet[Any, Any]:
    there = {f"{road}__isnull": False}
    return model._default_manager.filter(pk=pk, **there).order_by().values_list(road)


def _every_road() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_app_config("cases").get_models():
        if not isinstance(model._meta.pk, models.UUIDField) or model is AuditEvent:
            continue
        for road in ROADS.get(model.__name__, ["case"] if _is_part(model) else []):
            yield model, road


def _is_part(model: type[models.Model]) -> bool:
    try:
        return model._meta.get_field("case").related_model is Case
    except FieldDoesNotExist:
        return False


def _write(
    verb: str,
    noun: str,
    subject: str,
    *,
    by: User | None,
    case: Case | UUID | None,
    detail: Mapping[str, object] | None,
    read: bool,
) -> AuditEvent:
    if (heard := hearing.get()) and verb.startswith("refused"):
        heard.written = True
    return AuditEvent.objects.create(
        verb=verb,
        noun=noun,
        subject=subject,
        actor=by.pk if by else None,
        case=case.pk if isinstance(case, Case) else case,
        door=settings.DOOR,
        read=read,
        detail=dict(detail or {}),
    )
