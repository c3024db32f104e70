"""A row of a case in one line: its code, what it is, and what else there is to say of it."""

from collections.abc import Iterable
from functools import singledispatch
from typing import NamedTuple

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cases.models import (
    Act,
    Action,
    Consent,
    Cooperation,
    Element,
    Evidence,
    Measure,
    Mechanism,
    Outcome,
    Person,
    RiskAssessment,
    Source,
)
from cases.models.term import listed
from cases.templatetags.words import day, term, terms

DETAIL_LENGTH = 160


class Line(NamedTuple):
    """`title` is said first, `code` is what the house calls the row, `details` follow."""

    title: str
    code: str = ""
    details: tuple[str, ...] = ()
    text: str = ""

    @property
    def in_words(self) -> str:
        """For a choice in a form: short, and without any text that somebody wrote."""
        return " · ".join(part for part in (self.code, self.title) if part)


def _line(title: str, *details: str, code: str = "", text: str = "") -> Line:
    short = Truncator(text).chars(DETAIL_LENGTH)
    return Line(title, code, tuple(detail for detail in details if detail), short)


def _codes(people: Iterable[Person]) -> str:
    return listed(person.code for person in people)


def _days(start: object, end: object) -> str:
    """ "3 Sep 2026", "3 Sep 2026 – 5 Oct 2026", "until 5 Oct 2026"."""
    began, ended = day(start), day(end)  # type: ignore[arg-type]
    if began and ended:
        return f"{began} – {ended}"
    return _("until %(day)s") % {"day": ended} if ended else began


@singledispatch
def line_of(row: models.Model) -> Line:
    return Line(str(row))


@line_of.register
def _person(row: Person) -> Line:
    size = _("%(number)d people") % {"number": row.size} if row.size else ""
    return _line(
        row.get_kind_display(),
        term(row.sex, "V-DEMOG-SEX"),
        term(row.age, "V-DEMOG-AGE"),
        size,
        terms(row.roles, "V-VICTIM"),
        code=row.code,
        text=row.description,
    )


@line_of.register
def _act(row: Act) -> Line:
    return _line(term(row.kind, "V-ACT"), _days(row.started_on, row.ended_on), text=row.description)


@line_of.register
def _cooperation(row: Cooperation) -> Line:
    return _line(
        term(row.kind, "V-COOP"),
        term(row.actor, "V-ACTOR"),
        term(row.tense, "V-TENSE"),
        _days(row.started_on, row.ended_on),
        _("link: %(nexus)s") % {"nexus": term(row.nexus, "V-NEXUS")} if row.nexus else "",
        text=row.description,
    )


@line_of.register
def _source(row: Source) -> Line:
    return _line(
        term(row.kind, "V-SRC"),
        term(row.connection, "V-SRC-CONN"),
        term(row.reliability, "V-REL"),
        code=row.code,
        text=row.description,
    )


@line_of.register
def _element(row: Element) -> Line:
    return _line(row.get_kind_display(), code=str(row.number), text=row.statement)


@line_of.register
def _evidence(row: Evidence) -> Line:
    received = _("received %(day)s") % {"day": day(row.received_on)}
    return _line(
        term(row.kind, "V-EVID"), received, row.language, code=row.code, text=row.description
    )


@line_of.register
def _consent(row: Consent) -> Line:
    until = _("until %(day)s") % {"day": day(row.expires_on)} if row.expires_on else ""
    return _line(
        term(row.scope, "V-CONSENT-SCOPE"),
        term(row.status, "V-CONSENT-STATUS"),
        day(row.given_on),
        until,
        code=row.person.code,
        text=row.conditions,
    )


@line_of.register
def _risk(row: RiskAssessment) -> Line:
    whose = row.person or row.source
    return _line(
        term(row.level, "V-RISK"),
        _("assessed %(day)s") % {"day": day(row.assessed_on)},
        _("valid until %(day)s") % {"day": day(row.valid_until)},
        code=whose.code if whose else "",
        text=row.threat,
    )


@line_of.register
def _outcome(row: Outcome) -> Line:
    return _line(
        term(row.kind, "V-FOLLOWUP"),
        _("as of %(day)s") % {"day": day(row.as_of)},
        term(row.remedy, "V-FOLLOWUP-REMEDY"),
        code=row.person.code,
        text=row.note,
    )


@line_of.register
def _measure(row: Measure) -> Line:
    return _line(term(row.kind, "V-MEAS"), day(row.taken_on), text=row.description)


@line_of.register
def _action(row: Action) -> Line:
    kind = term(row.kind, "V-ACTION") or term(row.protection, "V-PROT")
    planned = _("planned for %(day)s") % {"day": day(row.planned_for)} if row.planned_for else ""
    return _line(kind, day(row.done_on) or planned, text=row.description)


@line_of.register
def _mechanism(row: Mechanism) -> Line:
    return _line(row.name)
