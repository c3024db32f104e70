"""What a State answers: to each question and to each element of the allegation."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import lifecycles
from cases.lifecycles import ReplyStatus
from cases.models.fields import TermField, codes_are_known
from cases.models.noun import Editable, Noun, changed_but
from cases.models.package import FromPortal, Package, waits_for_intake
from cases.vault import Ring, SealedTextField

if TYPE_CHECKING:
    from accounts.models import User


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> Self:
        """A mission sees its drafts; staff see a reply once it is submitted, never before."""
        seen = self.filter(package__in=Package.objects.visible_to(user).values("pk"))
        return seen if user.state_id else seen.submitted()

    def submitted(self) -> Self:
        return self.filter(status=ReplyStatus.SUBMITTED)


class Reply(FromPortal, Editable):
    """Immutable once submitted; a correction is a new one that `corrects` the old."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="replies")
    edition = models.PositiveSmallIntegerField(default=1, editable=False)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    status = models.CharField(max_length=10, choices=ReplyStatus, default=ReplyStatus.DRAFT)
    # Any language; the original is what counts, a translation stands beside it.
    language = models.CharField(_("language of the reply"), max_length=2, default="en")
    text = SealedTextField(ring=Ring.PORTAL, blank=True, verbose_name=_("general reply"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["-edition"]
        indexes = [waits_for_intake("reply")]
        constraints = [
            models.UniqueConstraint(name="one_reply_of_an_edition", fields=["package", "edition"]),
            models.UniqueConstraint(
                name="one_reply_in_the_making",
                fields=["package"],
                condition=Q(status=ReplyStatus.DRAFT),
            ),
            models.CheckConstraint(
                name="reply_submitted_has_a_person_a_time_and_a_digest",
                condition=Q(
                    status=ReplyStatus.DRAFT, submitted_by=None, submitted_at=None, digest=""
                )
                | Q(
                    status=ReplyStatus.SUBMITTED,
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                    digest__regex=r"^[0-9a-f]{64}$",
                ),
            ),
            models.CheckConstraint(
                name="reply_corrects_an_earlier_one_iff_not_the_first",
                condition=Q(edition=1, corrects=None) | Q(edition__gt=1, corrects__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="reply_moves_along_its_life",
                field="status",
                transitions=lifecycles.steps(lifecycles.REPLY_MOVES),
            ),
            pgtrigger.Protect(
                name="reply_is_kept_once_submitted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=ReplyStatus.SUBMITTED),
            ),
            pgtrigger.Protect(
                name="reply_is_immutable_once_submitted",
                operation=pgtrigger.Update,
                condition=changed_but("taken_in_at", when="OLD.status = 'submitted'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.edition}"


_FROZEN_WITH_ITS_REPLY = """
    if exists (
        select 1 from cases_reply
        where id in (old.reply_id, new.reply_id) and status = 'submitted'
    ) then
        raise exception 'a submitted reply is immutable';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
"""


def frozen_with_its_reply(noun: str, but: Collection[str] = ()) -> list[pgtrigger.Trigger]:
    """A row of a reply comes, changes (beside `but`) and goes only while the reply is a draft."""
    return [
        pgtrigger.Trigger(
            name=f"{noun}_comes_and_goes_with_a_draft",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Delete,
            func=_FROZEN_WITH_ITS_REPLY,
        ),
        pgtrigger.Trigger(
            name=f"{noun}_is_frozen_with_its_reply",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=changed_but(*but) if but else None,
            func=_FROZEN_WITH_ITS_REPLY,
        ),
    ]


class Answer(Noun):
    """To one question, or on one element, of the package by its number."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="answers")
    question = models.PositiveSmallIntegerField(null=True, blank=True)
    element = models.PositiveSmallIntegerField(null=True, blank=True)
    position = TermField("V-REPLY-S")
    text = SealedTextField(ring=Ring.PORTAL, blank=True)

    class Meta:
        ordering = ["question", "element"]
        constraints = [
            models.CheckConstraint(
                name="answer_is_to_a_question_or_on_an_element",
                condition=Q(question=None, element__isnull=False)
                | Q(question__isnull=False, element=None),
            ),
            models.CheckConstraint(
                name="answer_takes_a_position_on_elements_only",
                condition=Q(position="") | Q(element__isnull=False),
            ),
            models.UniqueConstraint(name="one_answer_to_a_question", fields=["reply", "question"]),
            models.UniqueConstraint(name="one_answer_on_an_element", fields=["reply", "element"]),
        ]
        triggers = [
            codes_are_known(position="V-REPLY-S"),
            *frozen_with_its_reply("answer"),
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.question or self.element}"
