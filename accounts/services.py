"""The only writers of people, memberships and invitations."""

import hashlib
import secrets
from datetime import timedelta
from functools import partial
from uuid import uuid4

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.mail import send_invitation
from accounts.models import (
    DOOR_KINDS,
    ROLES_OF_KIND,
    Invitation,
    Membership,
    Office,
    OfficeKind,
    Role,
    Session,
    User,
    invitation_expiry,
)
from cases import audit
from cases.refusals import Refused
from cases.services import hands

MOST_TOKENS = 5


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def offices_managed_by(user: User) -> QuerySet[Office]:
    """Where this person may let others in: administrators everywhere, heads in their mission."""
    if user.offices_with({Role.ADMINISTRATOR}):
        return Office.objects.all()
    return Office.objects.filter(pk__in=user.offices_with({Role.MISSION_HEAD}))


def _require_manager(by: User, office: Office) -> None:
    if not offices_managed_by(by).filter(pk=office.pk).exists():
        raise Refused(_("Only an administrator or the head of the mission looks after an office."))


@transaction.atomic
def invite(
    *, email: str, office: Office, role: Role, by: User, language: str = "en"
) -> tuple[Invitation, str]:
    """Open the way in for one address; the token is in the mail and in this answer only."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    _require_manager(by, office)
    email = email.strip().lower()
    if email == by.email:
        raise Refused(_("Nobody gives a role to themselves: somebody else has to invite you."))
    _close_expired(email, office, by=by)
    if reasons := _reasons_against(email, office, role):
        raise Refused(*reasons)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        office=office,
        role=role,
        language=language,
        invited_by=by,
        digest=digest_of(token),
    )
    audit.record("invited", invitation, by=by, detail={"office": str(office.pk), "role": role})
    transaction.on_commit(partial(send_invitation, invitation, token))
    return invitation, token


def _close_expired(email: str, office: Office, *, by: User) -> None:
    Invitation.objects.filter(
        email=email,
        office=office,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__lte=timezone.now(),
    ).update(withdrawn_at=timezone.now(), withdrawn_by=by)


def _reasons_against(email: str, office: Office, role: Role) -> list[str]:
    """Never whether the address has an account elsewhere: that is nobody's business here."""
    reasons = []
    if not office.active:
        reasons.append(_("This office is closed."))
    if role not in ROLES_OF_KIND[OfficeKind(office.kind)]:
        reasons.append(_("This role does not exist in an office of this kind."))
    if Invitation.objects.open().filter(email=email, office=office).exists():
        reasons.append(_("An invitation to this address is open. Send it again or withdraw it."))
    if Membership.objects.filter(user__email=email, office=office, role=role).exists():
        reasons.append(_("This person has this role in this office already."))
    return reasons


def _locked(invitation: Q) -> Invitation:
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("office")
        .filter(invitation, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise Refused(_("This invitation was used or withdrawn."))
    return found


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    invitation = _locked(Q(pk=invitation.pk))
    _require_manager(by, invitation.office)
    invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("invitation_withdrawn", invitation, by=by)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> tuple[Invitation, str]:
    """A new link for another seven days; the link of the first mail is worth nothing any more."""
    invitation = _locked(Q(pk=invitation.pk))
    _require_manager(by, invitation.office)
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.expires_at = digest_of(token), invitation_expiry()
    invitation.save(update_fields=["digest", "expires_at"])
    audit.record("invitation_sent_again", invitation, by=by)
    transaction.on_commit(partial(send_invitation, invitation, token))
    return invitation, token


def invitation_behind(digest: str) -> Invitation | None:
    """The open invitation for this link, if this door is where its office comes in."""
    return (
        Invitation.objects.open()
        .select_related("office")
        .filter(digest=digest, office__active=True, office__kind__in=DOOR_KINDS[settings.DOOR])
        .first()
    )


@transaction.atomic
def accept_invitation(digest: str, *, name: str, password: str) -> User:
    """Once only: a new person with a password of their own, member from this moment."""
    invitation = _locked(_at_this_door(digest))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=name, language=invitation.language
            )
    except IntegrityError as known:
        raise Refused(
            _("This address has an account. Sign in, then open the link again.")
        ) from known
    return _join(invitation, user)


@transaction.atomic
def accept_invitation_as(digest: str, *, by: User) -> User:
    """For somebody who has an account at this door: the same person, one membership more."""
    invitation = _locked(_at_this_door(digest))
    if by.email != invitation.email:
        raise Refused(_("This invitation is for another address."))
    return _join(invitation, by)


def _at_this_door(digest: str) -> Q:
    return Q(
        digest=digest,
        expires_at__gt=timezone.now(),
        office__active=True,
        office__kind__in=DOOR_KINDS[settings.DOOR],
    )


