"""Telling that an account was shown as much as one may be: the audit, and who may lock it."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import audit, looks
from cases.looks import ReadingHeld
from cases.services import locks, notices

VERB = "refused_as_too_much"


@transaction.atomic
def tell_held(held: ReadingHeld, *, by: User) -> None:
    """Once within the time of the measure, whatever is asked for in it and however often.

    At the portal it is written down and nobody is mailed: a mission reads what was sent to it, and
    carries nothing off by that.
    """
    if not looks.first_of(held, by):
        return
    detail = {"rules": [held.measure.name], "most": held.measure.most}
    event = audit.refused(VERB, by=by, subject=None, detail=detail)
    if settings.DOOR == "console":
        notices.owe(locks.lockers_of(by), f"looks:{event.pk}")
