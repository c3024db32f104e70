"""The sections of a case's page as rows of words."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import gates
from cases.console.case.page import CasePage, Due, Shown, due_on
from cases.models import Act, Deadline, Outcome, RiskAssessment
from cases.models.communication import SignatoryAnswer
from cases.models.deadline import DeadlineKind
from cases.services.outcomes import STALE_AFTER
from cases.templatetags.words import day, term, terms
from cases.vocabulary import DatePrecision, Stance


class Section(NamedTuple):
    id: str
    label: str
    count: Any = None


def listed(words: Iterable[str]) -> str:
    """Words that are there, with the commas of the language."""
    return pgettext("between the items of a list", ", ").join(word for word in words if word)


def navigation(page: CasePage) -> list[Section]:
    case = page.case
    return [
        Section("texts", _("Texts")),
        Section("people", _("People"), len(page.persons)),
        Section("acts", _("Acts"), len(case.acts.all())),
        Section("cooperation", _("Cooperation"), len(case.cooperations.all())),
        Section("sources", _("Sources and evidence"), len(page.sources) + len(case.evidence.all())),
        Section("corroboration", _("Corroboration"), page.corroborated),
        Section("consent", _("Consent")),
        Section("risk", _("Risk")),
        Section("letters", _("Letters and actions"), len(page.letters)),
        Section("follow-up", _("Follow-up")),
        Section("timeline", _("Timeline")),
    ]


SECTION_OF_CLOCK = {
    DeadlineKind.RISK_REVIEW: "risk",
    DeadlineKind.CONSENT_RENEWAL: "consent",
    DeadlineKind.CONTAINMENT: "consent",
    DeadlineKind.OUTCOME: "follow-up",
    DeadlineKind.TRIAGE: "ahead",
    DeadlineKind.DECIDE: "ahead",
}


def clocks(page: CasePage) -> Iterator[tuple[Deadline, str]]:
    """What is due, and where one does something about it."""
    for one in page.clocks:
        if one.kind == DeadlineKind.FEEDBACK and page.may["edit_case"]:
            yield one, reverse("source-told", args=[page.case.pk])
        else:
            yield one, f"#{SECTION_OF_CLOCK.get(DeadlineKind(one.kind), 'letters')}"


# People and sources, masked ---------------------------------------------------------------------


class Masked(NamedTuple):
    """Somebody behind a veil, and how to lift it for whoever may."""

    row: Any
    kept: bool
    reveal_url: str
    keep_url_noun: str
    name: str | None = None
    until: datetime | None = None
    hide_url: str = ""
    now: Any = None
    related: str = ""  # the code of somebody else in the case
    request: Any = None  # what this person asked, until it has come to its end
    may_ask: bool = False

    @property
    def asked_at(self) -> datetime | None:
        """Since when the custodian is asked, while nothing is decided."""
        return self.request.asked_at if self.request and not self.request.in_force else None

    @property
    def who(self) -> str:
        row = self.row
        about = [term(row.sex, "V-DEMOG-SEX"), term(row.age, "V-DEMOG-AGE")]
        size = _("about %(size)d people") % {"size": row.size} if row.size else ""
        return listed([*about, size]) or str(row.get_kind_display())


def people(page: CasePage) -> list[Masked]:
    now = {outcome.person_id: outcome for outcome in reversed(list(page.case.outcomes.all()))}
    return [
        _masked(page, person, "person", "people")._replace(
            now=now.get(person.pk), related=listed(page.codes([person.related_to_id]))
        )
        for person in page.case.persons.all()
    ]


def sources(page: CasePage) -> list[Masked]:
    return [_masked(page, source, "source", "sources") for source in page.case.sources.all()]


def _masked(page: CasePage, row: Any, noun: str, section: str) -> Masked:
    key = row.identity_key
    if key is None:
        return Masked(row, False, "", noun)
    asked = page.request_for(key)
    if not page.knows(row) and key not in page.openings:
        return Masked(row, True, "", noun, request=asked, may_ask=True)
    # After the answer the browser stands where the person was.
    reveal = f"{reverse('identity-reveal', args=[key])}#{section}"
    if page.shown is None or page.shown.identity != key:
        return Masked(row, True, reveal, noun, request=asked)
    hide = reverse("identity-hide", args=[key])
    return Masked(row, True, reveal, noun, _name(page.shown), page.shown.until, hide, request=asked)


def _name(shown: Shown) -> str:
    return shown.content.get("name") or _("no name is kept")


# Acts -------------------------------------------------------------------------------------------


class ActRow(NamedTuple):
    act: Act
    against: str
    when: str
    by: list[tuple[str, str]]


def acts(page: CasePage) -> Iterator[ActRow]:
    rows: Iterable[Any] = page.case.acts.all()
    for act in rows:
        blamed = [
            (term(one["kind"], "V-PERP"), term(one["attribution"], "V-PERP-ATTR"))
            for one in act.blamed
        ]
        when = period(act.started_on, act.ended_on, act.precision)
        yield ActRow(act, listed(page.codes(act.person_ids)), when, blamed)


def period(start: date | None, end: date | None, precision: str = DatePrecision.DAY) -> str:
    """From and until, no more exact than they are known."""
    first, last = _as_exact(start, precision), _as_exact(end, precision)
    if first and last and first != last:
        return _("%(start)s to %(end)s") % {"start": first, "end": last}
    if last and not first:
        return _("until %(end)s") % {"end": last}
    return first


def _as_exact(moment: date | None, precision: str) -> str:
    if moment is None or precision == DatePrecision.DAY:
        return day(moment)
    if precision == DatePrecision.YEAR:
        return str(moment.year)
    return date_format(moment, "YEAR_MONTH_FORMAT")


def cooperations(page: CasePage) -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    rows: Iterable[Any] = page.case.cooperations.all()
    for row in rows:
        body = [term(row.actor, "V-ACTOR"), row.mechanism.name if row.mechanism else ""]
        yield (
            row,
            [
                (_("With which body"), listed(body)),
                (_("Who"), listed(page.codes(row.person_ids))),
                (_("When"), period(row.started_on, row.ended_on)),
                (_("Where"), term(row.channel, "V-COOP-CHANNEL")),
                (_("State of cooperation"), term(row.tense, "V-TENSE")),
                (_("What happened"), row.description),
                (_("Evidence of cooperation"), terms(row.evidence, "V-COOP-EVID")),
                (_("What the link rests on"), row.basis),
                (_("How those responsible allegedly knew"), row.how_known),
            ],
        )


# The matrix -------------------------------------------------------------------------------------


class Cell(NamedTuple):
    url: str
    source: Any
    word: Any
    kind: str  # for, against, or nothing
    says: str


def matrix_rows(page: CasePage) -> Iterator[tuple[Any, list[Cell], Any]]:
    for element, words, status in page.matrix.rows:
        pairs = zip(page.matrix.sources, words, strict=True)
        yield element, [_cell(page, element, source, word) for source, word in pairs], status


def _cell(page: CasePage, element: Any, source: Any, word: Any) -> Cell:
    url = reverse("corroborate", args=[page.case.pk, element.pk, source.pk])
    if word is None:
        return Cell(url, source, None, "", "")
    against = word.stance == Stance.CONTRADICTS
    says = f"{source.reliability}{word.credibility}"
    return Cell(url, source, word, "against" if against else "for", says)


# Risk --------------------------------------------------------------------------------------------


class Risk(NamedTuple):
    person: Any  # the id to assess, where nothing is written yet
    code: str
    risk: RiskAssessment | None
    level: int
    ends: Due | None


def risks(page: CasePage) -> Iterator[Risk]:
    """The latest for each person, missing ones too, then those of sources."""
    latest: dict[object, RiskAssessment] = {}
    for risk in page.case.risks.all():  # newest first
        latest.setdefault(risk.person_id or risk.source_id, risk)
    for person in page.case.persons.all():
        yield _risk(person, latest.get(person.pk))
    for source in page.case.sources.all():
        if found := latest.get(source.pk):
            yield _risk(source, found)


def _risk(who: Any, risk: RiskAssessment | None) -> Risk:
    if risk is None:
        return Risk(who.pk, who.code, None, 0, None)
    return Risk(who.pk, who.code, risk, int(risk.level), due_on(gates.risk_ends(risk)))


# Letters and what came of them ------------------------------------------------------------------


class Reply(NamedTuple):
    id: str
    edition: int
    at: datetime | None
    grade: str


class Letter(NamedTuple):
    row: Any
    kind: str
    endorsed: int
    asked: int
    replies: list[Reply]


KIND_OF_LETTER = {
    "draft": "draft",
    "in_clearance": "wait",
    "cleared": "work",
    "transmitted": "wait",
    "answered": "work",
    "assessed": "done",
    "discarded": "stop",
}


def letters(page: CasePage) -> Iterator[Letter]:
    for row in page.letters:
        endorsed = sum(answer == SignatoryAnswer.ENDORSED for answer in row.signed)
        replies = [
            Reply(one["id"], one["edition"], parse_datetime(one["at"]), one["grade"] or "")
            for one in row.answers
        ]
        yield Letter(row, KIND_OF_LETTER[row.status], endorsed, len(row.signed), replies)


class Fate(NamedTuple):
    """What became of one person: the last news, whether it is old, what was known before."""

    person: Any
    latest: Outcome | None
    stale: bool
    source: str
    earlier: list[Outcome]


def fates(page: CasePage) -> Iterator[Fate]:
    for person in page.case.persons.all():
        known = [one for one in page.case.outcomes.all() if one.person_id == person.pk]
        if not known:
            yield Fate(person, None, False, "", [])
            continue
        latest, *earlier = known
        told = page.sources.get(latest.source_id) if latest.source_id else None
        stale = latest.as_of + STALE_AFTER < page.today
        yield Fate(person, latest, stale, told.code if told else "", earlier)
