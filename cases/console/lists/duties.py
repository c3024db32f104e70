"""What waits, and on whom: querysets without words. All of them start from `visible_to`."""

from collections import defaultdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from cases import policy
from cases.filters import end_of_soon
from cases.lifecycles import LetterMove, LetterStatus
from cases.models import (
    Assignment,
    AuditEvent,
    Case,
    Communication,
    Deadline,
    Element,
    Signatory,
)
from cases.models.communication import SignatoryAnswer
from cases.models.deadline import DeadlineKind
from cases.models.noun import array_of
from cases.policy import May
from cases.vocabulary import Stage, Stance, Verification

# More than this nobody reads on one page; the tallies then say "99+".
MOST = 99
AHEAD = timedelta(days=14)
TWO = 2

OF_THE_OWNER = [
    DeadlineKind.TRIAGE,
    DeadlineKind.RISK_REVIEW,
    DeadlineKind.CONSENT_RENEWAL,
    DeadlineKind.CONTAINMENT,
    DeadlineKind.RESPONSE,
    DeadlineKind.FEEDBACK,
    DeadlineKind.OUTCOME,
]
# Whoever has to do these can do them at once, however far the day is.
AT_ONCE = [
    DeadlineKind.DECIDE,
    DeadlineKind.CLEARANCE,
    DeadlineKind.EXTENSION,
    DeadlineKind.ASSESSMENT,
]
STEPS = [Stage.TRIAGE, Stage.CONSENT, Stage.RISK, Stage.VERIFY]


class Found(StrEnum):
    """Why something waits; the name of a row's source."""

    OVERDUE = "overdue"
    SOON = "soon"
    AT_ONCE = "at_once"
    TRIAGE = "triage"
    OWED = "owed"
    LETTER = "letter"
    STEP = "step"
    UNFILED = "unfiled"
    STOPPED = "stopped"


class Place(NamedTuple):
    """Something that waits: its id, and the moment by which the list is sorted."""

    pk: UUID
    when: datetime


