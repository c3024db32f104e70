"""Codes and moments as people say them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from cases.models.term import terms as terms_of
from cases.templatetags import words

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # ten o'clock in Geneva


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 24, 9, 42, tzinfo=UTC), "Today 10:42"),
        (datetime(2026, 11, 23, 8, 10, tzinfo=UTC), "Yesterday 9:10"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Yesterday 0:30"),
        (datetime(2026, 11, 3, 13, 20, tzinfo=UTC), "3 Nov 14:20"),
        (datetime(2025, 11, 3, 13, 20, tzinfo=UTC), "3 Nov 2025"),
        (None, ""),
    ],
)
def test_moments_are_said_from_where_geneva_stands(moment, said):
    with time_machine.travel(NOW, tick=False):
        assert words.when(moment) == said


def test_days_are_days_of_geneva():
    assert words.day(date(2026, 11, 3)) == "3 Nov 2026"
    assert words.day(datetime(2026, 11, 2, 23, 30, tzinfo=UTC)) == "3 Nov 2026"
    assert words.day(None) == ""


def test_days_follow_the_language():
    with translation.override("fr"):
        assert words.day(date(2026, 11, 3)) == "3 novembre 2026"


@pytest.mark.django_db
def test_a_code_shows_its_label_in_the_language_of_the_page():
    code, term = next(iter(terms_of("V-ACT").items()))

    with translation.override("fr"):
        assert words.term(code, "V-ACT") == term.labels.get("fr", term.labels["en"])
    assert words.term(code, "V-ACT") == term.labels["en"]


@pytest.mark.django_db
def test_an_unknown_code_shows_itself_and_none_shows_nothing():
    assert words.term("NO-SUCH", "V-ACT") == "NO-SUCH"
    assert words.term("", "V-ACT") == ""
    assert words.terms(None, "V-ACT") == ""


@pytest.mark.django_db
def test_several_codes_stand_beside_each_other():
    first, second = list(terms_of("V-ACT").values())[:2]

    assert words.terms([first.code, second.code], "V-ACT") == f"{first.label}, {second.label}"
