"""The factual elements of a case and what the sources say of each."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Corroboration, Element, Source
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import records


def record_element(case: Case, *, by: User, **fields: Any) -> Element:
    return records.record(Element, case, by=by, fields=fields)


def edit_element(element: Element, *, by: User, version: int, **fields: Any) -> Element:
    return records.edit(element, by=by, version=version, fields=fields)


@transaction.atomic
def remove_element(element: Element, *, by: User) -> None:
    """A fact that was put to a State stays with the case."""
    records.locked_case(element.case)  # no letter leaves between the look and the removal
    if element.communications.filter(transmitted_at__isnull=False).exists():
        raise Refused(_("This element was put to a State and stays with the case."))
    records.remove(element, by=by)


@transaction.atomic
def corroborate(element: Element, source: Source, *, by: User, **fields: Any) -> Corroboration:
    """Write what one source says of one element; a second word of the same replaces the first."""
    case = records.locked_case(element.case)
    require(by, May.EDIT_CASE, case)
    Corroboration.objects.filter(element=element, source=source).delete()
    return records.record(
        Corroboration, case, by=by, fields={**fields, "element": element, "source": source}
    )


def unsay(word: Corroboration, *, by: User) -> None:
    """The source says nothing of this element after all."""
    records.remove(word, by=by)
