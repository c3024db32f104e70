"""Who told us."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Consent, Source
from cases.refusals import Refused
from cases.services import records


def record_source(case: Case, *, by: User, **fields: Any) -> Source:
    return records.record(Source, case, by=by, fields=fields)


def edit_source(source: Source, *, by: User, version: int, **fields: Any) -> Source:
    return records.edit(source, by=by, version=version, fields=fields)


def remove_source(source: Source, *, by: User) -> None:
    """A consent that was given through somebody is written once, with who that was."""
    if Consent.objects.filter(given_through=source).exists():
        raise Refused(_("A consent was given through this source; it stays with the case."))
    records.remove(source, by=by)
