"""Asking to see who somebody is, deciding on it, ending it; and the way past it in an emergency."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit
from cases.lifecycles import REQUEST_MOVES, RequestMove, RequestStatus, target_of
from cases.models import Case, Identity, IdentityRequest, IdentityUserObjectPermission
from cases.models.access import view_permission_id
from cases.models.identity_request import EMERGENCY_LASTS, Period
from cases.policy import May, can, can_in_office, refusal, require, require_in_office
from cases.refusals import Refused, Stale
from cases.services import identities, notices, records
from cases.vocabulary import OpeningPurpose

# Emergencies of one person that wait for a review, at most.
MOST_UNREVIEWED = 10


@transaction.atomic
def ask_identity(identity: Identity, *, by: User, purpose: str, motive: str) -> IdentityRequest:
    """Ask the custodians for one person, with a motive. Whoever sees the case may ask."""
    case = records.locked_case(identity.subject.case)
    require(by, May.VIEW_CASE, case)
    _refuse_if_known(identity, by=by, case=case)
    if IdentityRequest.objects.waiting().filter(identity=identity, asked_by=by).exists():
        raise Refused(_("You asked for this name already; the custodian has not answered yet."))
    custodians = notices.custodians_of(case, but=by)
    _refuse_without(custodians, purpose)
    row = _new(identity, case, by=by, purpose=purpose, motive=motive)
    audit.record("identity_asked", row, by=by, case=case, detail={"of": row.code})
    notices.owe(custodians, f"identity:{row.pk}:asked")
    return row


@transaction.atomic
def approve_request(
    request: IdentityRequest, *, by: User, period: str, reason: str
) -> IdentityRequest:
    """Let the person who asked see this one identity for a time. Never one's own request.

    A name for counsel takes two custodians: the first agrees, another approves, for an hour.
    """
    row = _to_decide(request, by=by, reason=reason)
    if row.identity is None:
        raise Refused(_("What was asked for is kept no more."))
    if not can(row.asked_by, May.VIEW_CASE, row.case):
        raise Refused(_("Whoever asked does not see the case any more."))
    if row.for_counsel:
        _refuse_longer(period)
        if row.agreed_by is None:
            return _agreed(row, by=by, reason=reason)
        _refuse_unless_still(row.agreed_by, row.case)
    _decide(row, RequestMove.APPROVE, by=by, reason=reason)
    row.expires_at = timezone.now() + Period(period).length
    row.save()
    _grant(row, by=by, until=row.expires_at, reason=reason)
    return _decided(row, by=by)


@transaction.atomic
def refuse_request(request: IdentityRequest, *, by: User, reason: str) -> IdentityRequest:
    """Say no, and why."""
    row = _to_decide(request, by=by, reason=reason)
    _decide(row, RequestMove.REFUSE, by=by, reason=reason)
    row.save()
    return _decided(row, by=by)


@transaction.atomic
def withdraw_request(request: IdentityRequest, *, by: User) -> IdentityRequest:
    """Whoever asked needs it no more."""
    row = _locked(request)
    if row.asked_by_id != by.pk:
        raise PermissionDenied(_("Only who asked may withdraw a request."))
    row.status = target_of(REQUEST_MOVES, RequestMove.WITHDRAW, row.status)
    row.save()
    audit.record("identity_withdrawn", row, by=by, case=row.case, detail={"of": row.code})
    return row


@transaction.atomic
def end_request(request: IdentityRequest, *, by: User) -> IdentityRequest:
    """Nothing is opened by it from now on: the custodian takes it back, or the asker gives it.

    Whatever else opened the same identity to the same person ends with it.
    """
    row = _locked(request)
    own = row.asked_by_id == by.pk
    if not own:
        _require_another(row, May.DECIDE_IDENTITY, by=by)
    target_of(REQUEST_MOVES, RequestMove.END, row.standing)
    now = timezone.now()
    open_now = IdentityRequest.objects.in_force().filter(asked_by=row.asked_by_id)
    for one in open_now.filter(identity=row.identity_id):
        one.status, one.ended_by, one.ended_at = RequestStatus.ENDED, by, now
        one.save()
        audit.record("identity_ended", one, by=by, case=row.case, detail={"of": row.code})
    IdentityUserObjectPermission.objects.filter(
        user=row.asked_by_id, content_object=row.identity_id
    ).delete()
    if not own:
        notices.owe([row.asked_by], f"identity:{row.pk}:ended")
    row.refresh_from_db()
    return row


@transaction.atomic
def break_glass(identity: Identity, *, by: User, motive: str, confirmed: bool) -> IdentityRequest:
    """A life is in danger now: open this identity to oneself for an hour, without approval.

    Custodians and reviewers of the office are told at once; it stays a duty of theirs until one
    of them, never the same person, has reviewed it. Past `MOST_UNREVIEWED` somebody has to look
    first, or a stolen session would open the whole house this way.
    """
    case = records.locked_case(identity.subject.case)
    require(by, May.BREAK_GLASS, case)
    if not confirmed:
        raise Refused(_("Confirm that a life is in danger now."))
    _refuse_unreviewed(by)
    # Over the quota somebody assigned may break the glass too: a life goes before a count.
    if not identities.looked_at_enough(by):
        _refuse_if_known(identity, by=by, case=case)
    row = _new(
        identity,
        case,
        by=by,
        purpose=OpeningPurpose.PROTECTION,
        motive=motive,
        emergency=True,
        status=RequestStatus.APPROVED,
        expires_at=timezone.now() + EMERGENCY_LASTS,
    )
    _grant(row, by=by, until=row.expires_at, reason=motive)
    audit.record("glass_broken", row, by=by, case=case, detail={"of": row.code})
    notices.owe(notices.watchers_of(case, but=by), f"identity:{row.pk}:emergency")
    return row


@transaction.atomic
def review_emergency(
    request: IdentityRequest, *, by: User, justified: bool, review: str
) -> IdentityRequest:
    """Say whether the danger was such that nobody could be asked. Once, and never one's own."""
    row = _locked(request)
    _require_another(row, May.REVIEW_EMERGENCY, by=by)
    if not row.emergency:
        raise Refused(_("Only an emergency is reviewed."))
    if row.reviewed_at:
        raise Stale(row, _("Somebody else has reviewed this already."))
    if not review.strip():
        raise Refused(_("Say why."))
    row.reviewed_by, row.reviewed_at = by, timezone.now()
    row.justified, row.review = justified, review
    row.save()
    verb = "emergency_justified" if justified else "emergency_unjustified"
    audit.record(verb, row, by=by, case=row.case, detail={"of": row.code})
    notices.owe([row.asked_by], f"identity:{row.pk}:reviewed")
    return row


