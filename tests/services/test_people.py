"""People of a case, and the words by which a State knows them."""

import pytest

from cases.models import Person
from cases.refusals import Refused
from cases.services import people
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def test_each_kind_has_its_letter_and_its_word(who):
    case = journey.recorded(who)
    for kind in ("individual", "group", "organisation", "individual"):
        people.record_person(case, by=who.focal, kind=kind)

    assert [person.code for person in case.persons.all()] == ["V-1", "V-2", "G-3", "O-4", "V-5"]
    words = ["Person A", "Person B", "Group A", "Organisation A", "Person C"]
    assert [person.aliases.get().word for person in case.persons.all()] == words


def test_the_alphabet_goes_on_after_z(who):
    case = journey.recorded(who)
    taken = {f"Person {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert people._free_word(case.persons.get(), taken) == "Person AA"


def test_whom_a_state_was_told_of_stays_with_the_case(who):
    case = journey.transmitted(who).communication.case
    with pytest.raises(Refused, match="A State was told"):
        people.remove_person(case.persons.get(), by=who.focal)
    assert Person.objects.filter(case=case).exists()


def test_who_is_in_no_letter_sent_can_be_taken_off(who):
    case = journey.transmitted(who).communication.case
    second = people.record_person(case, by=who.focal, kind="individual")
    people.remove_person(second, by=who.focal)
    assert case.persons.count() == 1
