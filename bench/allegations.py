"""The rows of one allegation: its people, acts, cooperation, sources, consent, letter and reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from django.db.models import Model

from bench.copying import Book
from bench.made import Words, luck, uid
from bench.people import DESKS, Desk, Population
from cases import models
from cases.lifecycles import LetterStatus, ReplyStatus
from cases.models.access import CaseUserObjectPermission
from cases.models.case import ALPHABET
from cases.vocabulary import Stage

TABLES: list[type[Model]] = [
    models.Case,
    models.TextIndex,
    models.Person,
    models.Identity,
    models.NameIndex,
    models.Act,
    models.Act.persons.through,
    models.Cooperation,
    models.Cooperation.persons.through,
    models.Source,
    models.Element,
    models.Corroboration,
    models.Consent,
    models.Deadline,
    models.Assignment,
    CaseUserObjectPermission,
    models.Communication,
    models.Signatory,
    models.Question,
    models.Package,
    models.Receipt,
    models.Reply,
    models.Answer,
]
# Shares of all cases. One reply for every second letter.
CLOSED, WRITTEN_TO, ANSWERED, GRANTED = 0.6, 0.3, 0.5, 0.1
OF_TWO_PEOPLE, OF_TWO_ACTS = 0.2, 0.3
OPEN = [stage for stage in Stage if stage not in (Stage.CLOSE, Stage.PROTECT)]
SPAN = timedelta(days=6 * 365)
# Who was shown many cases one by one: a page must not grow with that.
GUEST, OF_THE_GUEST = 0, 0.02
DAY = timedelta(days=1)


def desks_of(number: int) -> list[int]:
    """Which desk has which case: the first 6 in 100 of all, one in the middle 1 in 400."""
    weights = [1 / (place + 4) for place in range(DESKS)]
    return luck("desks", number).choices(range(DESKS), weights, k=number)


@dataclass
class Scene:
    """What all allegations share. `codes` are the terms of each vocabulary."""

    number: int
    now: datetime
    people: Population
    codes: dict[str, list[str]]
    words: Words
    desks: Sequence[int]
    view_case: int


class Allegation:
    """One of `scene.number`, always the same for its number."""

    def __init__(self, scene: Scene, number: int, book: Book) -> None:
        self.scene, self.number, self.book = scene, number, book
        self.chance: Random = luck("case", number)
        self.pk = uid("case", number)
        self.desk = scene.people.desks[scene.desks[number]]
        self.owner = self.chance.choice(self.desk.people[:6])
        self.state = self.chance.randrange(len(scene.people.states))
        self.began = scene.now - DAY - SPAN * self.chance.random()
        self.closed = self.chance.random() < CLOSED
        self.acts: list[str] = []

    def write(self) -> None:
        self._case()
        persons = [self._person(n) for n in range(1 + (self.chance.random() < OF_TWO_PEOPLE))]
        self._facts(persons)
        self._sources(persons[0])
        self._shared()
        due = self.scene.now + timedelta(minutes=self.chance.randrange(-9000, 60000))
        if not self.closed:
            self.add(models.Deadline, self._id("deadline"), kind="outcome", due_at=due)
        if self.chance.random() < WRITTEN_TO:
            self._letter()

    def add(self, model: Any, pk: str, **values: Any) -> None:
        self.book.rows[model].add(id=pk, case_id=self.pk, **values)

    def _id(self, kind: str, *numbers: int) -> str:
        return uid(kind, self.number, *numbers)

    def _code(self, vocabulary: str) -> str:
        return self.chance.choice(self.scene.codes[vocabulary])

    # The case ---------------------------------------------------------------------------------

    def _case(self) -> None:
        narrative, found = self.scene.words.narrative(self.number, self.chance)
        changed = self.began + (self.scene.now - self.began) * self.chance.random()
        self.book.rows[models.Case].add(
            id=self.pk,
            version=1,
            reference=self._reference(),
            office_id=self.desk.office,
            owner_id=self.owner,
            state_id=self.scene.people.states[self.state],
            stage=Stage.CLOSE if self.closed else self.chance.choice(OPEN),
            severity=self.chance.choice([1, 2, 2, 2, 3, 3, 4]),
            priority=self._code("V-PRIO"),
            nature=self._code("V-NATURE"),
            verification=self._code("V-VERIF"),
            narrative=narrative,
            received_on=self.began.date(),
            recorded_by_id=self.owner,
            recorded_at=self.began,
            filed_at=self.began,
            changed_at=changed,
            closed_at=changed if self.closed else None,
        )
        self.add(models.TextIndex, self.pk, made_by=self.scene.words.made_by, tokens=found)

    def _reference(self) -> str:
        """As random as a real one, without two that are equal."""
        left, letters = (self.number * 387_420_489 + 17) % len(ALPHABET) ** 6, ""
        for _ in range(6):
            left, place = divmod(left, len(ALPHABET))
            letters += ALPHABET[place]
        return f"RP-{letters[:4]}-{letters[4:]}"

    def _person(self, number: int) -> str:
        pk, identity = self._id("person", number), self._id("identity", number)
        name, found = self.scene.words.name(self.chance)
        self.add(models.Person, pk, number=number + 1, roles=[self._code("V-VICTIM")])
        self.book.rows[models.Identity].add(
            id=identity,
            version=1,
            person_id=pk,
            content={"name": name, "contact": f"+99 {self.number:09d}"},
            kept_by_id=self.owner,
        )
        self.book.rows[models.NameIndex].add(
            identity_id=identity,
            case_id=self.pk,
            made_by=self.scene.words.made_by,
            tokens=found,
        )
        return pk

    def _facts(self, persons: Sequence[str]) -> None:
        day = self.began.date() - timedelta(days=self.chance.randrange(200))
        for number in range(1 + (self.chance.random() < OF_TWO_ACTS)):
            act = self._id("act", number)
            self.acts.append(act)
            self.add(models.Act, act, kind=self._code("V-ACT"), started_on=day)
            for person in persons:
                self.book.rows[models.Act.persons.through].add(act_id=act, person_id=person)
        pk = self._id("cooperation")
        self.add(
            models.Cooperation,
            pk,
            kind=self._code("V-COOP"),
            actor=self._code("V-ACTOR"),
            tense=self._code("V-TENSE"),
            started_on=day,
        )
        self.book.rows[models.Cooperation.persons.through].add(
            cooperation_id=pk, person_id=persons[0]
        )

    def _sources(self, person: str) -> None:
        source, element = self._id("source"), self._id("element")
        kinds = {"kind": self._code("V-SRC"), "connection": self._code("V-SRC-CONN")}
        self.add(models.Source, source, number=1, **kinds)
        self.add(models.Element, element, number=1, kind="act", statement="A synthetic fact.")
        said = {"element_id": element, "source_id": source, "stance": "supports"}
        self.add(models.Corroboration, self._id("said"), credibility="2", **said)
        answer = {"scope": "STN", "status": "GRANTED", "given_on": self.began.date()}
        by = {"recorded_by_id": self.owner, "recorded_at": self.began}
        self.add(models.Consent, self._id("consent"), person_id=person, **answer, **by)

    def _shared(self) -> None:
        everybody = self.scene.people.everybody
        guest = self.chance.choice(everybody[:1500])
        if self.chance.random() < OF_THE_GUEST:
            guest = self.scene.people.desks[-1].people[GUEST]
        elif self.chance.random() > GRANTED:
            return
        self.book.rows[CaseUserObjectPermission].add(
            id=self._id("grant"),
            content_object_id=self.pk,
            user_id=guest,
            permission_id=self.scene.view_case,
            granted_by_id=self.owner,
            expires_at=self.scene.now + timedelta(days=3650),
        )

    # The letter -------------------------------------------------------------------------------

    def _letter(self) -> None:
        pk, place = self._id("letter"), self.chance.randrange(len(self.scene.people.mechanisms))
        office, sent = self.scene.people.secretariats[place], self.began + 9 * DAY
        sent = min(sent, self.scene.now - DAY / 2)
        mechanism, officer = self.scene.people.mechanisms[place], office.people[0]
        answered = self.chance.random() < ANSWERED
        text = f"Synthetic letter {self.number}"
        content = self._content(text)
        digest = sha256(text.encode()).hexdigest()
        self.add(
            models.Communication,
            pk,
            type="AL",
            lead_id=mechanism,
            status=LetterStatus.ANSWERED if answered else LetterStatus.TRANSMITTED,
            subject=text,
            body=content["paragraphs"][0],
            drafted_by_id=officer,
            drafted_at=sent - DAY,
            changed_at=sent,
            cleared_by_id=self.desk.people[7],
            cleared_at=sent,
            cleared_digest=digest,
            transmitted_at=sent,
            transmitted_by_id=officer,
        )
        self._signed(pk, office, mechanism, sent, digest)
        self._package(pk, content, digest, sent, answered=answered)

    def _signed(
        self, letter: str, office: Desk, mechanism: str, sent: datetime, digest: str
    ) -> None:
        rows = self.book.rows
        rows[models.Signatory].add(
            id=self._id("signatory"),
            communication_id=letter,
            mechanism_id=mechanism,
            answer="endorsed",
            endorsed_digest=digest,
            answered_by_id=office.people[8],
            answered_at=sent,
        )
        rows[models.Question].add(
            id=self._id("question"), communication_id=letter, number=1, text="What was done?"
        )
        self.add(
            models.Assignment,
            self._id("assignment"),
            office_id=office.office,
            duty="letter",
            given_by_id=self.owner,
            given_at=sent - DAY,
        )

    def _content(self, text: str) -> dict[str, Any]:
        return {
            "type": "AL",
            "type_label": "Allegation letter",
            "state": self.scene.people.states[self.state],
            "state_name": f"Synthetic State {self.scene.people.states[self.state]}",
            "language": "en",
            "signatories": ["Synthetic mandate"],
            "subject": text,
            "paragraphs": [f"{text}: " + "a synthetic paragraph of the usual length. " * 12],
            "elements": [{"number": 1, "text": "A synthetic fact."}],
            "questions": [{"number": 1, "text": "What was done?"}],
            "closing": ["Accept, Excellency, what is synthetic."],
            "response_days": 60,
            "annexes": [],
        }

    def _package(
        self, letter: str, content: dict[str, Any], digest: str, sent: datetime, *, answered: bool
    ) -> None:
        package, rows = self._id("package"), self.book.rows
        mission = self.scene.people.missions[self.state]
        rows[models.Package].add(
            id=package,
            code=f"AL-{content['state']}-{self._reference()[3:].replace('-', '')}",
            communication_id=letter,
            state_id=content["state"],
            type="AL",
            language="en",
            content=content,
            digest=digest,
            transmitted_at=sent,
            due_at=sent + 60 * DAY,
        )
        self.book.rows[models.Receipt].add(
            id=self._id("receipt"),
            package_id=package,
            kind="read",
            by_id=mission.people[0],
            at=sent + DAY / 4,
            taken_in_at=sent + DAY / 4,
        )
        if answered:
            self._reply(package, mission.people[0], sent + DAY / 3, digest)

    def _reply(self, package: str, by: str, at: datetime, digest: str) -> None:
        reply = self._id("reply")
        self.book.rows[models.Reply].add(
            id=reply,
            version=1,
            package_id=package,
            status=ReplyStatus.SUBMITTED,
            text="A synthetic reply. " * 20,
            started_by_id=by,
            submitted_by_id=by,
            submitted_at=at,
            changed_at=at,
            taken_in_at=at,
            digest=digest,
        )
        self.book.rows[models.Answer].add(
            id=self._id("answer"), reply_id=reply, question=1, text="A synthetic answer."
        )
