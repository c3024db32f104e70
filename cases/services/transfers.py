"""Giving a case to another office for good: offered by one, accepted by the other."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Office, OfficeKind, Role, User
from cases import audit
from cases.models import Assignment, Case, CaseUserObjectPermission, Transfer
from cases.models.exclusion import free_of_conflict
from cases.models.transfer import TransferAnswer
from cases.policy import May, is_outside, require
from cases.refusals import Refused
from cases.services import communications, hands, notices, records
from cases.services.fulfilments import require_shareable
from cases.vocabulary import DataClass

ACCEPTING = frozenset({Role.FOCAL_POINT, Role.REVIEWER})


@transaction.atomic
def offer_transfer(
    case: Case, *, to: Office, by: User, reason: str, expires_at: datetime
) -> Transfer:
    """Offer the case to another office until a moment; it stays where it is until that accepts.

    The other office reads the label made of codes and the reason, nothing of the case.
    """
    case = records.locked_case(case)
    require(by, May.TRANSFER_CASE, case)
    _check(case, to, expires_at)
    _require_shareable(case, to)
    if codes := communications.identified_in(reason, case, by=by):
        raise Refused(_("Something in the reason identifies %(codes)s.") % {"codes": codes})
    _end_expired(case, by=by)
    transfer = Transfer(
        case=case,
        from_office=case.office,
        to_office=to,
        reason=reason,
        offered_by=by,
        expires_at=expires_at,
    )
    transfer.full_clean(exclude=["case", "from_office", "to_office", "offered_by"])
    transfer.save()
    audit.record("transfer_offered", transfer, by=by, case=case, detail={"to": str(to.pk)})
    notices.owe(_who_may_accept(transfer), f"transfer:{transfer.pk}")
    return transfer


def _check(case: Case, to: Office, expires_at: datetime) -> None:
    if to.kind == OfficeKind.MISSION:
        raise Refused(_("A mission never works on a case."))
    if not to.active:
        raise Refused(_("This office is closed."))
    if to.pk == case.office_id:
        raise Refused(_("This office holds the case already."))
    if expires_at <= timezone.now():
        raise Refused(_("Choose a day that is still to come."))
    if Transfer.objects.open().filter(case=case).exists():
        raise Refused(_("This case is offered to an office already. Withdraw that first."))


def _require_shareable(case: Case, to: Office) -> None:
    """Outside the house it is shared, names and all; under conditions it is assigned, not given."""
    if is_outside(case, to):
        require_shareable(case, set(DataClass), words="")


def _end_expired(case: Case, *, by: User) -> None:
    for old in Transfer.objects.filter(case=case, answer=""):
        _answer(old, TransferAnswer.WITHDRAWN, by=by)


def _who_may_accept(transfer: Transfer) -> list[User]:
    held = Membership.objects.filter(office=transfer.to_office_id, role__in=ACCEPTING)
    people = User.objects.filter(memberships__in=held, is_active=True).distinct()
    return list(free_of_conflict(people, transfer.case))


@transaction.atomic
def accept_transfer(transfer: Transfer, *, by: User) -> Case:
    """Take the case over: whoever accepts owns it. The office that gave it sees it no longer.

    Its people keep nothing of it: what members of that office alone hold by name ends too, and what
    was shown to them one by one. Never by who offered it: that would be to take the case's names.
    """
    case, transfer = _open_for(transfer, by)
    hands.require_another(by, transfer.offered_by)
    hands.require_free(case, by)
    _require_shareable(case, transfer.to_office)
    giving = transfer.from_office
    _answer(transfer, TransferAnswer.ACCEPTED, by=by)
    case.office, case.owner = transfer.to_office, by
    case.save(update_fields=["office", "owner", "changed_at"])
    offices = [giving, case.office]
    Assignment.objects.filter(case=case, office__in=offices, ended_at=None).update(
        ended_at=timezone.now(), ended_by=by
    )
    for person in _only_of(giving, transfer):
        hands.let_go(case, person=person, by=by)
    audit.record("transferred", case, by=by, case=case, detail={"from": str(giving.pk)})
    notices.owe([transfer.offered_by], f"transferred:{transfer.pk}")
    return case


@transaction.atomic
def decline_transfer(transfer: Transfer, *, by: User) -> Transfer:
    """Leave the case where it is. Whoever offered it is told."""
    case, transfer = _open_for(transfer, by)
    _answer(transfer, TransferAnswer.DECLINED, by=by)
    audit.record("transfer_declined", transfer, by=by, case=case)
    notices.owe([transfer.offered_by], f"declined:{transfer.pk}")
    return transfer


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: User) -> Transfer:
    case = records.locked_case(transfer.case)
    require(by, May.TRANSFER_CASE, case)
    transfer = _still_open(transfer)
    _answer(transfer, TransferAnswer.WITHDRAWN, by=by)
    audit.record("transfer_withdrawn", transfer, by=by, case=case)
    return transfer


def _open_for(transfer: Transfer, by: User) -> tuple[Case, Transfer]:
    case = records.locked_case(transfer.case)
    if not by.roles_in(transfer.to_office_id) & ACCEPTING:
        raise PermissionDenied(_("Only the office to which a case is offered answers."))
    return case, _still_open(transfer)


def _still_open(transfer: Transfer) -> Transfer:
    found = Transfer.objects.select_for_update(of=("self",)).open().filter(pk=transfer.pk).first()
    if found is None:
        raise Refused(_("This offer is answered, withdrawn or over."))
    return found


def _answer(transfer: Transfer, answer: TransferAnswer, *, by: User) -> None:
    transfer.answer, transfer.answered_by, transfer.answered_at = answer, by, timezone.now()
    transfer.save(update_fields=["answer", "answered_by", "answered_at"])


def _only_of(giving: Office, transfer: Transfer) -> list[User]:
    """Who holds something of the case by name and serves in the giving office, not in the other."""
    there = Membership.objects.filter(office=transfer.to_office_id).values("user")
    guests = CaseUserObjectPermission.objects.filter(content_object=transfer.case_id).values("user")
    named = Q(assignments__case=transfer.case_id, assignments__ended_at=None) | Q(pk__in=guests)
    people = User.objects.filter(named, memberships__office=giving).exclude(pk__in=there)
    return list(people.distinct().order_by("pk"))