def _new(
    identity: Identity, case: Case, *, by: User, purpose: str, motive: str, **more: object
) -> IdentityRequest:
    if not motive.strip():
        raise Refused(_("Say why you need to see this name."))
    if purpose not in OpeningPurpose.of_people():
        raise Refused(_("Say what you need the name for."))
    return IdentityRequest.objects.create(
        case=case,
        identity=identity,
        code=identity.subject.code,
        purpose=purpose,
        motive=motive,
        asked_by=by,
        **more,
    )


def _refuse_if_known(identity: Identity, *, by: User, case: Case) -> None:
    if identities.way_to(identity, by=by, case=case):
        raise Refused(_("You may see this name already."))


def _refuse_unreviewed(by: User) -> None:
    if IdentityRequest.objects.to_review().filter(asked_by=by).count() >= MOST_UNREVIEWED:
        raise Refused(
            _(
                "Nobody has reviewed your last %(number)d emergencies. Call a custodian or a "
                "reviewer of the office: after a review you can open the next name. A colleague "
                "can open it now."
            )
            % {"number": MOST_UNREVIEWED}
        )


def _locked(request: IdentityRequest) -> IdentityRequest:
    """The case first, as everywhere; so an opening comes before or after, never between."""
    case = records.locked_case(request.case)
    rows = IdentityRequest.objects.select_for_update(of=("self",)).select_related("asked_by")
    row = rows.get(pk=request.pk)
    row.case = case
    return row


def _require_another(row: IdentityRequest, may: May, *, by: User) -> None:
    require_in_office(by, may, row.case.office_id)
    if not IdentityRequest.objects.visible_to(by).filter(pk=row.pk).exists():
        raise refusal(may)  # a tie to the State or a recusal keeps them from it
    if row.asked_by_id == by.pk:
        raise PermissionDenied(_("You asked for this yourself, so another person must decide."))


def _to_decide(request: IdentityRequest, *, by: User, reason: str) -> IdentityRequest:
    row = _locked(request)
    _require_another(row, May.DECIDE_IDENTITY, by=by)
    if row.decided_at:
        raise Stale(row, _("Somebody else has decided on this already."))
    if row.agreed_by_id == by.pk:
        raise PermissionDenied(_("You agreed to this, so another custodian must decide."))
    if not reason.strip():
        raise Refused(_("Say why."))
    return row


def _decide(row: IdentityRequest, move: RequestMove, *, by: User, reason: str) -> None:
    row.status = target_of(REQUEST_MOVES, move, row.status)
    row.decided_by, row.decided_at, row.reason = by, timezone.now(), reason


def _agreed(row: IdentityRequest, *, by: User, reason: str) -> IdentityRequest:
    """The first of two. Nothing is opened yet."""
    target_of(REQUEST_MOVES, RequestMove.APPROVE, row.status)
    row.agreed_by, row.agreed_at, row.agreement = by, timezone.now(), reason
    row.save()
    audit.record("identity_agreed", row, by=by, case=row.case, detail={"of": row.code})
    return row


def _refuse_without(custodians: Sequence[User], purpose: str) -> None:
    if not custodians:
        raise Refused(
            _(
                "The office that holds the case has no identity custodian who could decide. An "
                "administrator has to name one."
            )
        )
    if purpose == OpeningPurpose.COUNSEL and len(custodians) == 1:
        raise Refused(
            _(
                "A name for counsel takes two custodians, and the office that holds the case has "
                "one. An administrator has to name another."
            )
        )


def _refuse_unless_still(first: User, case: Case) -> None:
    """An agreement is worth what its custodian is: who left, or is locked, agrees to nothing."""
    if not can_in_office(first, May.DECIDE_IDENTITY, case.office_id):
        raise Refused(
            _("Who agreed first is no custodian here any more. Refuse it; it can be asked anew.")
        )


def _refuse_longer(period: str) -> None:
    if period != Period.HOUR:
        raise Refused(_("Counsel reads a name within the hour: it opens for no longer."))


def _decided(row: IdentityRequest, *, by: User) -> IdentityRequest:
    verb = f"identity_{row.status}"
    audit.record(verb, row, by=by, case=row.case, detail={"of": row.code})
    notices.owe([row.asked_by], f"identity:{row.pk}:decided")
    return row


def _grant(row: IdentityRequest, *, by: User, until: datetime | None, reason: str) -> None:
    IdentityUserObjectPermission.objects.update_or_create(
        user=row.asked_by,
        content_object=row.identity,
        permission_id=view_permission_id("identity"),
        defaults={"granted_by": by, "reason": reason, "expires_at": until},
    )
