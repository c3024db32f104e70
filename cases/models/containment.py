"""What a withdrawal could not call back, and what is done about each thing that had left."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import lifecycles
from cases.lifecycles import ContainmentStatus
from cases.models.action import Action
from cases.models.assignment import Assignment
from cases.models.case import Case
from cases.models.consent import Consent
from cases.models.noun import Part, PartOfCase
from cases.models.package import Package
from cases.vault import SealedTextField


class ContainmentKind(models.TextChoices):
    """What had left; the labels say what is to be done."""

    LETTER = "letter", _("Ask the State not to use it")
    SHARE = "share", _("End the assignment, or ask that it is not used")
    GUEST = "guest", _("Ask the guest to use nothing and keep nothing")
    ACTION = "action", _("Correct or take back what was said")
    PERSON = "person", _("Tell the person what cannot be undone")


def _only(link: str) -> dict[str, bool]:
    """Of the four things that a row may point at, this one and no other."""
    links = ("package", "assignment", "guest", "action")
    return {f"{name}__isnull": name != link for name in links}


class ContainmentQuerySet(PartOfCase):
    def open(self) -> Self:
        return self.filter(status=ContainmentStatus.OPEN)


class Containment(Part):
    """One thing that had left when a person took a consent back, and the task that it makes.

    `left_at` and `left_by` are kept here too: the grant to a guest is gone once it ended.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="containments")
    # What was recorded of a withdrawal stays as long as the person stays in the case.
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="containments")
    kind = models.CharField(max_length=10, choices=ContainmentKind)
    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.ForeignKey(Action, null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    status = models.CharField(
        max_length=12, choices=ContainmentStatus, default=ContainmentStatus.OPEN
    )
    words = SealedTextField(blank=True, verbose_name=_("what was done and what came of it"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    objects = ContainmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "kind", "left_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="containment_is_of_one_thing",
                condition=Q(kind=ContainmentKind.PERSON, **_only(""))
                | Q(kind=ContainmentKind.LETTER, **_only("package"))
                | Q(kind=ContainmentKind.SHARE, **_only("assignment"))
                | Q(kind=ContainmentKind.GUEST, **_only("guest"))
                | Q(kind=ContainmentKind.ACTION, **_only("action")),
            ),
            models.CheckConstraint(
                name="containment_closed_has_a_person_and_a_time",
                condition=Q(status=ContainmentStatus.OPEN, closed_by=None, closed_at=None)
                | Q(
                    status__in=[ContainmentStatus.DONE, ContainmentStatus.NOT_POSSIBLE],
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="containment_moves_along_its_life",
                field="status",
                transitions=lifecycles.steps(lifecycles.CONTAINMENT_MOVES),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
