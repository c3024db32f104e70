"""Who asks for names in the demonstration: one waits, one had its time, one was an emergency."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from cases import audit
from cases.demo.people import Cast
from cases.lifecycles import RequestStatus
from cases.models import Assignment, Case, Identity, IdentityRequest
from cases.services import identity_requests
from cases.vocabulary import OpeningPurpose


def ask_for_names(told: Sequence[Case], who: Cast) -> None:
    _waits(told, who)
    _had_its_time(told[2], who)
    identity_requests.break_glass(
        _first(told[1]),
        by=who.reviewer,
        motive="A call announced an attack this night; the local network needs an address.",
        confirmed=True,
    )


def _first(case: Case) -> Identity:
    return Identity.objects.filter(person__case=case).order_by("person__number")[0]


def _waits(told: Sequence[Case], who: Cast) -> None:
    """Of the first case that the secretariat writes on."""
    theirs = Assignment.objects.filter(case__in=told, office__isnull=False).order_by("given_at")
    identity_requests.ask_identity(
        _first(theirs[0].case),
        by=who.mechanism,
        purpose=OpeningPurpose.LETTER,
        motive="The mandate may give the name in the letter and has to check its spelling.",
    )


def _had_its_time(case: Case, who: Cast) -> None:
    """Two days ago: the services only know of today."""
    asked = timezone.now() - timedelta(days=2)
    row = IdentityRequest.objects.create(
        case=case,
        identity=_first(case),
        code=_first(case).subject.code,
        purpose=OpeningPurpose.CONTACT,
        motive="The interpreter was ill; somebody else had to call the person.",
        asked_by=who.reviewer,
        asked_at=asked,
        status=RequestStatus.APPROVED,
        decided_by=who.custodian,
        decided_at=asked + timedelta(minutes=20),
        reason="For the one call that was agreed.",
        expires_at=asked + timedelta(hours=1, minutes=20),
    )
    for verb, by in (("identity_asked", who.reviewer), ("identity_approved", who.custodian)):
        audit.record(verb, row, by=by, case=case, detail={"of": row.code})