class Duties:
    """Work of one person or, with `everybody`, all that is open on the cases they see."""

    def __init__(self, user: User, *, everybody: bool) -> None:
        self.user = user
        self.everybody = everybody
        self.now = timezone.now()
        self.cases = Case.objects.visible_to(user)

    def found(self) -> dict[Found, list[Place]]:
        """What waits, by source, in one query; one more than MOST where there is more."""
        first, *rest = [
            rows.annotate(source=Value(source.value), when=F(column))
            .order_by(column, "pk")
            .values_list("source", "pk", "when")[: MOST + 1]
            for source, rows, column in self._sources()
        ]
        places: dict[Found, list[Place]] = defaultdict(list)
        for source, pk, when in first.union(*rest, all=True):
            places[Found(source)].append(Place(pk, when))
        return {source: sorted(rows, key=lambda row: row.when) for source, rows in places.items()}

    def _sources(self) -> list[tuple[Found, QuerySet[Any], str]]:
        late = Q(due_at__lt=self.now)
        soon = Q(due_at__lte=end_of_soon(self.now))
        news = Q(kind=DeadlineKind.FEEDBACK) | Q(
            kind=DeadlineKind.OUTCOME, due_at__lt=self.now + AHEAD
        )
        apart = [DeadlineKind.TRIAGE, *_OWED, DeadlineKind.RESPONSE]
        ahead = self.deadlines.exclude(late)
        return [
            (Found.OVERDUE, self.deadlines.filter(late), "due_at"),
            (Found.SOON, ahead.filter(soon).exclude(kind__in=apart), "due_at"),
            (Found.AT_ONCE, ahead.filter(kind__in=AT_ONCE).exclude(soon), "due_at"),
            (Found.TRIAGE, ahead.filter(kind=DeadlineKind.TRIAGE), "due_at"),
            (Found.OWED, ahead.filter(news), "due_at"),
            (Found.LETTER, self.letters, "changed_at"),
            (Found.STEP, self.steps, "changed_at"),
            (Found.UNFILED, self.unfiled, "recorded_at"),
            (Found.STOPPED, self._own_or_all(self.cases).exclude(stopped_at=None), "stopped_at"),
        ]

    # Who answers for what ----------------------------------------------------------------

    def own(self, case: str = "") -> Q:
        """Cases they answer for: owner, assigned by name; nobody's where they are officers."""
        by_name = Assignment.objects.in_force().filter(user=self.user)
        officers = policy.offices_where(self.user, May.EDIT_CASE)
        return (
            Q(**{f"{case}owner": self.user})
            | Q(**{f"{case}pk__any": array_of(by_name, "case")})
            | Q(**{f"{case}owner": None, f"{case}office__in": officers})
        )

    def held(self, may: May, case: str = "") -> Q:
        """Cases on which they have the role for it."""
        return policy.by_role(self.user, may, case)

    def _own_or_all(self, rows: QuerySet[Any], case: str = "") -> QuerySet[Any]:
        return rows if self.everybody else rows.filter(self.own(case))

    # What is due ----------------------------------------------------------------

    @cached_property
    def deadlines(self) -> QuerySet[Deadline]:
        rows = Deadline.objects.visible_to(self.user).running()
        return rows if self.everybody else rows.filter(self._mine)

    @property
    def _mine(self) -> Q:
        """A letter is cleared by whoever did not write in it (the service refuses it too)."""
        written = Communication.edited_by.through.objects.filter(user=self.user)
        own = self.own("case__")
        return (
            (own & Q(kind__in=OF_THE_OWNER))
            | (
                self.held(May.DECIDE_CASE, "case__")
                & Q(kind__in=[DeadlineKind.DECIDE, DeadlineKind.RESPONSE])
            )
            | (
                self.held(May.CLEAR_LETTER, "case__")
                & Q(kind=DeadlineKind.CLEARANCE)
                & ~Q(communication__in=written.values("communication"))
            )
            | (self.held(May.DECIDE_EXTENSION, "case__") & Q(kind=DeadlineKind.EXTENSION))
            | ((own | self.held(May.TRANSMIT_LETTER, "case__")) & Q(kind=DeadlineKind.ASSESSMENT))
        )

    def by_day(self) -> QuerySet[Deadline, Any]:
        """How many of each kind are due on each of the next days."""
        coming = self.deadlines.filter(due_at__gte=self.now, due_at__lt=self.now + AHEAD)
        days = coming.order_by().values("due_at__date", "kind").annotate(number=Count("pk"))
        return days.order_by("due_at__date", "kind")

    # What waits without a day ----------------------------------------------------------------

    @property
    def letters(self) -> QuerySet[Communication]:
        """Drafts to finish, cleared letters to transmit, mandates that were asked to endorse."""
        rows = Communication.objects.visible_to(self.user)
        draft, cleared = Q(status=LetterStatus.DRAFT), Q(status=LetterStatus.CLEARED)
        asked = Q(status__in=UNSENT) & Q(Exists(self.asked()))
        if self.everybody:
            return rows.filter(draft | cleared | asked)
        senders = self.held(May.TRANSMIT_LETTER, "case__")
        return rows.filter(
            (draft & (Q(drafted_by=self.user) | self.own("case__") | senders))
            | (cleared & senders)
            | asked
        )

    def asked(self) -> QuerySet[Signatory]:
        """Of a letter, the mandates that this person holds and has not answered for."""
        return asked_of(self.user).filter(communication=OuterRef("pk"))

    @property
    def steps(self) -> QuerySet[Case]:
        """Cases whose next step is theirs and has no day of its own."""
        unwritten = Q(stage=Stage.TRANSMIT) & ~Q(Exists(_unsent()))
        if self.everybody:
            return self.cases.filter(Q(stage__in=STEPS) | unwritten)
        ready = Q(stage=Stage.VERIFY, verification=Verification.CHK) & supported()
        return self.cases.filter(
            (self.own() & Q(stage__in=STEPS))
            | (unwritten & (self.own() | self.held(May.TRANSMIT_LETTER)))
            | (ready & self.held(May.DECIDE_CASE) & ~Q(owner=self.user))
        )

    @property
    def unfiled(self) -> QuerySet[Case]:
        return self._own_or_all(self.cases).filter(stage=Stage.INTAKE, filed_at=None)


_OWED = [DeadlineKind.FEEDBACK, DeadlineKind.OUTCOME]
UNSENT = [LetterStatus.DRAFT, LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED]


def asked_of(user: User) -> QuerySet[Signatory]:
    """Mandates of theirs that were asked to endorse, or that endorsed an earlier text."""
    offices = policy.offices_where(user, May.ENDORSE_LETTER)
    waits = Q(answer=SignatoryAnswer.ASKED) | (Q(answer=SignatoryAnswer.ENDORSED) & Q(lapsed()))
    return Signatory.objects.filter(waits, mechanism__offices__in=offices)


def lapsed() -> Exists:
    """Of a signatory: the letter was changed after it answered. Only the letter's own page, which
    composes the text, knows whether what is sent has changed by that."""
    edits = AuditEvent.objects.filter(
        case=OuterRef("communication__case"),
        verb=f"letter_{LetterMove.EDIT}",
        subject=Cast(OuterRef("communication"), CharField()),
        at__gt=OuterRef("answered_at"),
    )
    return Exists(edits)


def _unsent() -> QuerySet[Communication]:
    return Communication.objects.unsent().filter(case=OuterRef("pk"))


def supported() -> Q:
    """There are elements, and at least two sources support each: a reviewer may look."""
    elements = Element.objects.filter(case=OuterRef("pk"))
    backed = Count(
        "corroborations__source",
        distinct=True,
        filter=Q(corroborations__stance=Stance.SUPPORTS),
    )
    weak = elements.annotate(backed=backed).filter(backed__lt=TWO)
    return Q(Exists(elements)) & ~Q(Exists(weak))
