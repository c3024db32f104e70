"""Finding a case by its reference, by words of its codes, its State and its texts."""

import pytest
from django.utils.translation import override

from cases.models import Case
from cases.search import in_words, reference_in
from cases.services import cases
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    case = journey.recorded(who)
    Case.objects.filter(pk=case.pk).update(reference="RP-7K3M-02")
    return Case.objects.get(pk=case.pk)


def found(text):
    return list(Case.objects.filter(in_words(text)))


@pytest.mark.parametrize(
    "typed",
    [
        "RP-7K3M-02",
        "rp-7k3m-02",
        " rp 7k3m 02 ",
        "RP7K3M02",
        "7K3M-02",
        "RP–7K3M–02",
        "rp−7k3m−O2",
        "٧K3M٠٢",
        "ＲＰ７Ｋ３Ｍ０２",
    ],
)
def test_a_whole_reference_however_it_is_typed(typed, case):
    assert reference_in(typed) == ("RP-7K3M-02", True)
    assert found(typed) == [case]


@pytest.mark.parametrize("typed", ["RP-7", "RP-7K3M", "rp7k3m0", "7k3", "RP 7K3M-"])
def test_the_beginning_of_a_reference(typed, case):
    reference = reference_in(typed)

    assert reference
    assert not reference.whole
    assert found(typed) == [case]


@pytest.mark.parametrize(
    "typed", ["", "RP", "law", "detention", "RP-7K3M-022", "7", "RP-EEEE", "!!!", "-"]
)
def test_what_is_no_reference(typed):
    assert reference_in(typed) is None


def test_the_end_of_a_reference_finds_nothing(case):
    assert found("3M-02") == []


@pytest.mark.parametrize(
    "words", ["detention", "DETENTION arrest", "xaa", "xaa detention", "detention xaa"]
)
def test_words_of_acts_and_states(words, case):
    assert found(words) == [case]


@pytest.mark.parametrize("words", ["detention xbb", "detention nothing", "torture", "marrowby"])
def test_every_word_counts(words, case):
    assert found(words) == []


def test_the_words_are_those_of_the_page_and_english(case):
    case.state.names = {"en": "Ardania", "fr": "Ardanie du Nord", "ar": "أردانيا"}
    case.state.save()

    with override("fr"):
        assert found("ardanie nord") == found("ardania") == [case]
        assert found("ARRESTATION") == [case]
    with override("ar"):
        assert found("أردانيا") == [case]
    with override("es"):
        assert found("ardanie") == []


def test_accents_are_forgiven(case):
    case.state.names = {"en": "Dalmérie"}
    case.state.save()

    assert found("dalmerie") == found("DALMÉRIE") == [case]


@pytest.mark.parametrize(
    "words",
    [
        "internal narrative",
        "narratives",
        "NARRATIVE detention",
        "the letter says",
        "side event xaa",
    ],
)
def test_words_of_texts_wherever_in_the_case_they_stand(words, case):
    assert found(words) == [case]


@pytest.mark.parametrize("words", ["whom whose", "the unwritten", "narrative lantern"])
def test_small_words_alone_find_nothing_and_no_word_is_passed_over(words, case):
    assert found(words) == []


def test_names_are_not_among_the_words(case):
    for word in journey.NAME.split():
        assert found(word) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les avocates ont été arrêtées devant le palais.", "avocats arretee"),
        ("Las abogadas fueron detenidas en la plaza.", "plazas detenida"),
        ("Правозащитника задержали на площади.", "площадь правозащитники"),
        ("اعتقلت السلطات المحامية في الساحة", "محامية ساحة"),
        ("律师在广场被任意拘留。", "任意拘留 律师"),
    ],
)
def test_each_language_of_the_house(text, words, case, who):
    cases.edit_case(case, by=who.focal, version=case.version, narrative=text)

    assert found(words) == [case]
    assert found(f"{words} lantern") == []


def test_a_letter_leads_to_its_case(who):
    package = journey.transmitted(who)
    case = package.communication.case

    assert found(package.code) == found(package.code.lower()) == [case]
    assert found(package.code.replace("-", " ")) == [case]
    assert found(package.code[:-2]) == [case]
    assert package.code.startswith("AL-XAA-")
    assert found("AL-XBB-" + package.code[-6:]) == []


def test_words_do_not_multiply_queries(case, django_assert_num_queries):
    with django_assert_num_queries(2):
        found("detention " * 12)
