"""A request to see who one person or source is, what was decided, and what became of it.

The row is the history; what opens an identity is the grant beside it (`models.access`), which
ends by itself. Neither is enough without the other's rules: see `services.identity_requests`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from cases import lifecycles
from cases.lifecycles import RequestStatus
from cases.models.assignment import Assignment
from cases.models.case import Case
from cases.models.identity import Identity
from cases.models.noun import Noun, array_of, changed_but
from cases.vault import SealedTextField
from cases.vocabulary import OpeningPurpose

if TYPE_CHECKING:
    from accounts.models import User

# Who reads the history of the cases that they work on.
READERS = frozenset({Role.FOCAL_POINT, Role.REVIEWER})
DECIDED = ["status", "ended_by_id", "ended_at", "identity_id"]
AGREED = ["agreed_by_id", "agreed_at", "agreement"]
ANSWER = ["decided_by_id", "decided_at", "reason", "expires_at"]
REVIEWED = ["reviewed_by_id", "reviewed_at", "justified", "review"]


class Period(models.TextChoices):
    """For how long a custodian may let somebody see a name."""

    HOUR = "1h", _("1 hour")
    DAY = "8h", _("8 hours")
    DAYS = "3d", _("3 days")

    @property
    def length(self) -> timedelta:
        return {
            Period.HOUR: timedelta(hours=1),
            Period.DAY: timedelta(hours=8),
            Period.DAYS: timedelta(days=3),
        }[self]


EMERGENCY_LASTS = timedelta(hours=1)


class IdentityRequestQuerySet(models.QuerySet["IdentityRequest"]):
    def visible_to(self, user: User) -> Self:
        """Custodians see those of their office, unless a rule keeps them from the case.

        Whoever asked, and the desks on the case, see them as long as they see the case.
        """
        readers = user.offices_with(READERS)
        assigned = Assignment.objects.in_force()
        shared = assigned.to(user, readers) if readers else assigned.none()
        by_desks = Q(case__office__in=readers) | Q(case__pk__any=array_of(shared, "case"))
        cases = Case.objects.visible_to(user).values("pk")
        keepers = user.offices_with({Role.CUSTODIAN})
        kept = Q(case__office__in=keepers, case__in=Case.objects.open_to(user).values("pk"))
        concerned = (Q(asked_by=user) | by_desks) & Q(case__in=cases)
        return self.filter(kept | concerned)

    def waiting(self) -> Self:
        return self.filter(status=RequestStatus.ASKED)

    def to_review(self) -> Self:
        """Emergencies that nobody has looked into yet."""
        return self.filter(emergency=True, reviewed_at=None)

    def in_force(self) -> Self:
        """Opening an identity at this moment."""
        return self.filter(status=RequestStatus.APPROVED, expires_at__gt=timezone.now())


class IdentityRequest(Noun):
    """`code` stays when the identity is destroyed: that somebody asked is never forgotten."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="identity_requests")
    identity = models.ForeignKey(
        Identity, null=True, on_delete=models.SET_NULL, related_name="requests"
    )
    code = models.CharField(max_length=8)
    emergency = models.BooleanField(default=False)
    purpose = models.CharField(max_length=12, choices=OpeningPurpose)
    motive = SealedTextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.ASKED)
    # For counsel: the custodian who agreed first. It takes another one to approve.
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreement = SealedTextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = SealedTextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    # Of an emergency: was the danger such that nobody could be asked?
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    review = SealedTextField(blank=True)

    objects = IdentityRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["case", "-asked_at"], name="identity_request_by_case"),
            models.Index(
                fields=["case"],
                name="identity_request_waits",
                condition=Q(status=RequestStatus.ASKED) | Q(emergency=True, reviewed_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="identity_request_purpose_is_known",
                condition=Q(purpose__in=OpeningPurpose.of_people()),
            ),
            models.CheckConstraint(
                name="custodian_is_never_the_asker",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="counsel_is_told_when_two_custodians_agree",
                condition=Q(agreed_by=None, agreed_at=None)
                & (
                    ~Q(purpose=OpeningPurpose.COUNSEL)
                    | ~Q(status__in=[RequestStatus.APPROVED, RequestStatus.ENDED])
                )
                | Q(
                    purpose=OpeningPurpose.COUNSEL, agreed_by__isnull=False, agreed_at__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="two_custodians_are_not_one",
                condition=Q(agreed_by=None)
                | ~Q(agreed_by=F("asked_by"))
                & (Q(decided_by=None) | ~Q(decided_by=F("agreed_by"))),
            ),
            models.CheckConstraint(
                name="emergency_is_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="identity_request_is_decided_by_somebody_unless_an_emergency",
                condition=Q(
                    emergency=False,
                    status__in=[RequestStatus.ASKED, RequestStatus.WITHDRAWN],
                    decided_by=None,
                    decided_at=None,
                )
                | Q(
                    emergency=False,
                    status__in=[
                        RequestStatus.APPROVED,
                        RequestStatus.REFUSED,
                        RequestStatus.ENDED,
                    ],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(
                    emergency=True,
                    status__in=[RequestStatus.APPROVED, RequestStatus.ENDED],
                    decided_by=None,
                    decided_at=None,
                ),
            ),
            models.CheckConstraint(
                name="identity_request_expires_iff_it_opened",
                condition=Q(
                    status__in=[RequestStatus.APPROVED, RequestStatus.ENDED],
                    expires_at__isnull=False,
                    expires_at__gt=F("asked_at"),
                )
                | (
                    ~Q(status__in=[RequestStatus.APPROVED, RequestStatus.ENDED])
                    & Q(expires_at=None)
                ),
            ),
            models.CheckConstraint(
                name="identity_request_ended_at_iff_ended",
                condition=Q(
                    status=RequestStatus.ENDED, ended_at__isnull=False, ended_by__isnull=False
                )
                | (~Q(status=RequestStatus.ENDED) & Q(ended_at=None, ended_by=None)),
            ),
            models.CheckConstraint(
                name="review_of_an_emergency_has_a_person_a_time_and_a_finding",
                condition=Q(reviewed_at=None, reviewed_by=None, justified=None)
                | Q(
                    emergency=True,
                    reviewed_at__isnull=False,
                    reviewed_by__isnull=False,
                    justified__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="one_waiting_request_for_one_identity",
                fields=["identity", "asked_by"],
                condition=Q(status=RequestStatus.ASKED),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="identity_request_moves_along_its_life",
                field="status",
                transitions=lifecycles.steps(lifecycles.REQUEST_MOVES),
            ),
            # Only with its case, under a disposal that two people signed: `models.retention`.
            pgtrigger.Trigger(
                name="identity_request_is_never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM cases_disposal WHERE case_id = OLD.case_id"
                    " AND approved_at IS NOT NULL AND done_at IS NULL AND ended_at IS NULL)"
                    " THEN RETURN OLD; END IF;"
                    " RAISE EXCEPTION 'a request to see a name is never deleted';"
                ),
            ),
            pgtrigger.Protect(
                name="what_was_asked_is_frozen",
                operation=pgtrigger.Update,
                condition=changed_but(*DECIDED, *REVIEWED, *ANSWER, *AGREED),
            ),
            pgtrigger.Protect(
                name="an_agreement_is_given_once",
                operation=pgtrigger.Update,
                condition=changed_but(
                    *DECIDED, *REVIEWED, *ANSWER, when="OLD.agreed_at IS NOT NULL"
                ),
            ),
            pgtrigger.Protect(
                name="what_was_decided_is_frozen",
                operation=pgtrigger.Update,
                condition=changed_but(*DECIDED, *REVIEWED, when="OLD.status <> 'asked'"),
            ),
            pgtrigger.Protect(
                name="what_has_ended_is_frozen",
                operation=pgtrigger.Update,
                condition=changed_but(
                    *REVIEWED, "identity_id", when="OLD.status NOT IN ('asked', 'approved')"
                ),
            ),
            pgtrigger.Protect(
                name="what_was_reviewed_is_frozen",
                operation=pgtrigger.Update,
                condition=changed_but(*DECIDED, when="OLD.reviewed_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def for_counsel(self) -> bool:
        return self.purpose == OpeningPurpose.COUNSEL

    @property
    def in_force(self) -> bool:
        """Whether the name may be looked at by it now."""
        live = self.status == RequestStatus.APPROVED and self.expires_at is not None
        return live and self.expires_at > timezone.now()  # type: ignore[operator]

    @property
    def standing(self) -> str:
        """Where it stands, the clock included: what was approved ends by itself."""
        if self.status == RequestStatus.APPROVED and not self.in_force:
            return RequestStatus.ENDED
        return self.status

    @property
    def standing_label(self) -> str:
        return str(RequestStatus(self.standing).label)

    @property
    def to_review(self) -> bool:
        return self.emergency and self.reviewed_at is None
