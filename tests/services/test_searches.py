"""A search is kept for its seeker, written down as marks, and counted where it is for names."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from cases import tasks
from cases.models import AuditEvent, Case, Search
from cases.models.search import KEPT_FOR
from cases.refusals import TooOften
from cases.search import in_names, matching
from cases.services import assignments, identities, searches
from cases.vault import tokens
from tests.factories import journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def written():
    return AuditEvent.objects.filter(detail__has_key="search").order_by("written_at")


def test_what_was_sought_stands_nowhere_in_clear(who):
    searches.search(by=who.focal, words="Thornbury  LANTERN", people=True)

    event = written().get()
    assert (event.verb, event.actor, event.read) == ("searched", who.focal.pk, True)
    assert event.detail == {
        "search": sorted([tokens.mark("thornbury"), tokens.mark("lantern")]),
        "people": True,
    }
    assert b"Thornbury" not in bytes(
        Search.objects.extra(select={"raw": "words"}).values_list("raw", flat=True).get()
    )


@pytest.mark.parametrize(
    "role", [Role.MANDATE_HOLDER, Role.CUSTODIAN, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_names_take_a_role_that_knows_people_and_the_refusal_is_written_down(role):
    person = member(role=role)

    with pytest.raises(PermissionDenied):
        searches.search(by=person, words="Marrowby", people=True)

    assert [(e.verb, e.actor) for e in written()] == [("refused", person.pk)]
    assert not Search.objects.exists()
    assert searches.search(by=person, words="Marrowby")  # in texts, of which these see none


def test_the_measure_of_names_is_each_persons_and_fills_again(who, monkeypatch):
    monkeypatch.setattr(searches, "MOST_FOR_PEOPLE", 2)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = searches.search(by=who.focal, words="one", people=True)
        searches.search(by=who.focal, words="two", people=True)
        searches.search(by=who.focal, words="one", people=True, again=first.pk)
        with pytest.raises(TooOften):
            searches.search(by=who.focal, words="three", people=True)
        assert [e.verb for e in written()] == ["searched", "searched", "refused"]

        searches.search(by=who.focal, words="three")
        searches.search(by=who.reviewer, words="three", people=True)
        clock.shift(searches.WITHIN + dt.timedelta(seconds=1))
        searches.search(by=who.focal, words="three", people=True)


def test_a_search_is_kept_for_a_day(who):
    row = searches.search(by=who.focal, words="one")
    assert Search.objects.of(who.focal).get() == row

    Search.objects.update(made_at=timezone.now() - KEPT_FOR - dt.timedelta(seconds=1))
    assert not Search.objects.of(who.focal).exists()
    tasks.sweep_leftovers()
    assert not Search.objects.exists()


def found(words, seeker):
    return set(Case.objects.visible_to(seeker).filter(in_names(words, seeker)))


def test_people_are_found_in_cases_that_are_ones_own_by_name(who):
    case, other = journey.recorded(who), journey.recorded(who, name="Corvin Ashgrove")
    identities.keep_identity(
        other.sources.first(), by=who.focal, content={"name": "Wren Aldersey", "contact": "w@x.org"}
    )

    assert found("Marrowby", who.focal) == {case}
    assert found("aldersey wren", who.focal) == found("W@X.org", who.focal) == {other}
    assert found("Marrowby Ashgrove", who.focal) == set()  # two people are not one
    assert found("Marrowby", who.reviewer) == found("", who.focal) == set()


def test_whom_a_source_trusted_is_one_person(who):
    """As with reveal: a source is known to who keeps it, not to whoever the case is given to."""
    case, colleague = journey.recorded(who), member(role=Role.FOCAL_POINT)
    identities.keep_identity(case.sources.first(), by=who.focal, content={"name": "Wren Aldersey"})
    assignments.assign_case(case, by=who.focal, user=colleague, duty="support")

    assert found("Aldersey", who.focal) == found("Marrowby", colleague) == {case}
    assert found("Aldersey", colleague) == set()


def test_an_owner_without_the_role_any_more_is_told_no_name(who):
    case = journey.recorded(who)
    case.owner.memberships.all().delete()
    owner = type(who.focal).objects.get(pk=who.focal.pk)

    assert found("Marrowby", owner) == set()


def test_an_assignment_by_name_opens_the_people_and_its_end_shuts_them(who):
    case, colleague = journey.recorded(who), member(role=Role.FOCAL_POINT)
    given = assignments.assign_case(case, by=who.focal, user=colleague, duty="support")
    assert found("Marrowby", colleague) == {case}

    assignments.end_assignment(given, by=who.focal)
    assert found("Marrowby", colleague) == set()


def test_words_without_names_look_at_no_name(who):
    journey.recorded(who)
    words = searches.search(by=who.focal, words="Marrowby")
    people = searches.search(by=who.focal, words="Marrowby", people=True)

    def hits(row):
        return Case.objects.visible_to(who.focal).filter(matching(row, who.focal)).count()

    assert (hits(words), hits(people)) == (0, 1)
