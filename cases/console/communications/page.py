"""A letter as its pages show it: what would leave, what holds it back, who may do what."""

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import consent, gates, letters
from cases.console.communications.paper import Paper, in_short, paper_of
from cases.console.communications.sent import Sent, sent_of
from cases.console.timeline import Event, events_of, in_words
from cases.gates import Gate
from cases.letters import Composed
from cases.lifecycles import LETTER_MOVES, LetterMove, LetterStatus
from cases.models import Case, Communication, Consent, Deadline, Person, Signatory
from cases.models.communication import SignatoryAnswer
from cases.policy import May, powers
from cases.services import communications, mandates
from cases.services.communications import EDITABLE
from cases.vocabulary import IdentityTreatment as Treatment

KINDS = {
    LetterStatus.DRAFT: "draft",
    LetterStatus.IN_CLEARANCE: "wait",
    LetterStatus.CLEARED: "work",
    LetterStatus.TRANSMITTED: "wait",
    LetterStatus.ANSWERED: "new",
    LetterStatus.ASSESSED: "done",
    LetterStatus.DISCARDED: "done",
}
NEWEST = 50  # events of the history
# Opened by others than whoever writes: the text itself may be ready before they have spoken.
OF_OTHERS = frozenset({"endorsements", "clearance"})


class PersonRow(NamedTuple):
    """Somebody of the case: what the State reads for them, and what they said to that."""

    person: Person
    word: str
    by_name: bool
    in_text: bool
    allowed: bool
    answer: str


class Signature(NamedTuple):
    signatory: Signatory
    lead: bool
    state: str  # endorsed, lapsed, asked, declined
    mine: bool  # this person answers for the mandate, and still can


