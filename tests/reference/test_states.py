from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from cases.models.state import CouncilTerm, State
from cases.vocabulary import RegionalGroup

FULL = {"african": 13, "asia_pacific": 13, "eastern_european": 6, "grulac": 8, "weog": 7}


def council(on: date) -> Counter:
    return Counter(State.objects.on_council(on).values_list("regional_group", flat=True))


@pytest.mark.parametrize(
    "on",
    [date(2006, 6, 19), date(2012, 12, 31), date(2018, 7, 13), date(2024, 9, 27), date(2026, 6, 1)],
)
def test_47_members_of_the_council_by_group(loaded, on):
    assert council(on) == FULL


@pytest.mark.parametrize(
    ("on", "group"), [(date(2018, 6, 20), "weog"), (date(2022, 4, 8), "eastern_european")]
)
def test_a_vacant_seat_is_not_filled_by_guessing(loaded, on, group):
    assert council(on) == {**FULL, group: FULL[group] - 1}


def test_nobody_sat_before_the_council_was(loaded):
    assert council(date(2006, 6, 18)) == {}


def test_both_days_of_a_term_count(loaded):
    iceland = State.objects.get(pk="ISL")
    first, last = date(2018, 7, 13), date(2019, 12, 31)

    assert iceland.on_council(first)
    assert iceland.on_council(last)
    assert not iceland.on_council(first - timedelta(days=1))
    assert not iceland.on_council(last + timedelta(days=1))


def test_prefetched_terms_answer_for_many_states_at_once(loaded, django_assert_num_queries):
    with django_assert_num_queries(2):
        states = State.objects.prefetch_related("council_terms")
        assert sum(state.on_council(date(2026, 6, 1)) for state in states) == 47


def test_a_state_is_called_in_the_language_of_the_reader(loaded):
    state = State.objects.get(pk="CHE")

    with override("fr"):
        assert (state.name, state.label) == ("Suisse", "Suisse (CHE)")
        assert str(state) == "Switzerland (CHE)"
    with override("ar"):
        assert state.name == "سويسرا"


@pytest.mark.parametrize(
    ("iso3", "status", "allowed"),
    [
        ("XAA", "synthetic", True),
        ("XZZ", "synthetic", True),
        ("AAX", "synthetic", False),
        ("XAA", "member", False),
        ("XA1", "synthetic", False),
        ("aaa", "member", False),
    ],
)
def test_synthetic_states_and_only_they_have_user_assigned_codes(db, iso3, status, allowed):
    def create() -> None:
        with transaction.atomic():
            State.objects.create(iso3=iso3, status=status, names={"en": "Ardania"})

    if allowed:
        create()
    else:
        with pytest.raises(IntegrityError, match="synthetic_states_and_only_they"):
            create()


@pytest.mark.parametrize(
    ("start", "end", "constraint"),
    [
        (date(2027, 12, 31), date(2028, 12, 31), "council_terms_of_a_state_do_not_overlap"),
        (date(2024, 1, 1), date(2025, 1, 1), "council_terms_of_a_state_do_not_overlap"),
        (date(2028, 2, 1), date(2028, 1, 1), "council_term_ends_after_it_starts"),
        (date(2028, 1, 1), date(2028, 1, 1), "council_term_ends_after_it_starts"),
    ],
)
def test_council_terms_of_one_state_follow_each_other(db, start, end, constraint):
    state = State.objects.create(iso3="XAA", status="synthetic", names={"en": "Ardania"})
    other = State.objects.create(iso3="XAB", status="synthetic", names={"en": "Bevaria"})
    years = {"start": date(2025, 1, 1), "end": date(2027, 12, 31)}
    CouncilTerm.objects.create(state=state, certainty="known", **years)
    CouncilTerm.objects.create(state=other, certainty="known", **years)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CouncilTerm.objects.create(state=state, start=start, end=end, certainty="known")


def test_the_next_term_may_begin_the_day_after(db):
    state = State.objects.create(iso3="XAA", status="synthetic", names={"en": "Ardania"})
    for first, last in ((2022, 2024), (2025, 2027)):
        CouncilTerm.objects.create(
            state=state, start=date(first, 1, 1), end=date(last, 12, 31), certainty="known"
        )

    assert state.on_council(date(2025, 1, 1))


def test_groups_are_those_of_the_files(loaded):
    used = set(State.objects.exclude(regional_group="").values_list("regional_group", flat=True))

    assert used == set(RegionalGroup)
