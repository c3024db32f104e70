"""What is composed, and what the leak check finds in it."""

import pytest

from cases.letters import common_words, compose, digest_of, leaks
from cases.services import communications
from tests.factories import journey


def letter(**texts):
    standard = {"subject": "", "paragraphs": [], "elements": [], "questions": [], "closing": []}
    return {**standard, **texts}


SECRETS = {"V-1": ["Éva Harrowgate", "+41 22 555 01 99", "eva.harrowgate@example.org"]}


@pytest.mark.parametrize(
    "text",
    [
        "It concerns Éva Harrowgate.",
        "It concerns eva.",
        "It concerns EVA HARROWGATE,",
        "Harrowgate's house",
        "Harrowgate1 was seen",
        "Harrowgate² was seen",
        "_Harrowgate_ was seen",
        "call 0041225550199",
        "call +41-22-555-01-99 now",
        "write to eva.harrowgate@example.org",
        "E\u0301va was seen",
    ],
)
def test_a_name_or_a_number_is_found_however_it_is_written(text):
    assert leaks(letter(paragraphs=[text]), SECRETS)


@pytest.mark.parametrize(
    "text", ["Evaluation of the evasive report", "On 22 May 2026", "Person A was seen"]
)
def test_a_word_that_only_looks_alike_is_no_find(text):
    assert leaks(letter(paragraphs=[text]), SECRETS) == []


@pytest.mark.parametrize("place", ["subject", "paragraphs", "elements", "questions", "closing"])
def test_every_place_of_the_letter_is_read(place):
    numbered = place in {"elements", "questions"}
    rows = [{"number": 1, "text": "Harrowgate"}] if numbered else ["Harrowgate"]
    assert leaks(letter(**{place: "Harrowgate" if place == "subject" else rows}), SECRETS)


@pytest.mark.parametrize("name", ["王小明", "Иван Мороз", "فاطمة الزهراء", "Nguyễn Ái"])
def test_names_of_every_script_are_found(name):
    inside = f"据称{name}被拘留"
    assert leaks(
        letter(paragraphs=[inside if name == "王小明" else f"… {name} …"]), {"V-1": [name]}
    )


def test_codes_of_the_house_never_leave():
    [found] = leaks(letter(paragraphs=["S-2 says so"]), {})
    assert found.code == "S-2"


def test_a_find_names_the_place_and_never_what_was_found():
    [found] = leaks(letter(subject="Harrowgate"), {"V-1": ["Harrowgate"]})
    assert found == ("V-1", "subject")


def test_a_common_word_in_a_name_must_stand_there_as_a_name():
    common = common_words(["We ask for legal aid."])
    secrets = {"O-1": ["Lanternwick Legal Aid"]}
    assert leaks(letter(paragraphs=["on what legal basis"]), secrets, common) == []
    assert leaks(letter(paragraphs=["to the Legal office"]), secrets, common)
    assert leaks(letter(paragraphs=["to lanternwick"]), secrets, common)


def test_digest_is_of_the_content_and_not_of_its_order():
    assert digest_of({"a": 1, "b": "é"}) == digest_of({"b": "é", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


@pytest.mark.django_db
def test_composing_puts_the_alias_and_names_who_is_nobody():
    who = journey.cast()
    draft = journey.drafted(journey.decided(who), who)
    draft = communications.edit_letter(
        draft, by=who.mechanism, version=draft.version, body="[V-1] met [V-7]."
    )

    made = compose(communications.whole(draft), {})

    assert made.content["paragraphs"] == ["Person A met [V-7]."]
    assert made.unknown == ["V-7"]


@pytest.mark.django_db
def test_the_same_letter_composes_to_the_same_digest():
    who = journey.cast()
    draft = journey.drafted(journey.decided(who), who)
    made = [compose(communications.whole(draft), {}).digest for _ in range(2)]
    assert made[0] == made[1]
