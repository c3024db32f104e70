from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.translation import deactivate_all, override

from cases.models.term import Term, choices, forget_terms, label, terms
from cases.services.reference import load_reference

pytestmark = pytest.mark.django_db


def add(code: str, order: int = 1, **more) -> Term:
    more.setdefault("labels", {"en": code.title()})
    return Term.objects.create(vocabulary="V-TEST", code=code, order=order, **more)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "Reprisal"),
        ("fr", "Représailles"),
        ("es", "Represalia"),
        ("ar", "عمل انتقامي"),
        ("ru", "Репрессалии"),
        ("zh", "报复"),
        ("en-gb", "Reprisal"),
        ("de", "Reprisal"),
    ],
)
def test_a_label_is_in_the_language_of_the_reader(loaded, language, word):
    with override(language):
        assert label("V-NATURE", "REP") == word


def test_english_stands_in_for_a_missing_label_and_for_no_language():
    add("A", labels={"en": "Alpha", "fr": "", "ru": "Альфа"})

    with override("fr"):
        assert label("V-TEST", "A") == "Alpha"
    with override(None):
        deactivate_all()
        assert label("V-TEST", "A") == "Alpha"


@pytest.mark.parametrize("code", ["", "NO-SUCH"])
def test_a_blank_or_unknown_code_has_no_label(code):
    assert label("V-TEST", code) == ""
    assert label("V-NO-SUCH", code) == ""


def test_terms_come_in_their_order():
    add("B", 2)
    add("A", 3)
    add("C", 1)

    assert list(terms("V-TEST")) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2025, 12, 31), ["ALWAYS", "UNTIL"]),
        (date(2026, 1, 1), ["ALWAYS", "UNTIL", "SINCE"]),
        (date(2026, 1, 31), ["ALWAYS", "UNTIL", "SINCE"]),
        (date(2026, 2, 1), ["ALWAYS", "SINCE"]),
    ],
)
def test_only_what_is_offered_on_the_day_can_be_chosen(on, codes):
    add("ALWAYS", 1)
    add("UNTIL", 2, valid_to=date(2026, 2, 1))
    add("SINCE", 3, valid_from=date(2026, 1, 1))

    assert [code for code, _label in choices("V-TEST", on)] == codes
    with time_machine.travel(f"{on} 12:00"):
        assert [code for code, _label in choices("V-TEST")] == codes


def test_a_term_no_longer_offered_keeps_its_label():
    add("OLD", valid_to=date(2000, 1, 1))

    assert choices("V-TEST") == []
    assert label("V-TEST", "OLD") == "Old"


def test_a_thousand_labels_are_one_query(loaded, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _number in range(1000):
            label("V-ACT", "LIB-DET")
            choices("V-VICTIM")


def test_the_shelf_is_read_again_when_told_to(django_assert_num_queries):
    assert label("V-TEST", "A") == ""
    add("A")

    assert label("V-TEST", "A") == ""
    forget_terms()
    assert label("V-TEST", "A") == "A"


def test_loading_lets_this_process_forget_at_commit(bare, django_capture_on_commit_callbacks):
    assert label("V-NATURE", "REP") == ""

    with django_capture_on_commit_callbacks(execute=True):
        load_reference()

    assert label("V-NATURE", "REP") == "Reprisal"


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"code": "A"}, "a_code_once_in_a_vocabulary"),
        ({"code": "B", "labels": {"fr": "b"}}, "term_has_an_english_label"),
        ({"code": "B", "severity": 5}, "severity_from_1_to_4"),
        (
            {"code": "B", "valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)},
            "term_offered_before_it_ends",
        ),
    ],
)
def test_the_database_refuses_a_term_that_makes_no_sense(wrong, constraint):
    add("A")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        add(**wrong)
