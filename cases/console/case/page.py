"""One case as one person sees it: read once, then only arranged. Templates ask this, no rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import clocks, policy, verification
from cases.console.case.reading import read_whole
from cases.console.timeline import Event, events_of, in_words, shortened
from cases.lifecycles import LetterStatus, RequestStatus
from cases.models import Case, Deadline, Hold, IdentityRequest, Person, Recusal, Source, Transfer
from cases.models.access import openings_to
from cases.policy import May
from cases.vocabulary import Stage

LATEST = 12  # events on the page; the rest has a page of its own
STAGES: list[Stage] = [stage for stage in Stage if stage != Stage.PROTECT]
WRITING = frozenset({Stage.TRANSMIT, Stage.AWAIT, Stage.ASSESS})
UNSENT = frozenset({LetterStatus.DRAFT, LetterStatus.IN_CLEARANCE, LetterStatus.CLEARED})

DETAILS = {
    "name_latin": gettext_lazy("In Latin letters"),
    "other_names": gettext_lazy("Other names"),
    "contact": gettext_lazy("How to reach them"),
    "safe_contact": gettext_lazy("Safe contact"),
    "documents": gettext_lazy("Documents"),
    "notes": gettext_lazy("Notes"),
}


class Due(NamedTuple):
    """What the deadline tag draws."""

    state: str
    due_at: datetime
    label: str


class Stop(NamedTuple):
    """One stage on the track of a case's life."""

    label: str
    state: str


class Shown(NamedTuple):
    """An identity that this answer, and no other, shows until a moment."""

    identity: UUID
    code: str
    content: Mapping[str, str]
    until: datetime

    @property
    def details(self) -> list[tuple[str, str]]:
        """Everything beside the name: other writings, ways to reach the person."""
        return [(str(label), self.content.get(key, "")) for key, label in DETAILS.items()]


