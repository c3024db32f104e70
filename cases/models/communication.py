"""A letter to a State while it is being written: text, questions, signatories, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import lifecycles
from cases.lifecycles import LetterStatus
from cases.models.attachment import EvidenceAttachment
from cases.models.case import Case
from cases.models.element import Element
from cases.models.fields import TermField, codes_are_known
from cases.models.index import Searched
from cases.models.mechanism import Mechanism
from cases.models.noun import EditablePart, Noun, Part, PartOfCase
from cases.models.person import Person
from cases.vault import SealedTextField
from cases.vocabulary import IdentityTreatment

if TYPE_CHECKING:
    from accounts.models import User


class CommunicationQuerySet(models.QuerySet["Communication"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def unsent(self) -> Self:
        return self.filter(
            status__in=[LetterStatus.DRAFT, LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED]
        )


class Communication(Searched, EditablePart):
    """People stand in the text as [V-1]; alias or name takes their place when it is composed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="communications")
    type = TermField("V-ACTION", blank=False, verbose_name=_("type of letter"))
    lead = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, related_name="+", verbose_name=_("lead mandate")
    )
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    status = models.CharField(max_length=14, choices=LetterStatus, default=LetterStatus.DRAFT)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    subject = SealedTextField(verbose_name=_("subject, as the State will read it"))
    body = SealedTextField(blank=True, verbose_name=_("text"))
    closing = SealedTextField(blank=True, verbose_name=_("closing"))
    elements = models.ManyToManyField(
        Element,
        blank=True,
        related_name="communications",
        verbose_name=_("elements of the allegation"),
    )
    annexes = models.ManyToManyField(
        EvidenceAttachment,
        blank=True,
        related_name="communications",
        verbose_name=_("attachments to send"),
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    # Clearance is of one exact text: `cleared_digest` is the SHA-256 of what was cleared.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_digest = models.CharField(max_length=64, blank=True)
    transmitted_at = models.DateTimeField(null=True, blank=True)
    transmitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CommunicationQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "id"]
        indexes = [models.Index(fields=["status", "-changed_at"], name="communication_by_status")]
        constraints = [
            models.CheckConstraint(
                name="communication_status_is_known",
                condition=Q(status__in=LetterStatus.values),
            ),
            models.CheckConstraint(
                name="communication_cleared_at_by_and_what_go_together",
                condition=Q(cleared_at=None, cleared_by=None, cleared_digest="")
                | (Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(cleared_digest="")),
            ),
            models.CheckConstraint(
                name="communication_transmitted_only_when_cleared",
                condition=Q(transmitted_at=None, transmitted_by=None)
                | Q(
                    transmitted_at__isnull=False,
                    transmitted_by__isnull=False,
                    cleared_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="communication_sent_iff_transmitted_at",
                condition=Q(
                    status__in=[
                        LetterStatus.TRANSMITTED,
                        LetterStatus.ANSWERED,
                        LetterStatus.ASSESSED,
                    ],
                    transmitted_at__isnull=False,
                )
                | Q(
                    status__in=[
                        LetterStatus.DRAFT,
                        LetterStatus.IN_CLEARANCE,
                        LetterStatus.CLEARED,
                        LetterStatus.DISCARDED,
                    ],
                    transmitted_at=None,
                ),
            ),
        ]
        triggers = [
            codes_are_known(type="V-ACTION"),
            pgtrigger.FSM(
                name="communication_moves_along_its_life",
                field="status",
                transitions=lifecycles.steps(lifecycles.LETTER_MOVES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class SignatoryAnswer(models.TextChoices):
    ASKED = "asked", _("Not answered")
    ENDORSED = "endorsed", _("Endorsed")
    DECLINED = "declined", _("Declined")


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(communication__in=Communication.objects.visible_to(user).values("pk"))


class Signatory(Noun):
    """A mandate that signs. It endorses one exact text: any edit ends what it endorsed."""

    communication = models.ForeignKey(
        Communication, on_delete=models.CASCADE, related_name="signatories"
    )
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=SignatoryAnswer, default=SignatoryAnswer.ASKED)
    endorsed_digest = models.CharField(max_length=64, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        ordering = ["mechanism"]
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(
                name="one_signature_of_a_mandate", fields=["communication", "mechanism"]
            ),
            models.CheckConstraint(
                name="signatory_endorses_one_exact_text",
                condition=(Q(answer=SignatoryAnswer.ENDORSED) & ~Q(endorsed_digest=""))
                | (~Q(answer=SignatoryAnswer.ENDORSED) & Q(endorsed_digest="")),
            ),
            models.CheckConstraint(
                name="signatory_answer_has_a_person_and_a_time",
                condition=Q(answer=SignatoryAnswer.ASKED, answered_by=None, answered_at=None)
                | (
                    ~Q(answer=SignatoryAnswer.ASKED)
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mechanism_id}: {self.answer}"


class Question(Searched, Noun):
    communication = models.ForeignKey(
        Communication, on_delete=models.CASCADE, related_name="questions"
    )
    number = models.PositiveSmallIntegerField()
    text = SealedTextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="one_number_for_one_question", fields=["communication", "number"]
            )
        ]

    @property
    def case_of_text(self) -> UUID:
        return self.communication.case_id

    def __str__(self) -> str:
        return str(self.number)


class Audience(models.TextChoices):
    STATE = "state", _("The State")
    PUBLIC = "public", _("The public")


class Alias(Part):
    """What one audience calls a person of a case; the same person keeps the same word."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="aliases")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.STATE)
    word = models.CharField(max_length=60)

    objects = PartOfCase.as_manager()

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(
                name="one_alias_of_a_person_for_an_audience", fields=["person", "audience"]
            ),
            models.UniqueConstraint(
                name="one_person_behind_an_alias", fields=["case", "audience", "word"]
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Naming(Noun):
    """How one letter treats the identity of one person (V-ID); a pseudonym unless said."""

    communication = models.ForeignKey(
        Communication, on_delete=models.CASCADE, related_name="namings"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="namings")
    treatment = TermField("V-ID", default=IdentityTreatment.PSE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_naming_of_a_person_in_a_letter", fields=["communication", "person"]
            )
        ]
        triggers = [codes_are_known(treatment="V-ID")]

    def __str__(self) -> str:
        return self.treatment
