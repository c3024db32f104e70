"""Who a rule keeps from a case, whatever office they serve in: a tie to its State, a recusal.

A person is never asked to remember a conflict of interest: `Case.objects.visible_to` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cases.models.noun import Noun, PartOfCase
from cases.models.state import State
from cases.vault import SealedTextField

if TYPE_CHECKING:
    from cases.models.case import Case


class Bond(models.TextChoices):
    NATIONALITY = "nationality", _("nationality")
    SECONDMENT = "secondment", _("seconded by")


class TieQuerySet(models.QuerySet["Tie"]):
    def visible_to(self, user: User) -> Self:
        """Nationalities of colleagues are known to administrators, who write them down."""
        return self if user.offices_with({Role.ADMINISTRATOR}) else self.none()


class Tie(Noun):
    """What binds a person to a State. It keeps them from every case that concerns this State.

    There is no exception to it: where one person must know, somebody else can be found.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ties"
    )
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    bond = models.CharField(max_length=12, choices=Bond)

    objects = TieQuerySet.as_manager()

    class Meta:
        ordering = ["bond", "state"]
        constraints = [
            models.CheckConstraint(name="bond_is_known", condition=Q(bond__in=Bond.values)),
            models.UniqueConstraint(
                fields=["user", "state", "bond"], name="one_tie_of_a_kind_to_a_state"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(bond=Bond.SECONDMENT),
                name="seconded_by_one_state_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_bond_display()}: {self.state_id}"


class RecusalQuerySet(PartOfCase):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class Recusal(Noun):
    """One person steps back from one case, or a reviewer says for them that they must.

    It is never deleted, and whoever stepped back does not let themselves in again.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals"
    )
    reason = SealedTextField(blank=True, verbose_name=_("reason"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["declared_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="recusal_ended_at_goes_with_ended_by",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_ends_their_own_recusal",
                condition=Q(ended_by=None) | ~Q(ended_by=F("user")),
            ),
            models.UniqueConstraint(
                fields=["user", "case"],
                condition=Q(ended_at=None),
                name="one_recusal_of_a_person_in_force",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_recusal_that_ended_stays_as_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.user_id}"


def free_of_conflict(people: models.QuerySet[User], case: Case) -> models.QuerySet[User]:
    """Those of these people whom no rule keeps from the case: for lists to choose from, notices."""
    tied = Tie.objects.filter(state=case.state_id).values("user")
    recused = Recusal.objects.in_force().filter(case=case).values("user")
    return people.exclude(pk__in=tied).exclude(pk__in=recused)
