"""The ledger of consent on the page of a case: what was said, and what follows from it today."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cases import consent
from cases.consent import Verdict
from cases.console.case.page import CasePage
from cases.console.case.sections import listed
from cases.models import Consent
from cases.policy import is_outside
from cases.templatetags.words import day, term
from cases.vocabulary import ConsentScope, ConsentStatus, DataClass, Use

# A yes that ends within these days is shown as ending: there is time to ask again.
ENDS_SOON = timedelta(days=14)


class Answer(NamedTuple):
    """One cell of the ledger: how one person stands to one use today."""

    scope: str
    kind: str
    label: str
    entry: Consent | None

    @property
    def back(self) -> str:
        held = self.entry.withheld if self.entry else []
        return listed(str(DataClass(one).label) for one in held)


def ledger(page: CasePage) -> Iterator[tuple[Any, list[Answer], list[str]]]:
    """Of each person: every use, and how the last answer was given."""
    book = consent.ledger(page.case.consents.all())
    for person in page.case.persons.all():
        yield (
            person,
            [
                _answer(scope, consent.standing(book, person, scope, page.today), page)
                for scope in ConsentScope
            ],
            _how_given(page, person),
        )


def _how_given(page: CasePage, person: Any) -> list[str]:
    """Through whom, when, in which language, before whom."""
    mine = [one for one in page.case.consents.all() if one.person_id == person.pk]
    if not mine:
        return []
    last = max(mine, key=lambda one: (one.recorded_at, one.pk))
    through = page.sources.get(last.given_through_id) if last.given_through_id else None
    words = [
        _("through %(source)s") % {"source": through.code} if through else "",
        day(last.given_on),
        last.language,
    ]
    witness = _("Witness: %(who)s") % {"who": last.witness} if last.witness else ""
    return [word for word in (listed(words), witness) if word]


def _answer(scope: ConsentScope, standing: consent.Standing, page: CasePage) -> Answer:
    if standing.status is None:
        return Answer(scope, "none", _("Not asked"), None)
    if standing.status == ConsentStatus.CONDITIONS:
        return Answer(scope, "warn", _("With conditions"), standing.entry)
    ends = standing.entry.expires_on if standing.entry else None
    if standing.allowed and ends and ends <= page.today + ENDS_SOON:
        return Answer(scope, "warn", _("Yes, but it ends"), standing.entry)
    if standing.allowed:
        return Answer(scope, "good", _("Yes"), standing.entry)
    label = term(standing.status, "V-CONSENT-STATUS")
    bad = standing.status in {*consent.TAKEN_BACK, ConsentStatus.EXPIRED}
    return Answer(scope, "bad" if bad else "none", label, standing.entry)


def consent_history(page: CasePage) -> list[tuple[Consent, str, str]]:
    """Every entry with who said it and through whom, the last one first."""
    entries = sorted(page.case.consents.all(), key=lambda entry: entry.recorded_at, reverse=True)
    return [
        (
            entry,
            listed(page.codes([entry.person_id])),
            page.sources[entry.given_through_id].code
            if entry.given_through_id in page.sources
            else "",
        )
        for entry in entries
    ]


def uses(page: CasePage) -> Iterator[tuple[str, str, Verdict, Verdict]]:
    """For each person and each act of the house: without name, and by name."""
    book = consent.ledger(page.case.consents.all())
    for person in page.case.persons.all():
        for use in Use:
            unnamed, named = (
                consent.weigh(book, person, use, told, page.today)
                for told in (consent.FACTS, consent.FACTS_AND_NAME)
            )
            yield person.code, str(use.label), unnamed, named


def withdrawals(page: CasePage) -> list[tuple[Consent, str, int]]:
    """Answers after which something is, or was, to be contained: with how much is open."""
    entries: Iterable[Any] = page.case.consents.all()
    return [
        (entry, listed(page.codes([entry.person_id])), entry.open_tasks)
        for entry in entries
        if entry.tasks
    ]


def shown_without(page: CasePage) -> str:
    """Whom an office outside the house reads about without their consent: people come to a case,
    and consents end, after it was shared."""
    rows: Iterable[Any] = page.case.assignments.all()
    if not any(row.office and is_outside(page.case, row.office) for row in rows):
        return ""
    book, told = consent.ledger(page.case.consents.all()), consent.ALL_BUT_NAME
    return listed(
        person.code
        for person in page.case.persons.all()
        if not consent.weigh(book, person, Use.SHARE, told, page.today).allowed
    )
