"""Who told us."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, deadlines, gates
from cases.models import Case, Consent, Deadline, Source
from cases.models.deadline import DeadlineKind
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import identities, records


@transaction.atomic
def record_source(
    case: Case, *, by: User, identity: Mapping[str, str] | None = None, **fields: Any
) -> Source:
    """Add a source; seal who it is, if told."""
    source = records.record(Source, case, by=by, fields=fields)
    if identity:
        identities.keep_identity(source, by=by, content=identity)
    return source


@transaction.atomic
def edit_source(
    source: Source,
    *,
    by: User,
    version: int,
    identity: Mapping[str, str] | None = None,
    identity_version: int | None = None,
    **fields: Any,
) -> Source:
    """Change the coded facts, and what is given of `identity`. Raises Stale for either row."""
    source = records.edit(source, by=by, version=version, fields=fields)
    if identity:
        identities.keep_identity(source, by=by, content=identity, version=identity_version)
    return source


@transaction.atomic
def remove_source(source: Source, *, by: User) -> None:
    """A consent that was given through somebody is written once, with who that was."""
    records.locked_case(source.case)  # nobody records one between the look and the removal
    if Consent.objects.filter(given_through=source).exists():
        raise Refused(_("A consent was given through this source; it stays with the case."))
    records.remove(source, by=by)


@transaction.atomic
def source_told(case: Case, *, by: User) -> None:
    """Say that the source knows what was done and what came of it; it is owed after each reply."""
    case = records.locked_case(case)
    require(by, May.EDIT_CASE, case)
    owed = Deadline.objects.filter(case=case, kind=DeadlineKind.FEEDBACK).open()
    if not owed.exists():
        raise Refused(_("Nothing is owed to the source now."))
    gates.require_open(gates.feedback(case))
    deadlines.meet(case, DeadlineKind.FEEDBACK)
    audit.record("source_told", case, by=by, case=case)
