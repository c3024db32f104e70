"""What is held about a case, or about one person in it, told without a key: for whoever has to
answer an order for data, or doubts the answer.

Of each sealed value: where it stands, under which key, how long it is and the SHA-256 of its
ciphertext. So the house can prove what there is, and that nothing was changed, and open nothing.
"""

import hashlib
import operator
import re
from collections.abc import Iterator
from functools import cache, reduce
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q

from cases import files
from cases.models import AuditEvent, Case, Draft, NameIndex, Person, PortalDraft, Source, TextIndex
from cases.vault import Ring
from cases.vault.fields import VERSION, has_version, sealed_fields
from cases.vault.sealing import key_id_of
from cases.vault.upkeep import FILE, nouns

# Forms that somebody has begun lead to a case by the ids in their address alone.
BEGUN: tuple[type[Draft] | type[PortalDraft], ...] = (Draft, PortalDraft)
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Holding(NamedTuple):
    """One sealed value or file. `version` is that of its row, where rows have one."""

    table: str
    column: str
    row: str
    version: int | None
    ring: str
    key: str
    size: int
    sha256: str


class Beside(NamedTuple):
    """What is held and is no ciphertext, counted."""

    audit: int
    tokens: int


def subject_of(case: Case, code: str) -> Person | Source | None:
    """Who is meant by V-1 or S-1."""
    everybody: list[Person | Source] = [*case.persons.all(), *case.sources.all()]
    return next((one for one in everybody if one.code == code), None)


def held(about: Case | Person | Source) -> Iterator[Holding]:
    """Every sealed value of a case; or of one person: what hangs on them alone, acts against them
    and their cooperation too. What other texts of the case say of them is in those texts."""
    ids = {str(about.pk)}
    for model in nouns():
        for row in rows_of(model, about):
            ids.add(str(row.pk))
            yield from _in_columns(row)
            if isinstance(ring := getattr(model, "ring", None), Ring):
                yield from _in_file(row, ring)
    for begun in BEGUN:
        for form in begun._base_manager.order_by("pk"):
            if ids.intersection(AN_ID.findall(form.path)):
                yield from _in_columns(form)


def rows_of(model: type[models.Model], about: Case | Person | Source) -> models.QuerySet[Any]:
    found = (Q(**{way: about.pk}) for way in ways(model, type(about)))
    return model._base_manager.filter(reduce(operator.or_, found, Q(pk__in=[]))).order_by("pk")


@cache
def ways(model: type[models.Model], target: type[models.Model]) -> tuple[str, ...]:
    """How a noun leads to a case or a person: by itself, by its own relations, else by those of
    what it hangs on."""
    if model is target:
        return ("pk",)
    relations: list[Any] = [f for f in model._meta.get_fields() if f.concrete and f.related_model]
    if direct := tuple(field.name for field in relations if field.related_model is target):
        return direct
    return tuple(
        f"{field.name}__{way}"
        for field in relations
        if not field.many_to_many and _leads_on(field.related_model, model)
        for way in ways(field.related_model, target)
    )


def _leads_on(noun: Any, here: type[models.Model]) -> bool:
    return noun not in (here, Case) and noun._meta.app_label == Case._meta.app_label


def beside(about: Case | Person | Source) -> Beside:
    """Rows of the audit, which hold ids and codes, and numbers that only the search ring makes."""
    case = about.pk if isinstance(about, Case) else about.case_id
    audit = AuditEvent.objects.filter(case=case)
    if isinstance(about, Case):
        indexes = [TextIndex.objects.filter(case=case), NameIndex.objects.filter(case=case)]
    else:
        audit = audit.filter(Q(detail__of=about.code) | Q(detail__of__contains=[about.code]))
        indexes = [NameIndex.objects.filter(**{f"identity__{_side(about)}": about.pk})]
    tokens = sum(len(row) for rows in indexes for row in rows.values_list("tokens", flat=True))
    return Beside(audit.count(), tokens)


def _side(about: Person | Source) -> str:
    return "person" if isinstance(about, Person) else "source"


def _in_columns(row: models.Model) -> Iterator[Holding]:
    version = getattr(row, VERSION) if has_version(type(row)) else None
    for field in sealed_fields(type(row)):
        if sealed := row.__dict__[field.attname]:
            raw = sealed.content
            place = (row._meta.db_table, str(field.column), str(row.pk), version)
            key, digest = key_id_of(raw[1:]), hashlib.sha256(raw).hexdigest()
            yield Holding(*place, field.ring.value, key, len(raw), digest)


def _in_file(row: models.Model, ring: Ring) -> Iterator[Holding]:
    pk: UUID = row.pk
    if (sealed := files.fingerprint(pk, ring)) is not None:
        key = ",".join(files.key_ids(pk, ring))
        place = (row._meta.db_table, FILE, str(pk), None)
        yield Holding(*place, ring.value, key, sealed.size, sealed.sha256)
