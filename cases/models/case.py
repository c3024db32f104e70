"""A case: an allegation against known people, or a situation without a named victim."""

from __future__ import annotations

import secrets
from typing import Self
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Office, Role, User
from cases import lifecycles
from cases.models.access import grants_to
from cases.models.assignment import Assignment
from cases.models.exclusion import Recusal, Tie
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.noun import Editable, array_of
from cases.models.state import State
from cases.models.term import label
from cases.vault import SealedTextField
from cases.vocabulary import CaseKind, Classification, Nature, Priority, Stage, Verification

# No vowels and no look-alikes: a reference is read aloud and never spells a word.
ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXZ"
# Roles that read cases at all. Analysts, auditors, editors and administrators never do.
CASE_ROLES = frozenset(
    {Role.FOCAL_POINT, Role.REVIEWER, Role.MECHANISM_OFFICER, Role.MANDATE_HOLDER}
)


def new_reference() -> str:
    """Random, so that a reference tells nothing about how many cases there are."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"RP-{letters[:4]}-{letters[4:]}"


class Channel(models.TextChoices):
    RECORDED = "recorded", _("Recorded by an officer")
    SUBMISSION = "submission", _("Secure submission")
    IMPORT = "import", _("Imported")
    API = "api", _("Another system")
    REFERRAL = "referral", _("Referred by another entity")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """The one definition of who may see which case.

        Offices carry the ordinary case, assignments the shared one, grants the exception.
        Arrays and lists, because an IN (subquery) beside an OR makes PostgreSQL read the whole
        table for somebody who sees little of it. A superuser sees nothing by being one, and whoever
        has no role left in which cases are read sees nothing that was ever given to them by name.
        """
        offices = user.offices_with(CASE_ROLES)
        if not offices:
            return self.none()
        assigned = Assignment.objects.in_force().to(user, offices)
        return self.open_to(user).filter(
            Q(pk__any=array_of(grants_to(user), "content_object"))
            | Q(pk__any=array_of(assigned, "case"))
            | Q(office__in=offices)
        )

    def open_to(self, user: User) -> Self:
        """Without those that a tie or a recusal keeps this person from (see `exclusion`)."""
        recused = Recusal.objects.in_force().filter(user=user).values("case")
        ties = Tie.objects.filter(user=user).values("state")
        return self.exclude(state__in=ties).exclude(pk__in=recused)

    def filed(self) -> Self:
        return self.exclude(filed_at=None)

    def open(self) -> Self:
        return self.exclude(stage=Stage.CLOSE)

    def with_label(self) -> Self:
        """All that a line in a list shows, in a fixed number of queries."""
        return self.select_related("state", "owner", "office").prefetch_related("acts", "persons")


class Case(Searched, Editable):
    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=10, choices=CaseKind, default=CaseKind.ALLEGATION)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_cases",
    )
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="cases")
    stage = TermField("V-STAGE-CASE", default=Stage.INTAKE)
    # The protective track runs beside every stage (domain.md 8.31).
    protecting = models.BooleanField(default=False)
    nature = TermField("V-NATURE", default=Nature.UND)
    severity = models.PositiveSmallIntegerField(default=2)
    priority = TermField("V-PRIO", default=Priority.NORM)
    classification = TermField("V-CLASSIF", default=Classification.SC)
    verification = TermField("V-VERIF", default=Verification.RCV)
    # Three texts, three readers: the house, the State, the public.
    narrative = SealedTextField(blank=True)
    summary = SealedTextField(blank=True)
    entry = SealedTextField(blank=True)
    received_on = models.DateField(default=timezone.localdate)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.RECORDED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    filed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Copied from the nearest open deadline, so that a list can be sorted by it.
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stop_reason = SealedTextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Its people, facts and texts are gone; what was said to the State remains.
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "-changed_at", "id"], name="case_by_office_newest"),
            models.Index("office", F("due_at").asc(nulls_last=True), "id", name="case_by_due"),
            models.Index(fields=["state", "-changed_at"], name="case_by_state"),
            models.Index(fields=["owner", "stage"], name="case_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_kind_is_known", condition=Q(kind__in=CaseKind.values)
            ),
            models.CheckConstraint(
                name="case_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="case_severity_is_1_to_4", condition=Q(severity__gte=1, severity__lte=4)
            ),
            models.CheckConstraint(
                name="case_closed_at_iff_closed",
                condition=Q(stage=Stage.CLOSE, closed_at__isnull=False)
                | (~Q(stage=Stage.CLOSE) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="case_stopped_at_goes_with_stopped_by",
                condition=Q(stopped_at=None, stopped_by=None)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_leaves_intake_only_filed",
                condition=Q(stage__in=[Stage.INTAKE, Stage.CLOSE]) | Q(filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_is_anonymised_only_when_closed",
                condition=Q(anonymised_at=None) | Q(stage=Stage.CLOSE),
            ),
            models.CheckConstraint(
                name="case_stage_is_not_the_parallel_track",
                condition=~Q(stage=Stage.PROTECT) & ~Q(stage=""),
            ),
        ]
        triggers = [
            codes_are_known(
                stage="V-STAGE-CASE",
                nature="V-NATURE",
                priority="V-PRIO",
                classification="V-CLASSIF",
                verification="V-VERIF",
            ),
            pgtrigger.FSM(
                name="case_moves_along_its_life",
                field="stage",
                transitions=lifecycles.steps(lifecycles.CASE_MOVES),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def case_of_text(self) -> UUID:
        return self.pk

    @property
    def stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def label(self) -> str:
        """Acts, State, number of people: made from codes alone, so that it names nobody."""
        return f"{self.acts_in_words} · {self.state.label} · {self.people_in_words}"

    @property
    def acts_in_words(self) -> str:
        kinds = list(dict.fromkeys(act.kind for act in self.acts.all()))[:3]
        return "; ".join(label("V-ACT", kind) for kind in kinds) or str(_("No act recorded yet"))

    @property
    def people_in_words(self) -> str:
        if self.kind == CaseKind.SITUATION:
            return str(_("situation"))
        number = len(self.persons.all())
        return ngettext("%(number)d person", "%(number)d people", number) % {"number": number}