def _join(invitation: Invitation, user: User) -> User:
    try:
        with transaction.atomic():
            Membership.objects.get_or_create(
                office=invitation.office, user=user, role=invitation.role
            )
    except IntegrityError as both:
        raise Refused(_("Nobody can serve a State and another side at once.")) from both
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("invitation_accepted", invitation, by=user)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def end_membership(membership: Membership, *, by: User, to: User | None = None) -> None:
    """In force with the next request of that person. The last administrator has to stay, and so
    has the last head of a mission, unless an administrator ends it.

    The cases they leave behind go to `to`, else back to their offices, whose officers are told.
    Raises Refused where `to` cannot work on one of them: nothing has happened then.
    """
    office = Office.objects.select_for_update().get(pk=membership.office_id)
    _require_manager(by, office)
    if membership.role == Role.ADMINISTRATOR and not _others(membership):
        raise Refused(_("This is the last administrator. Name another one first."))
    by_mission = not by.offices_with({Role.ADMINISTRATOR})
    if (
        by_mission
        and membership.role == Role.MISSION_HEAD
        and not _others(membership, office=office)
    ):
        raise Refused(_("This is the last head of the mission. Invite another one first."))
    hands.hand_over(hands.left_by(membership), person=membership.user, by=by, to=to)
    audit.record(
        "membership_ended",
        membership,
        by=by,
        detail={"office": str(office.pk), "user": str(membership.user_id), "role": membership.role},
    )
    # Read before: the portal sees nobody who is at no mission of its State any more.
    leaver = User.objects.get(pk=membership.user_id)
    membership.delete()
    _close_invitations_of(leaver)


def _close_invitations_of(inviter: User) -> None:
    """Whom somebody let in while they could, and who has not come yet, comes by them no more."""
    sent = Invitation.objects.open().filter(invited_by=inviter)
    sent.exclude(office__in=offices_managed_by(inviter).values("pk")).update(
        withdrawn_at=timezone.now(), withdrawn_by=inviter
    )


def _others(membership: Membership, **where: object) -> list[Membership]:
    """All are locked, in one order, so that two of them cannot end each other at once."""
    holders = Membership.objects.select_for_update(of=("self",)).filter(
        role=membership.role, office__active=True, user__is_active=True, **where
    )
    return [one for one in holders.order_by("pk") if one.user_id != membership.user_id]


@transaction.atomic
def change_profile(user: User, *, name: str, language: str, by: User) -> User:
    if user.pk != by.pk:
        raise Refused(_("Everybody changes their own name only."))
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    audit.record("profile_changed", user, by=by)
    return user


@transaction.atomic
def end_sessions(user: User, *, by: User, keep: str | None = None) -> User:
    """Every session of this person ends with its next request; the caller renews the one kept.

    Their tokens end with it: whoever sat there may have made one, and it would outlast them all.
    """
    if user.pk != by.pk:
        raise Refused(_("Everybody ends their own sessions only."))
    user.sessions_since = uuid4()
    user.save(update_fields=["sessions_since"])
    audit.record("sessions_ended", user, by=by)
    Session.objects.filter(user=user).exclude(session_key=keep).delete()
    AuthToken.objects.filter(user=user).delete()
    return user


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """This one ends with its next request."""
    if session.user_id != by.pk:
        raise Refused(_("Everybody ends their own sessions only."))
    audit.record("session_ended", by, by=by, detail={"session": str(session.handle)})
    session.delete()


@transaction.atomic
def unlink_single_sign_on(user: User, *, by: User) -> None:
    """No identity provider opens this account any more."""
    if user.pk != by.pk:
        raise Refused(_("Everybody removes their own link only."))
    SocialAccount.objects.filter(user=user).delete()
    audit.record("single_sign_on_unlinked", user, by=by)


@transaction.atomic
def create_token(user: User, *, days: int, by: User) -> str:
    """The token itself, shown once: the database keeps a digest."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.pk != by.pk:
        raise Refused(_("Everybody makes their own tokens only."))
    in_force = Q(expiry=None) | Q(expiry__gt=timezone.now())
    if AuthToken.objects.filter(in_force, user=user).count() >= MOST_TOKENS:
        raise Refused(_("You have as many tokens as one person can. Revoke one first."))
    __, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    audit.record("token_created", user, by=by, detail={"days": days})
    return str(token)


@transaction.atomic
def revoke_token(token: AuthToken, *, by: User) -> None:
    if token.user_id != by.pk:
        raise Refused(_("Everybody revokes their own tokens only."))
    token.delete()
    audit.record("token_revoked", by, by=by)
