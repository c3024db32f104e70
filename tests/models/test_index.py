"""The index is written with the text and goes with it; it holds no word of either."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from cases import spellings
from cases.models import Case, NameIndex, TextIndex
from cases.models.index import Searched, made_by, texts_of
from cases.services import acts, cases, elements, identities, people
from cases.stems import wanted
from cases.vault import SealedTextField
from tests.factories import journey

pytestmark = pytest.mark.django_db

# Sealed words that are no text of a case, and why nobody finds a case by them.
NOT_SEARCHED = {
    "Assignment": "why a colleague was asked; not why there is a case",
    "CaseUserObjectPermission": "why a guest may look",
    "Containment": "what was done about what had left, read at its withdrawal",
    "Fulfilment": "how a letter keeps to a condition, read at the letter",
    "CleanCopy": "the name of a file",
    "IdentityUserObjectPermission": "why somebody may see a name",
    "EvidenceAttachment": "the name of a file as its sender called it",
    "IdentityRequest": "why somebody asked for a name, and what was decided",
    "Hold": "why a case is kept",
    "Recusal": "why an officer stays out of it",
    "Lock": "why a colleague was shut out",
    "Transfer": "why cases changed hands",
    "Search": "what was sought",
}


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def named(text):
    parts = spellings.wanted(text)
    return set(NameIndex.objects.holding(*parts).values_list("pk", flat=True))


def rows(text):
    return set(TextIndex.objects.holding(*wanted(text)).values_list("pk", flat=True))


def test_every_sealed_text_of_a_case_is_searched_or_said_not_to_be():
    sealed = {
        model.__name__: issubclass(model, Searched)
        for model in apps.get_app_config("cases").get_models()
        if any(isinstance(field, SealedTextField) for field in model._meta.fields)
        if texts_of(model)
    }

    assert {name for name, found in sealed.items() if not found} == set(NOT_SEARCHED)


def test_a_case_is_found_by_the_words_of_each_of_its_texts(who, case):
    act = acts.record_act(
        case, by=who.focal, kind="LIB-DET", place="Thornbury square", description="Beaten twice."
    )
    cases.edit_case(case, by=who.focal, version=case.version, summary="A marching band.")

    assert rows("squares of Thornbury") == rows("beat") == {act.pk}
    assert rows("march bands") == {case.pk}
    assert set(TextIndex.objects.values_list("case", flat=True)) == {case.pk}


def test_what_is_written_over_is_found_no_more(who, case):
    element = elements.record_element(case, by=who.focal, kind="act", statement="A lantern fell.")
    elements.edit_element(element, by=who.focal, version=1, statement="A bell rang.")

    assert rows("lantern") == set()
    assert rows("bell") == {element.pk}


def test_a_text_taken_back_leaves_no_words(who, case):
    person = people.record_person(case, by=who.focal, description="A drummer")
    people.edit_person(person, by=who.focal, version=1, description="")

    assert not TextIndex.objects.filter(pk=person.pk).exists()


def test_words_go_with_their_row_however_it_goes(who, case):
    first, second = (
        elements.record_element(case, by=who.focal, kind="act", statement=f"A lantern {word}.")
        for word in ("fell", "burned")
    )
    assert rows("lantern") == {first.pk, second.pk}

    elements.remove_element(first, by=who.focal)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_element WHERE id = %s", [second.pk])

    assert rows("lantern") == set()


def test_a_save_of_other_fields_opens_and_writes_no_words(case, django_assert_num_queries):
    case = Case.objects.get(pk=case.pk)
    with django_assert_num_queries(3):  # a savepoint, the row, the savepoint
        case.save(update_fields=["severity"])


def test_a_save_that_fails_leaves_the_words_of_before(who, case):
    element = elements.record_element(case, by=who.focal, kind="act", statement="A bell rang.")
    element.statement, element.kind = "A lantern fell.", "nonsense"

    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        element.save()

    assert rows("bell") == {element.pk}
    assert rows("lantern") == set()


def test_names_are_kept_with_the_identity_and_go_with_it(who, case):
    person = case.persons.get()
    assert named("Marrowby Quillon") == named("+000 555 010022") == {person.identity.pk}

    identities.keep_identity(
        person,
        by=who.focal,
        version=1,
        content={"name": "Corvin Ashgrove", "notes": "A. Thornbury"},
    )
    assert named("Marrowby") == named("Thornbury") == set()
    assert named("corvin ASHGROVE") == {person.identity.pk}

    people.remove_person(person, by=who.focal)
    assert not NameIndex.objects.exists()


def test_a_source_is_found_as_a_person_is(who, case):
    kept = identities.keep_identity(
        case.sources.first(), by=who.focal, content={"name": "Wren Aldersey"}
    )

    assert named("Aldersey") == {kept.pk}


def test_words_and_names_never_meet(who, case):
    """A name that stands in a text has another token there than in the index of names."""
    people.edit_person(case.persons.get(), by=who.focal, version=1, description=journey.NAME)

    texts = {token for row in TextIndex.objects.all() for token in row.tokens}
    names = {token for row in NameIndex.objects.all() for token in row.tokens}
    assert texts
    assert names
    assert not texts & names


def test_a_row_says_which_key_and_rules_made_it(case):
    found = {*TextIndex.objects.values_list("made_by", flat=True)}

    assert found == {made_by()}
    assert made_by().startswith("1.search-1")
