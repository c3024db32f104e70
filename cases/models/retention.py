"""What is kept no longer: holds that forbid it, disposals that two people sign, what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.evidence import Evidence
from cases.models.identity import Identity
from cases.models.noun import Noun, PartOfCase
from cases.models.person import Person
from cases.models.source import Source
from cases.models.state import State
from cases.vault import SealedTextField

if TYPE_CHECKING:
    from accounts.models import User


class Deed(models.TextChoices):
    """How a case ends: what was said to a State stays in any case."""

    ANONYMISE = "anonymise", _("anonymise: only the dialogue with the State and counts remain")
    SHRED = "shred", _("shred: only counts remain")


class HoldQuerySet(PartOfCase):
    def in_force(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()), lifted_at=None)


class Hold(Noun):
    """Nothing of this case is destroyed while it stands; with an end, it postpones."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = SealedTextField(verbose_name=_("reason"))
    until = models.DateField(_("until"), null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["placed_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="hold_lifted_at_goes_with_lifted_by",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_is_lifted_by_a_second_person",
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("placed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class DisposalQuerySet(models.QuerySet["Disposal"]):
    def visible_to(self, user: User) -> Self:
        """With their case, while there is one."""
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def open(self) -> Self:
        return self.filter(ended_at=None, done_at=None)

    def waiting(self) -> Self:
        """Signed twice and not carried out."""
        return self.open().exclude(approved_at=None)


class Disposal(Noun):
    """Asked for by one reviewer, approved by another, carried out by a worker."""

    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="disposals")
    deed = models.CharField(max_length=10, choices=Deed)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(name="deed_is_known", condition=Q(deed__in=Deed.values)),
            models.CheckConstraint(
                name="disposal_is_approved_by_a_second_person",
                condition=Q(approved_by=None, approved_at=None)
                | (Q(approved_at__isnull=False) & ~Q(approved_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="disposal_is_done_only_when_approved",
                condition=Q(done_at=None) | Q(approved_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="disposal_ended_at_goes_with_ended_by",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at=None, done_at=None),
                name="one_disposal_of_a_case_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["approved_at"],
                name="disposal_waiting",
                condition=Q(done_at=None, ended_at=None, approved_at__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="disposals_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_disposal_that_ended_stays_as_it_is",
                operation=pgtrigger.UpdateOf("deed", "approved_by_id", "approved_at", "done_at"),
                condition=pgtrigger.Q(old__ended_at__isnull=False)
                | pgtrigger.Q(old__done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.deed


class Tombstone(models.Model):
    """What counting needs of a case that is gone. Nothing leads back: no id, no day, no text.

    Years, and codes that many cases share; people are numbers by kind, sex and age group.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    deed = models.CharField(max_length=10, choices=Deed)
    kind = models.CharField(max_length=10)
    received_in = models.PositiveSmallIntegerField()
    ended_in = models.PositiveSmallIntegerField()
    verification = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    acts = ArrayField(models.CharField(max_length=20), default=list)
    cooperation = ArrayField(models.CharField(max_length=20), default=list)
    people = models.JSONField(default=dict)
    transmitted = models.BooleanField()
    answered = models.BooleanField()

    class Meta:
        ordering = ["received_in", "id"]
        constraints = [
            models.CheckConstraint(
                name="tombstone_ends_after_it_was_received",
                condition=Q(ended_in__gte=F("received_in")),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="tombstones_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.received_in}"


def held_rows_stay(case_id: str) -> pgtrigger.Trigger:
    """Refuses to delete what belongs to a case under hold. `case_id`: SQL that finds the case."""
    return pgtrigger.Trigger(
        name="held_rows_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=(
            # `case_id` is one of the two phrases below, never a value of somebody's.
            f"IF EXISTS (SELECT 1 FROM cases_hold WHERE case_id = {case_id}"  # noqa: S608
            " AND lifted_at IS NULL AND (until IS NULL OR until >= CURRENT_DATE)) THEN"
            " RAISE EXCEPTION 'this case is under hold' USING ERRCODE = '23514',"
            " CONSTRAINT = 'held_rows_stay'; END IF; RETURN OLD;"
        ),
    )


OF_IDENTITY = (
    "(SELECT case_id FROM cases_person WHERE id = OLD.person_id UNION ALL"
    " SELECT case_id FROM cases_source WHERE id = OLD.source_id)"
)


for _noun, _way in {
    Case: "OLD.id",
    Person: "OLD.case_id",
    Source: "OLD.case_id",
    Evidence: "OLD.case_id",
    Identity: OF_IDENTITY,
}.items():
    pgtrigger.register(held_rows_stay(_way))(_noun)
