"""Names, numbers and addresses as the index of people knows them: spellings of one name meet.

Each part of a name is brought to Latin letters by `anyascii` and made coarse by the rules below.
A script that writes its vowels keeps where one stood: Mohammed, Muhammad and Мухаммед are
`m.h.m.d`. Arabic, and Chinese where it writes down the sounds of a foreign name, say little of
vowels: between these and the others only consonants count, `mhmd` for محمد and 穆罕默德.

The rules would rather find one person too many than miss one: an officer can tell two people of
the same name apart, and nobody can open what was not found. `tests/test_spellings.py` holds how
often they miss and how often they mistake.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from anyascii import anyascii

from cases.stems import HAN, folded

# Numbers meet in their end: with and without the code of a country or a nought before them.
LAST_DIGITS, LEAST_DIGITS, LEAST_LETTERS = 8, 5, 2
# Begun only where a word begins, so that no text makes the search long.
ADDRESS = re.compile(r"(?<![^\s<>(),;:@])[^\s<>(),;:@]+@[^\s<>(),;:@]*\w")
NUMBER = re.compile(rf"\+?\d[\d\s().+/-]{{{LEAST_DIGITS - 2},}}\d")
PAPER = re.compile(r"(?<![^\W_])[^\W\d_]{1,4}-?\d[\w-]{3,}")
CODE = re.compile(r"(?=[^\W_]*\d)[^\W_]{4,}")
PATTERNS = (ADDRESS, PAPER, NUMBER, CODE)
DOT = "[\u00b7\u2022\u30fb\u2027]"
PART = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:['\u2019\u02bc`\u02bb][^\W\d_{HAN}]+)*")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
ARTICLE = "\u0627\u0644"
# The servant of God: one part of a name, however it is written apart.
SERVANTS = frozenset(["abd", "abdul", "abdel", "abdal", "abdu", "abdou", "عبد"])
SERVANT = re.compile(r"^(abd|\.bd)(?:[aeiou]+l?|l)?(?=[^aeiou])")
# Between the parts of a name, none of them.
PARTICLES = {
    *("al", "el", "as", "ash", "ad", "ar", "an", "az", "at", "ibn", "bin", "ben", "bint", "ould"),
    *("de", "del", "der", "den", "di", "da", "dos", "la", "las", "los", "le", "van", "von"),
    *("\u0627\u0644", "\u0628\u0646", "\u0627\u0628\u0646", "\u0628\u0646\u062a"),
}
# A Chinese name: one or two signs of the family, one or two of the person.
CHINESE = {2: [1], 3: [1, 2], 4: [2]}
# In this order: a rule sees what those before it left. Sounds, not letters: Rachid is Rashid.
SOUNDS = [
    ("^x|shch|tch|tsh|sch|ch|sh|cz|sz", "S"),
    ("dzh|dj|zh", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("ts|tz", "z"),
    ("c(?=[eiy])", "s"),
    ("ck|q|c", "k"),
    ("x", "ks"),
    ("^w|^ou(?=[aeiy])", "v"),
    ("^ye", "e"),
    (r"(.)\1+", r"\1"),
    ("(?<=.)h$", ""),
]
# Arabic and Chinese do not tell these apart.
LIKE = str.maketrans("pv", "bf")


def kept(names: Iterable[str], others: Iterable[str]) -> set[str]:
    """Every way in which somebody may be found: by parts of `names`, by what stands in both."""
    found: set[str] = set()
    for text in (*names, *others):
        found |= {form for form, _rest in _numbers(text)}
    for text in names:
        for name in re.split("[,;/|\n]", _rest_of(text)):
            parts = _parts(name)
            found |= {form for part in parts for form in _forms_kept(part)}
            found |= {f"F:{_fine(_latin(''.join(whole)))}" for whole in _wholes(parts)}
    return found


def wanted(text: str) -> list[frozenset[str]]:
    """For each part of what is sought, the forms of which a person must have one."""
    found = [frozenset({form}) for form, _rest in _numbers(text)]
    return found + [frozenset(_forms_sought(part)) for part in _parts(_rest_of(text))]


# What stands in a text ------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Addresses of mail, telephones, numbers of papers; beside each what is left of the text."""
    text = folded(text)
    for pattern in PATTERNS:
        for found in pattern.findall(text):
            digits = re.sub(r"\D", "", found)
            short = pattern is not ADDRESS and len(digits) >= LEAST_DIGITS
            yield (f"N:{digits[-LAST_DIGITS:]}" if short else f"E:{found}"), text
        text = pattern.sub(" ", text)


def _rest_of(text: str) -> str:
    text = folded(text)
    for pattern in PATTERNS:
        text = pattern.sub(" ", text)
    return text


