"""What the leak check finds that is not quite the name, what it lets pass, what it costs (T37)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import sightings
from cases.letters import alone, leaks
from cases.sightings import likeness
from tests.test_spellings import PEOPLE

OTHERWISE = [
    ("Quillon Marrowby", "with Quilon Marowby"),
    ("Quillon Marrowby", "of one Marroby"),
    ("Quillon Marrowby", "MARROWBI was seen"),
    ("Quillon Marrowby", "Mr. Q. M. was seen"),
    ("Quillon Marrowby", "M.Q. was seen"),
    ("Quillon Marrowby", "Marr\u00adow\u200bby was seen"),
    ("Quillon Marrowby", "M\u0430rrowby was seen"),  # a Cyrillic a
    ("Quillon Marrowby", "Marrow-by was seen"),
    ("Muhammad Salih", "a Mohammed was seen"),
    ("Youssef Karimov", "Карімов и Юсуф Каримов задержаны"),
    ("Omar Nasser", "اعتقل عمر ناصر في بيته"),
    ("Владимир Петров", "Vladimir Petrov was seen"),
    ("فلاديمير بيتروف", "Vladimir Petrov was seen"),
    ("Wang Xiaoming", "据称王小明被拘留"),
    ("Xiaoming Wang", "据称王小明被拘留"),
    ("王小明", "Wang Xiaoming was seen"),
    ("王小明", "Mr Xiaoming Wang"),
    ("Li Na", "Ms Li Na was seen"),
    ("李娜", "Ms Li Na was seen"),
    ("محمّد صالح", "Muhammad Saleh was seen"),
    ("Abdul Rahman Haddad", "اعتقل عبد الرحمن حداد"),
    ("عبدالرحمن حداد", "Abdul Rahman Haddad was seen"),
    ("卡里姆·哈利迪", "Karim Halidi was seen"),
    ("+41 79 123 45 67", "call 079 123 45 67"),
    ("0041 (0)79/123-45-67", "call ٠٧٩ ١٢٣ ٤٥ ٦٧"),
    ("q7@example.org", "write to Q7@Example.org"),
    ("Passport XK 4471209", "paper no. XK-4471209"),
]


@pytest.mark.parametrize(("held", "text"), OTHERWISE)
def test_who_is_meant_is_found(held, text):
    assert leaks(alone(text), {"V-1": [held]})


PASSED = """
On 3 September 2026 Person A was allegedly detained by officers of the Ministry of the Interior
after she had addressed the Human Rights Council at its sixtieth session. We are concerned that the
arrest may be a reprisal for her cooperation with the United Nations, its representatives and its
mechanisms in the field of human rights. Please provide information on the legal basis of the
detention, and on the measures taken to ensure that everybody can cooperate with the U.N. without
fear. Le 3 septembre 2026, la personne A aurait été arrêtée. Nous demandons au Gouvernement de
Votre Excellence des informations sur les mesures prises. El 3 de septiembre la Persona A habría
sido detenida tras su intervención ante el Consejo de Derechos Humanos.
3 сентября лицо А было задержано сотрудниками полиции после выступления в Совете по правам человека.
Просим Правительство сообщить о правовых основаниях задержания и о принятых мерах.
في الثالث من أيلول ألقي القبض على الشخص أ بعد أن شارك في دورة مجلس حقوق الإنسان وأمرت المحكمة بحبسه.
نرجو من حكومة سعادتكم موافاتنا بمعلومات عن الأساس القانوني للاحتجاز والتدابير المتخذة.
据称当事人甲在人权理事会发言后被警方拘留。请贵国政府说明拘留的法律依据以及为确保任何人都能与联合国合作而采取的措施。
"""


def test_letters_in_six_languages_that_name_nobody_are_let_pass():
    """Counted over everybody of the list of spellings: whoever is wrongly found stops a letter."""
    names = [name for person in PEOPLE for name in person]
    found = [name for name in names if leaks(alone(PASSED), {"V-1": [name]})]
    assert found == []


def test_spellings_of_one_person_are_found_in_a_letter():
    pairs = [(a, b) for person in PEOPLE for a in person for b in person]
    missed = [(a, b) for a, b in pairs if not leaks(alone(f"with {b} and others"), {"V-1": [a]})]
    assert len(missed) / len(pairs) < 0.01, missed


letters, places = st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(0, 30)


@settings(deadline=None, max_examples=200)
@given(
    name=st.text(letters, min_size=8, max_size=20).map(str.capitalize),
    slips=st.lists(st.tuples(st.sampled_from("ios"), places, letters), min_size=1, max_size=2)
    | st.tuples(st.tuples(st.just("x"), places, letters)),
)
def test_two_slips_do_not_hide_a_long_name(name, slips):
    text = name
    for kind, place, letter in slips:
        text = slipped(text, kind, place % len(text), letter)
    assert leaks(alone(f"one {text} was seen"), {"V-1": [name]})


def slipped(word: str, kind: str, at: int, letter: str) -> str:
    if kind == "i":
        return word[:at] + letter + word[at:]
    if kind == "o":
        return word[:at] + word[at + 1 :]
    if kind == "s":
        return word[:at] + letter + word[at + 1 :]
    return word[: max(at - 1, 0)] + word[max(at - 1, 0) : at + 1][::-1] + word[at + 1 :]


# A document of an identity may be as long as a form lets it be; so may a letter.
LONGEST = 20_000
HOSTILE = {
    "digits and spaces": "1 " * (LONGEST // 2),
    "a digit and spaces": "1" + " " * LONGEST + "x",
    "capitals": "Ab " * (LONGEST // 3),
    "pieces": ",".join(f"Name{chr(97 + n % 26)}{n}" for n in range(2_000)),
    "one word": "a" * LONGEST,
    "strokes": "a-" * (LONGEST // 2),
    "initials": "A." * (LONGEST // 2),
    "at signs": "@" * LONGEST,
    "almost addresses": "a@" * (LONGEST // 2),
    "Chinese": "王小明" * (LONGEST // 3),
    "words": " ".join(f"Word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(3_000)),
}
SECONDS = 20  # a quadratic walk takes minutes; a busy machine must not fail


@pytest.mark.parametrize("held", HOSTILE)
@pytest.mark.parametrize("text", ["words", "one word", "digits and spaces", "initials"])
def test_no_text_makes_the_search_long(held, text):
    began = time.process_time()
    leaks(alone(HOSTILE[text]), {"V-1": [HOSTILE[held]], "V-2": ["Quillon Marrowby"]})
    assert time.process_time() - began < SECONDS


def test_what_is_held_of_a_name_is_bounded():
    long = likeness(["Abcdefghijklmnopqrstuvwx" * 10, "x" * 3_000])
    assert len(long.slips) <= 1
    assert sum(map(len, likeness(["Abcdefghijklmnopqrstuvwx"]).slips.values())) < 400


def test_without_the_rules_only_the_name_itself_is_found(monkeypatch):
    """Control: the finds above come of the rules, not of the search for the name as it stands."""
    monkeypatch.setattr(sightings, "is_meant", lambda *_: False)
    missed = [pair for pair in OTHERWISE if not leaks(alone(pair[1]), {"V-1": [pair[0]]})]
    assert len(missed) > 12
