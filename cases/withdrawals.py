"""What an answer that takes something back touches: drafts to look at again, and what has left.

Shown before it is recorded and done in the same transaction; `digest` joins the two, so that
nobody records a withdrawal having seen less than it does.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.models import Membership, User
from cases import clocks, consent
from cases.consent import Ledger
from cases.models import Action, Assignment, AuditEvent, Case, Communication, Consent, Package
from cases.models.containment import ContainmentKind as Kind
from cases.policy import HOUSE, is_outside
from cases.vocabulary import DataClass, IdentityTreatment, Use

# By audience, the responses of V-ACTION that are no letter of the system: said, done, published.
TO_THE_STATE = ("NV", "AIDE", "MEET", "CALL", "LET", "UA", "AL", "OL", "FUL", "PIL", "INT", "LOI",
                "COB", "REC", "VISIT")  # fmt: skip
TO_THE_PUBLIC = ("STM", "PR", "RPT", "DIAL", "PRES", "MEDIA", "SGR")
TO_OTHERS = ("REF",)

Lost = Mapping[Use, Collection[DataClass]]


class Left(NamedTuple):
    """One thing that had left, whatever was asked of it: to whom, when, by whom."""

    kind: Kind
    row: Package | Assignment | User | Action
    at: datetime
    by: User | None

    @property
    def link(self) -> dict[str, Any]:
        """As the row of a containment points at it."""
        names = {Kind.LETTER: "package", Kind.SHARE: "assignment", Kind.ACTION: "action"}
        return {names.get(self.kind, "guest"): self.row}


class Touched(NamedTuple):
    letters: list[Communication]
    left: list[Left]

    def __bool__(self) -> bool:
        return bool(self.letters or self.left)

    @property
    def digest(self) -> str:
        """Of which rows these are: another row, another digest."""
        rows = [f"draft:{letter.pk}:{letter.status}" for letter in self.letters]
        rows += [f"{one.kind}:{one.row.pk}" for one in self.left]
        return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def touched_by(entry: Consent, before: Ledger, on: date) -> Touched:
    """What this answer touches, given the ledger as it stood before it."""
    lost: dict[Use, set[DataClass]] = {}
    for use, kind in consent.lost(before, entry, on):
        lost.setdefault(use, set()).add(kind)
    case = entry.case
    of_it = Communication.objects.filter(case=case) & _concerned(entry, lost)
    return Touched(
        list(of_it.unsent().select_related("drafted_by").order_by("drafted_at", "pk")),
        [*_packages(of_it), *_shares(case, lost), *_guests(case, lost), *_actions(case, lost)],
    )


def _concerned(entry: Consent, lost: Lost) -> Any:
    """Where only the name is taken back, letters that give it; else every letter of the case:
    what is told of one may stand in words about another."""
    letters = Communication.objects.all()
    if Use.STATE not in lost:
        return letters.none()
    if set(lost[Use.STATE]) - {DataClass.NAME}:
        return letters
    named = Q(namings__person=entry.person_id, namings__treatment=IdentityTreatment.FULL)
    return letters.filter(pk__in=Communication.objects.filter(named).values("pk"))


def _packages(letters: Any) -> Iterator[Left]:
    sent = Package.objects.filter(communication__in=letters.values("pk"))
    sent = sent.select_related("communication__transmitted_by", "state")
    for package in sent.prefetch_related("receipts", "attachments"):
        yield Left(
            Kind.LETTER, package, package.transmitted_at, package.communication.transmitted_by
        )


def _shares(case: Case, lost: Lost) -> Iterator[Left]:
    """Those that ended too: who read it has read it. An office by itself is told no name."""
    if Use.SHARE not in lost:
        return
    rows = list(case.assignments.select_related("office", "user", "given_by"))
    outsiders = _outsiders(case, [row.user_id for row in rows if row.user_id])
    only_name = set(lost[Use.SHARE]) == {DataClass.NAME}
    for row in rows:
        to_others = row.office and not only_name and is_outside(case, row.office)
        if to_others or row.user_id in outsiders:
            yield Left(Kind.SHARE, row, row.given_at, row.given_by)


def _guests(case: Case, lost: Lost) -> Iterator[Left]:
    """Everybody to whom the case was ever shown: the grant goes when it ends, the audit stays."""
    if not set(lost.get(Use.SHARE, ())) - {DataClass.NAME}:
        return
    shown = AuditEvent.objects.filter(case=case.pk, verb="shown").order_by("at")
    last = {UUID(str(event.detail["to"])): event for event in shown}
    givers = User.objects.in_bulk({event.actor for event in last.values() if event.actor})
    for guest in _outsiders(case, last).values():
        event = last[guest.pk]
        yield Left(Kind.GUEST, guest, event.at, givers.get(event.actor) if event.actor else None)


def _outsiders(case: Case, people: Collection[UUID]) -> dict[UUID, User]:
    """Of these people, as `policy.is_outside` has it, in one query."""
    inside = Membership.objects.filter(
        Q(office=case.office_id) | Q(office__kind__in=HOUSE), user__in=people
    )
    outside = User.objects.filter(pk__in=people).exclude(pk__in=inside.values("user"))
    return {user.pk: user for user in outside.order_by("name", "pk")}


def _actions(case: Case, lost: Lost) -> Iterator[Left]:
    done = Action.objects.filter(case=case, communication=None, done_on__isnull=False)
    said = Q(pk__in=())
    if Use.STATE in lost:
        said |= Q(kind__in=TO_THE_STATE)
    if lost.keys() & {Use.PUBLISH, Use.ADVOCATE}:
        said |= Q(kind__in=TO_THE_PUBLIC) | Q(public=True)
    if Use.SHARE in lost:
        said |= Q(kind__in=TO_OTHERS)
    for action in done.filter(said).select_related("owner"):
        if action.done_on:
            yield Left(Kind.ACTION, action, clocks.end_of(action.done_on), action.owner)
