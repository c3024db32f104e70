"""The receipt: what a mission can show that it sent."""

import json

import pytest

from cases.documents import render
from cases.documents.receipt import receipt_pdf
from cases.documents.render import MissingGlyph
from tests.documents.reading import opened, says, words_of
from tests.documents.samples import DAYS, SAID, receipt

WORDS = json.loads((render.HERE / "words.json").read_text())


@pytest.mark.parametrize("language", sorted(SAID))
def test_receipt_says_what_was_sent_and_when(language):
    pdf = receipt_pdf(receipt(language))

    words = WORDS[language]
    for text in (SAID[language][1], SAID[language][2], DAYS[language], "11:05", "3 / 6", "1 / 2"):
        assert says(pdf, text), text
    for name in ("receipt", "submitted_by", "version", "files", "covers", "geneva_time"):
        assert says(pdf, words[name]), name
    assert "0123456789abcdef" * 4 in words_of(pdf)
    assert "NoteoftheMinistry.pdf" in words_of(pdf)
    assert "ab" * 32 in words_of(pdf)


def test_receipt_without_files_says_so():
    assert says(receipt_pdf(receipt(attachments=[])), "Files None")


def test_same_receipt_gives_the_same_bytes():
    assert receipt_pdf(receipt("fr")) == receipt_pdf(receipt("fr"))


def test_name_of_a_file_never_keeps_a_reply_from_being_submitted():
    files = [("নথি 1 \N{GRINNING FACE}.pdf", "ab" * 32), ("\U000f0000.png", "cd" * 32)]

    pdf = receipt_pdf(receipt(attachments=files))

    assert says(pdf, "1 \N{REPLACEMENT CHARACTER}.pdf")
    assert says(pdf, "cd" * 32)


def test_other_unknown_sign_is_refused():
    with pytest.raises(MissingGlyph):
        receipt_pdf(receipt(subject="\N{GRINNING FACE}"))


def test_properties_are_neutral():
    reader = opened(receipt_pdf(receipt()))
    assert reader.metadata is not None
    assert set(reader.metadata) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert reader.metadata.title == "UA-XAA-7R2W9K"