class LetterPage:
    """Computed when the template asks, so that a form that is saved costs no preview."""

    def __init__(
        self,
        row: Communication,
        user: User,
        preview: tuple[Composed, list[Gate]] | None = None,
        shown: Collection[UUID] = frozenset(),
    ) -> None:
        """`shown` are people whose names this very answer, and no other, opened."""
        self.row, self.user, self.preview, self.shown = row, user, preview, shown

    @cached_property
    def letter(self) -> Communication:
        return communications.whole(self.row)

    @property
    def case(self) -> Case:
        return self.letter.case

    @cached_property
    def may(self) -> frozenset[May]:
        return powers(self.user, self.row.case)

    @property
    def unsent(self) -> bool:
        return self.row.status in EDITABLE

    # What would leave ---------------------------------------------------------------------------

    @cached_property
    def _found(self) -> tuple[Composed, list[Gate]]:
        if self.preview:
            return self.preview
        if self.unsent:
            return communications.readiness(self.letter, by=self.user, shown=self.shown)
        if self.sent:
            return Composed(self.sent.package.content, self.sent.package.digest, []), []
        return communications.composed(self.letter, by=self.user, shown=self.shown), []

    @cached_property
    def sent(self) -> Sent | None:
        """What crossed, once it did: from then on the page shows the frozen text, no other."""
        return sent_of(self.row) if self.row.transmitted_at else None

    @property
    def digest(self) -> str:
        return self._found[0].digest

    @property
    def digest_short(self) -> str:
        return in_short(self.digest)

    @cached_property
    def paper(self) -> Paper:
        words = [word for row in self.people for word in (row.word, letters.veil(row.word))]
        return paper_of(self._found[0].content, words)

    @property
    def veils(self) -> bool:
        """Whether a name stands in what is sent that this answer does not show."""
        named = {row.person.pk for row in self.named if row.allowed}
        return self.unsent and self.preview is None and bool(named - set(self.shown))

    # What holds it back -------------------------------------------------------------------------

    @cached_property
    def gates(self) -> list[dict[str, Any]]:
        return [self._gate(gate) for gate in self._found[1]]

    @cached_property
    def shut(self) -> list[Gate]:
        return gates.shut(self._found[1])

    def _gate(self, gate: Gate) -> dict[str, Any]:
        return {**gate._asdict(), "url": self._where(gate), "action": _mend(gate.section)}

    def _where(self, gate: Gate) -> str:
        """The page where somebody does something about it; none for what one may not do."""
        section = gate.section
        if section == "conditions":
            mine = May.SAY_CONDITIONS_MET in self.may and not self.preview
            return reverse("letter-conditions", args=[self.row.pk, gate.row]) if mine else ""
        if section in OF_OTHERS:
            return f"#{section}"
        if section == "text":
            edit = reverse("letter-edit", args=[self.row.pk])
            return f"{edit}#text" if self.may_edit else ""
        return f"{reverse('case-detail', args=[self.case.pk])}#{section}" if section else ""

    # Who may do what ----------------------------------------------------------------------------

    @property
    def may_edit(self) -> bool:
        return self.unsent and May.DRAFT_LETTER in self.may

    @property
    def may_transmit(self) -> bool:
        return self.unsent and May.TRANSMIT_LETTER in self.may

    @property
    def may_clear(self) -> bool:
        return self._move(LetterMove.CLEAR, May.CLEAR_LETTER)

    @property
    def may_send_back(self) -> bool:
        return self._move(LetterMove.SEND_BACK, May.CLEAR_LETTER)

    @property
    def may_ask(self) -> bool:
        return self._move(LetterMove.ASK_CLEARANCE, May.DRAFT_LETTER)

    def _move(self, move: LetterMove, may: May) -> bool:
        return may in self.may and self.row.status in LETTER_MOVES[move].sources

    @cached_property
    def writers(self) -> list[User]:
        return list(self.row.edited_by.order_by("name"))

    @property
    def wrote(self) -> bool:
        return self.user in self.writers

    @property
    def next_act(self) -> str:
        """The one filled button of the page."""
        if any(row.mine and row.state != "endorsed" for row in self.signatures):
            return "endorse"
        if self.may_clear and not self.wrote:
            return "clear"
        if self.may_transmit and not self.shut:
            return "transmit"
        if self.may_ask and all(gate.section in OF_OTHERS for gate in self.shut):
            return "ask"
        return "edit" if self.may_edit and self.row.status == LetterStatus.DRAFT else ""

    # Rows of its cards --------------------------------------------------------------------------

    @property
    def status(self) -> dict[str, str]:
        status = LetterStatus(self.row.status)
        return {"kind": KINDS[status], "label": str(status.label)}

    @cached_property
    def people(self) -> list[PersonRow]:
        there = {person.pk for person in letters.people_in(self.letter)}
        aliases = {alias.person_id: alias.word for alias in self.case.aliases.all()}
        full = {n.person_id for n in self.letter.namings.all() if n.treatment == Treatment.FULL}
        book, today = consent.ledger(self.case.consents.all()), timezone.localdate()
        rows = []
        for person in self.case.persons.all():
            how = Treatment.FULL if person.pk in full else Treatment.PSE
            held = consent.for_state(book, person, how, today)
            word, named = aliases.get(person.pk, ""), person.pk in full
            rows.append(
                PersonRow(person, word, named, person.pk in there, held.allowed, held.reason)
            )
        return rows

    @property
    def named(self) -> list[PersonRow]:
        return [row for row in self.people if row.by_name and row.in_text]

    @property
    def aliased(self) -> list[PersonRow]:
        return [row for row in self.people if row.in_text and not row.by_name]

    @cached_property
    def reopened_by(self) -> list[Consent]:
        """The answers that took it back to its drafter, the last one first; none once it is put
        before the reviewers again."""
        if self.row.status != LetterStatus.DRAFT:
            return []
        return list(self.row.reopened_by.select_related("person").order_by("-recorded_at", "pk"))

    @cached_property
    def signatures(self) -> list[Signature]:
        held = mandates.mandates_held(self.user) if May.ENDORSE_LETTER in self.may else set()
        rows = sorted(
            self.letter.signatories.all(), key=lambda row: row.mechanism_id != self.row.lead_id
        )
        prefetch_related_objects(rows, "answered_by")
        return [self._signature(row, held) for row in rows]

    def _signature(self, row: Signatory, held: set[str]) -> Signature:
        lapsed = row.answer == SignatoryAnswer.ENDORSED and row.endorsed_digest != self.digest
        mine = self.unsent and row.mechanism_id in held
        state = "lapsed" if lapsed and self.unsent else str(row.answer)
        return Signature(row, row.mechanism_id == self.row.lead_id, state, mine)

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return list(Deadline.objects.filter(communication=self.row.pk).open())

    @cached_property
    def history(self) -> list[Event]:
        """What was done to it, newest first; not who looked."""
        rows = events_of(self.case).filter(subject__in=[str(row.pk) for row in self._nouns()])
        return in_words(rows[:NEWEST], self.user)

    def _nouns(self) -> Iterator[Model]:
        yield self.row
        yield from self.letter.signatories.all()
        if self.sent:
            yield self.sent.package
            yield from self.sent.extensions
            yield from self.sent.replies


def _mend(section: str) -> str:
    return {
        "text": _("Change the text"),
        "consent": _("Open consent"),
        "conditions": _("Say how they are met"),
        "risk": _("Open risk"),
        "corroboration": _("Open corroboration"),
        "cooperation": _("Open cooperation"),
        "endorsements": _("See who"),
        "clearance": _("See where it stands"),
        "sources": _("Open the files"),
        "stop": _("Open the stop flag"),
    }.get(section, _("Go there"))