class CasePage:
    def __init__(self, case: Case, user: User, shown: Shown | None = None) -> None:
        self.case = read_whole(case)
        self.user = user
        self.shown = shown
        self.today = timezone.localdate()

    @cached_property
    def powers(self) -> frozenset[May]:
        return policy.powers_of_viewer(self.user, self.case, self.case.assignments.all())

    @cached_property
    def may(self) -> dict[str, bool]:
        """For templates: `{% if page.may.edit_case %}`."""
        return {may.value: may in self.powers for may in May}

    @cached_property
    def knows_people(self) -> bool:
        """Names are for officers who are assigned to the case by name."""
        known = policy.knows_people(self.user, self.case, self.case.assignments.all())
        return known and May.REVEAL_IDENTITY in self.powers

    def knows(self, row: Person | Source) -> bool:
        """Whether one press shows this name: of a source, to who keeps it alone."""
        keeps = isinstance(row, Person) or getattr(row, "keeper_id", None) == self.user.pk
        return self.knows_people and keeps

    @cached_property
    def openings(self) -> set[UUID]:
        """Identities that this person may see now because a custodian or an emergency says so."""
        if not self._has("requests"):
            return set()
        return set(openings_to(self.user).values_list("content_object", flat=True))

    @cached_property
    def requests(self) -> list[IdentityRequest]:
        """Who asked for names, the last first: one's own and, for the desks, everybody's."""
        if not self._has("requests"):
            return []
        rows = IdentityRequest.objects.visible_to(self.user).filter(case=self.case)
        return list(rows.select_related("asked_by"))

    def request_for(self, identity: UUID) -> IdentityRequest | None:
        """What this person asked last for it and has not come to its end."""
        live = {RequestStatus.ASKED, RequestStatus.APPROVED}
        mine = (one for one in self.requests if one.asked_by_id == self.user.pk)
        return next((o for o in mine if o.identity_id == identity and o.standing in live), None)

    @property
    def is_owner(self) -> bool:
        return self.case.owner_id == self.user.pk

    @cached_property
    def recusals(self) -> list[Recusal]:
        """Who stepped back: for those who may let them in again."""
        if May.RECUSE not in self.powers or not self._has("recusals"):
            return []
        return list(self.case.recusals.in_force().select_related("user"))

    @cached_property
    def holds(self) -> list[Hold]:
        """What keeps the case from ending."""
        return list(self.case.holds.in_force()) if self._has("holds") else []

    @cached_property
    def offer(self) -> Transfer | None:
        """To which other office the case is offered now."""
        if not self._has("offer"):
            return None
        return self.case.transfers.open().select_related("to_office").first()

    def _has(self, what: str) -> bool:
        """False where the case was read with its rare things and has none of these."""
        return bool(getattr(self.case, f"has_{what}", True))

    # Who is who, without asking again ----------------------------------------------------------

    @cached_property
    def persons(self) -> dict[UUID, Person]:
        return {person.pk: person for person in self.case.persons.all()}

    @cached_property
    def sources(self) -> dict[UUID, Source]:
        return {source.pk: source for source in self.case.sources.all()}

    def codes(self, ids: Iterable[UUID | None]) -> list[str]:
        return [self.persons[pk].code for pk in ids if pk and pk in self.persons]

    # The head ------------------------------------------------------------------------------------

    @cached_property
    def track(self) -> list[Stop]:
        here = STAGES.index(Stage(self.case.stage))
        states = ["done"] * here + ["current"] + [""] * (len(STAGES) - here - 1)
        return [Stop(_short(stage), state) for stage, state in zip(STAGES, states, strict=True)]

    @cached_property
    def clocks(self) -> list[Deadline]:
        return list(self.case.deadlines.all())

    @property
    def nearest(self) -> Due | None:
        running = [one for one in self.clocks if one.paused_at is None]
        if not running:
            return None
        first = running[0]
        words = {"what": first.get_kind_display(), "when": first.label}
        return Due(first.state, first.due_at, _("%(what)s: %(when)s") % words)

    # Letters -------------------------------------------------------------------------------------

    @cached_property
    def letters(self) -> list[Any]:
        return list(self.case.communications.all())

    @property
    def unsent(self) -> Any:
        return next((one for one in self.letters if one.status in UNSENT), None)

    @property
    def may_draft(self) -> bool:
        return May.DRAFT_LETTER in self.powers and self.case.stage in WRITING and not self.unsent

    @property
    def to_assess(self) -> str:
        """The id of a reply that waits for this person's reading; nothing if none does."""
        if May.ASSESS_REPLY not in self.powers:
            return ""
        waiting = [
            answer["id"]
            for letter in self.letters
            if letter.status == LetterStatus.ANSWERED
            for answer in letter.answers[:1]  # the newest edition
            if not answer["grade"]
        ]
        return next(iter(waiting), "")

    # What the sources add up to ------------------------------------------------------------------

    @cached_property
    def matrix(self) -> verification.Matrix:
        case = self.case
        return verification.matrix(
            list(case.elements.all()), list(case.sources.all()), case.corroborations.all()
        )

    @property
    def corroborated(self) -> str:
        if not self.matrix.rows:
            return ""
        return f"{self.matrix.corroborated}/{len(self.matrix.rows)}"

    # What happened -------------------------------------------------------------------------------

    @cached_property
    def events(self) -> list[Event]:
        found = in_words(events_of(self.case)[: 4 * LATEST], self.user)
        return shortened(found, LATEST)

    @property
    def acted(self) -> list[Any]:
        """What was done already by anybody in the United Nations, so that nobody repeats it."""
        return [action for action in self.case.actions.all() if action.done_on]

    @property
    def url(self) -> str:
        return reverse("case-detail", args=[self.case.pk])


def _short(stage: Stage) -> str:
    """On the track there is room for one word or two."""
    return str(
        {
            Stage.RISK: _("Risk"),
            Stage.VERIFY: _("Verify"),
            Stage.DECIDE: _("Decide"),
            Stage.TRANSMIT: _("Transmit"),
            Stage.AWAIT: _("Await reply"),
            Stage.ASSESS: _("Assess"),
            Stage.FOLLOW: _("Follow up"),
            Stage.REPORT: _("Report"),
            Stage.MONITOR: _("Monitor"),
            Stage.CLOSE: _("Close"),
        }.get(stage, stage.label)
    )


def due_on(day: Any) -> Due:
    """A day until which something holds, drawn like a deadline."""
    moment = clocks.end_of(day)
    state = clocks.state_of(moment, timezone.now())
    words = _("Ended") if state == "overdue" else clocks.in_words(moment, timezone.now())
    return Due(state, moment, words)
