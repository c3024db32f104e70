"""What crosses to the portal: a frozen copy, holding only what that State may see.

Nothing here points at a case. The portal reads these tables and the replies, and no others; the
letter that a package was made from is known to the console alone (`communication`).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import ALPHABET, Case
from cases.models.fields import TermField, codes_are_known
from cases.models.noun import Noun, changed_but
from cases.models.state import State
from cases.vault import Ring, SealedJSONField, SealedTextField

if TYPE_CHECKING:
    from accounts.models import User


def new_code(type: str, state: str) -> str:
    """A reference that a State may hold: random, so that it counts nothing."""
    return f"{type}-{state}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, user: User) -> Self:
        """A mission sees what was transmitted to its State; staff, those of their cases."""
        if user.state_id:
            return self.filter(state=user.state_id)
        cases = Case.objects.visible_to(user).values("pk")
        return self.filter(communication__case__in=cases)


class Package(Noun):
    """`content` is the composed letter; `digest` its SHA-256, shown on both sides."""

    code = models.CharField(max_length=24, unique=True, editable=False)
    communication = models.OneToOneField(
        "cases.Communication", on_delete=models.PROTECT, related_name="package"
    )
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="packages")
    type = TermField("V-ACTION", blank=False)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    content = SealedJSONField(ring=Ring.PORTAL)
    digest = models.CharField(max_length=64)
    transmitted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    confidential_until = models.DateField(null=True, blank=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["-transmitted_at", "id"]
        indexes = [models.Index(fields=["state", "-transmitted_at", "id"], name="package_by_state")]
        constraints = [
            models.CheckConstraint(
                name="package_has_a_sha256", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="package_is_due_after_it_was_sent",
                condition=Q(due_at=None) | Q(due_at__gt=F("transmitted_at")),
            ),
        ]
        triggers = [
            codes_are_known(type="V-ACTION"),
            # Frozen: only the due date may move, when time is granted.
            pgtrigger.Trigger(
                name="package_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=changed_but("due_at"),
                func="raise exception 'a transmitted package is frozen';",
            ),
            pgtrigger.Protect(name="package_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class FromPortal(Noun):
    """Written at the portal, which knows no case; a worker brings it to the case."""

    taken_in_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def waits_for_intake(noun: str) -> models.Index:
    return models.Index(
        fields=["id"], name=f"{noun}_to_take_in", condition=Q(taken_in_at__isnull=True)
    )


class ReceiptKind(models.TextChoices):
    READ = "read", _("Read")
    ACKNOWLEDGED = "acknowledged", _("Receipt acknowledged")


class Receipt(FromPortal):
    """That the mission opened or acknowledged a package: once each, never taken back."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=14, choices=ReceiptKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        indexes = [waits_for_intake("receipt")]
        constraints = [
            models.UniqueConstraint(name="one_receipt_of_a_kind", fields=["package", "kind"]),
            models.CheckConstraint(
                name="receipt_kind_is_known", condition=Q(kind__in=ReceiptKind.values)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="receipt_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="receipt_is_written_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=changed_but("taken_in_at"),
                func="raise exception 'a receipt is written once';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.kind}"


class ExtensionDecision(models.TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(package__in=Package.objects.visible_to(user).values("pk"))


class Extension(FromPortal):
    """The mission asks for time; the due date stays until the request is granted."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField(_("until"))
    reason = SealedTextField(ring=Ring.PORTAL, verbose_name=_("reason"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(
        max_length=10, choices=ExtensionDecision, default=ExtensionDecision.ASKED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the mission is told about the decision.
    answer = SealedTextField(ring=Ring.PORTAL, blank=True, verbose_name=_("answer to the mission"))

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [waits_for_intake("extension")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_request_for_time",
                fields=["package"],
                condition=Q(decision=ExtensionDecision.ASKED),
            ),
            models.CheckConstraint(
                name="extension_decision_has_a_person_and_a_time",
                condition=Q(decision=ExtensionDecision.ASKED, decided_by=None, decided_at=None)
                | (
                    ~Q(decision=ExtensionDecision.ASKED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.decision}"
