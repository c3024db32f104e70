"""A reply beside the letter it answers, and what became of it in the house."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from django.forms import BoundField
from django.utils.translation import gettext as _

from accounts.models import User
from cases.console.communications.reply_forms import AssessmentForm
from cases.lifecycles import ReplyStatus
from cases.models import Answer, Assessment, Case, Deadline, Finding, Package, Reply
from cases.models.attachment import ReplyAttachment
from cases.models.deadline import DeadlineKind
from cases.policy import May, powers

OWED_NEXT = (DeadlineKind.FEEDBACK, DeadlineKind.OUTCOME)


class AnswerRow(NamedTuple):
    """One question or element as the letter put it, the answer, and what we found in it."""

    number: int
    title: str
    asked: str
    answer: Answer | None
    changed: bool  # against the version that this one corrects
    finding: Finding | None
    fields: list[BoundField]


class ReplyPage:
    def __init__(self, reply: Reply, user: User) -> None:
        self.reply, self.user = reply, user
        self.package: Package = reply.package
        self.form: AssessmentForm | None = None

    @property
    def case(self) -> Case:
        return self.package.communication.case

    @cached_property
    def may_assess(self) -> bool:
        return May.ASSESS_REPLY in powers(self.user, self.case)

    @cached_property
    def assessment(self) -> Assessment | None:
        found = Assessment.objects.filter(reply=self.reply).select_related("assessed_by")
        return found.prefetch_related("findings").first()

    @cached_property
    def versions(self) -> list[Reply]:
        """All that were submitted, the newest first."""
        return list(self.package.replies.filter(status=ReplyStatus.SUBMITTED).defer("text"))

    @property
    def newest(self) -> Reply:
        return self.versions[0]

    @cached_property
    def files(self) -> list[ReplyAttachment]:
        return list(self.reply.attachments.all())

    @cached_property
    def owed(self) -> list[Deadline]:
        """What the house owes after the assessment: word to the source, a look at the outcome."""
        return list(Deadline.objects.filter(case=self.case, kind__in=OWED_NEXT).open())

    def questions(self) -> list[AnswerRow]:
        return list(self._rows("question", _("Question %(number)d")))

    def elements(self) -> list[AnswerRow]:
        return list(self._rows("element", _("Element %(number)d")))

    def _rows(self, side: str, title: str) -> Iterator[AnswerRow]:
        given, before = (_by_number(rows, side) for rows in (self._answers, self._earlier))
        for row in self.package.content[f"{side}s"]:
            number = row["number"]
            answer, earlier = given.get(number), before.get(number)
            changed = self.reply.corrects_id is not None and _said(answer) != _said(earlier)
            own = side == "element"
            yield AnswerRow(
                number=number,
                title=title % {"number": number},
                asked=row["text"],
                answer=answer if any(_said(answer)) else None,
                changed=changed,
                finding=self._findings.get(number) if own else None,
                fields=list(self.form.of(number)) if own and self.form else [],
            )

    @cached_property
    def _answers(self) -> list[Answer]:
        return list(self.reply.answers.all())

    @cached_property
    def _earlier(self) -> list[Answer]:
        return list(Answer.objects.filter(reply=self.reply.corrects_id or self.reply.pk))

    @cached_property
    def _findings(self) -> dict[int, Finding]:
        return (
            {row.element: row for row in self.assessment.findings.all()} if self.assessment else {}
        )


def _by_number(answers: list[Answer], side: str) -> dict[int, Answer]:
    return {getattr(row, side): row for row in answers if getattr(row, side) is not None}


def _said(answer: Answer | None) -> tuple[str, str]:
    return (answer.text, answer.position) if answer else ("", "")
