"""The printed letter: its words in six languages, its bytes, and what never stands in it."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypdf.generic import IndirectObject

from cases.documents import render
from cases.documents.letter import letter_pdf
from cases.documents.render import MissingGlyph
from tests.documents.reading import opened, says
from tests.documents.samples import DAYS, SAID, letter

LANGUAGES = sorted(SAID)
WORDS = json.loads((render.HERE / "words.json").read_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_says_all_of_it_in_its_language(language):
    pdf = letter_pdf(letter(language))

    for text in (*SAID[language], DAYS[language], "UA-XAA-7R2W9K", "Annex 1"):
        assert says(pdf, text), text
    for name in ("organisation", "mission", "elements", "questions", "annexes", "synthetic"):
        assert says(pdf, WORDS[language][name]), name
    assert says(pdf, f"{WORDS[language]['reply_within']} 60")
    assert says(pdf, "Special Rapporteur on the situation of human rights defenders")


def test_every_language_has_every_word():
    assert set(WORDS) == set(LANGUAGES)
    assert len({frozenset(words) for words in WORDS.values()}) == 1
    assert all(word.strip() for words in WORDS.values() for word in words.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_names_its_language_and_is_tagged_for_screen_readers(language):
    root = opened(letter_pdf(letter(language))).trailer["/Root"]
    assert root["/Lang"].split("-")[0] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_elements_and_questions_are_numbered_and_pages_counted():
    pdf = letter_pdf(letter(paragraphs=["A long paragraph. " * 60] * 6))

    reader = opened(pdf)
    assert len(reader.pages) > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "UA-XAA-7R2W9K" in text
        assert "Synthetic data" in text
    assert says(pdf, "1. We address you. 2. We address you.")


def test_what_is_not_there_has_no_heading():
    bare = letter(elements=[], questions=[], annexes=[], response_days=None, synthetic=False)
    pdf = letter_pdf(bare)
    for name in ("elements", "questions", "annexes", "reply_within", "synthetic"):
        assert not says(pdf, WORDS["en"][name]), name


def test_markup_of_a_writer_stays_text():
    hostile = '#read("words.json") *bold* $x$ = head @label <b> \\ // #sys.inputs'
    assert says(letter_pdf(letter(subject=hostile, paragraphs=[hostile])), hostile)


def test_same_letter_gives_the_same_bytes_in_another_process(tmp_path):
    """Another home, zone and hash seed, as on another machine."""
    code = (
        "import hashlib, django; django.setup()\n"
        "from tests.documents.samples import letter\n"
        "from cases.documents.letter import letter_pdf\n"
        "print(hashlib.sha256(letter_pdf(letter('ar'))).hexdigest())"
    )
    strange = {"HOME": str(tmp_path), "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    there = subprocess.run(  # noqa: S603  our own words only
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "reprisals.settings", **strange},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == hashlib.sha256(letter_pdf(letter("ar"))).hexdigest()


def test_properties_say_nothing_of_the_house():
    pdf = letter_pdf(letter())
    reader = opened(pdf)

    assert reader.metadata is not None
    assert set(reader.metadata) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert reader.metadata.title == "UA-XAA-7R2W9K"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat().startswith("2026-11-24T00:00:00")
    assert str(Path.cwd()).encode() not in pdf
    assert b"/home/" not in pdf
    assert b".typ" not in _streams(reader)


def _streams(reader) -> bytes:
    found = [reader.get_object(IndirectObject(n, 0, reader)) for n in range(1, len(reader.xref[0]))]
    return b"".join(one.get_data() for one in found if hasattr(one, "get_data"))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("A smile \N{GRINNING FACE}", ["U+1F600"]),
        ("বাংলা", ["U+0982", "U+09AC", "U+09B2", "U+09BE"]),
        ("A place without a sign \U000f0000", ["U+F0000"]),
    ],
)
def test_sign_without_a_glyph_is_named_by_its_code_point(text, points):
    with pytest.raises(MissingGlyph) as missing:
        letter_pdf(letter(subject=text))

    assert missing.value.points == points
    assert str(missing.value) == ", ".join(points)
    assert missing.value.__suppress_context__  # the compiler's own words hold the text


def test_invisible_signs_are_no_hindrance():
    invisible = "one\u00adtwo \u200eleft\u200f \u2066apart\u2069 \u202fnarrow \ufeff\ttab"
    assert letter_pdf(letter(paragraphs=[invisible]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_may_quote_every_other(language):
    everything = [text for said in SAID.values() for text in said]
    pdf = letter_pdf(letter(language, paragraphs=everything))
    assert all(says(pdf, text) for text in everything)


def test_letter_is_drawn_in_less_than_a_second():
    letter_pdf(letter("zh"))
    began = time.monotonic()
    letter_pdf(letter("zh", paragraphs=["我们谨提请贵国政府注意所收到的资料。" * 40] * 40))
    assert time.monotonic() - began < 1