def _parts(name: str) -> list[str]:
    """The parts of a name that say something, with what belongs together put together."""
    foreign = re.sub(f"(?<=[{HAN}]){DOT}(?=[{HAN}])", " ", name)
    whole: list[str] = []
    for part in PART.findall(foreign):
        said = part if re.match(f"[{HAN}]", part) or ARABIC.search(part) else _latin(part)
        if said in PARTICLES:
            continue
        if whole and whole[-1] in SERVANTS:
            whole[-1] += said
        else:
            whole.append(said if said in SERVANTS else part)
    return [part for part in whole if len(part) >= LEAST_LETTERS or re.match(f"[{HAN}]", part)]


def _wholes(parts: list[str]) -> Iterator[list[str]]:
    """A short name in one piece, whichever part comes first: 王小明 is Wang Xiaoming."""
    if 1 < len(parts) <= 3 and not any(ARABIC.search(part) for part in parts):  # noqa: PLR2004
        yield parts
        yield parts[1:] + parts[:1]


# What a part sounds like ----------------------------------------------------------------------


def _forms_kept(part: str) -> Iterator[str]:
    if ARABIC.search(part):
        yield from (f"A:{bare}" for bare in _of_abjad(part))
        return
    for text in (part, *_halves(part)):
        for latin in _readings(text):
            yield f"F:{_fine(latin)}"
            yield f"V:{_bare(_fine(latin))}"
    yield from (f"A:{bare}" for bare in _of_signs(part))


def _forms_sought(part: str) -> Iterator[str]:
    if ARABIC.search(part) or re.match(f"[{HAN}]", part):
        bares = {*_of_abjad(part)} if ARABIC.search(part) else {*_of_signs(part)}
        yield from (f"{kind}:{bare}" for kind in "AV" for bare in bares)
    if not ARABIC.search(part):
        for latin in _readings(part):
            yield f"F:{_fine(latin)}"
            yield f"A:{_bare(_fine(latin))}"


def _halves(part: str) -> Iterator[str]:
    if re.match(f"[{HAN}]", part):
        for place in CHINESE.get(len(part), []):
            yield from (part[:place], part[place:])


def _latin(text: str) -> str:
    return re.sub("[^a-z]", "", anyascii(text).lower())


def _readings(part: str) -> Iterator[str]:
    """Russian writes г for h as well; al- and el- may have grown together with what follows."""
    latin = _latin(part)
    yield latin
    if re.search("[\u0400-\u04ff]", part) and "г" in part:
        yield latin.replace("g", "h")
    if len(latin) >= 6 and re.match("[ae]l[^aeiou]", latin):  # noqa: PLR2004
        yield latin[2:]


def _fine(latin: str) -> str:
    """Consonants as they sound, a dot where vowels stand; `o` or `a` where one begins it."""
    latin = SERVANT.sub(r"\1", latin)
    begins = "o" if re.match("o(?!u[aeiy])|u", latin) else "a"
    for sound, letter in SOUNDS:
        latin = re.sub(sound, letter, latin)
    marked = re.sub(r"(?<=.)[aeiouyw]+|^[aeiou]+", ".", latin)
    return begins + marked[1:] if marked.startswith(".") else marked


def _bare(fine: str) -> str:
    """The consonants alone, and whether a vowel begins it."""
    begins = "." if fine[:1] in ("a", "o") else fine[:1]
    rest = fine[1:].replace(".", "").translate(LIKE)
    return (begins.translate(LIKE) + rest).removesuffix("h") if rest else begins


def _of_abjad(part: str) -> Iterator[str]:
    """Sign by sign, since each is one sound; a weak letter within is a vowel."""
    if part.startswith(ARTICLE) and len(part) > len(ARTICLE) + 2:
        part = part.removeprefix(ARTICLE)
    sounds = [_fine(sign) if (sign := anyascii(c).strip("`'").lower()) else "a" for c in part]
    first = "." if sounds[0] in ("a", "o") else {"v": "f"}.get(sounds[0], sounds[0])
    rest = "".join("" if set(s) <= set("aoyvw.") else s for s in sounds[1:])
    whole = SERVANT.sub(r"\1", first + rest)
    yield whole.translate(LIKE).removesuffix("h") if len(whole) > 1 else whole


def _of_signs(part: str) -> Iterator[str]:
    """A foreign name by its sounds in Chinese, which ends syllables in n and has few r."""
    if len(part) > 1 and re.match(f"[{HAN}]", part):
        syllables = [anyascii(sign).lower().replace("x", "s") for sign in part]
        for n, r in product((True, False), repeat=2):
            heard = [s if n else re.sub("ng?$", "", s) for s in syllables]
            latin = "".join(heard).replace("l", "r") if r else "".join(heard)
            yield _bare(_fine(latin))
