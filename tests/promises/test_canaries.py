"""The nose itself: it finds a word in every dress, and nothing where there is nothing."""

import base64
import html
import json
import unicodedata
from hashlib import shake_256
from urllib.parse import quote, quote_plus

import pytest
from django.core import signing

from cases.documents.receipt import receipt_pdf
from tests.promises.canaries import Canaries, smell, sniff
from tests.promises.papers import receipt

WORD = Canaries()["somewhere"]
DRESSES = {
    "raw": WORD.encode(),
    "capitals": WORD.upper().encode(),
    "small": WORD.lower().encode(),
    "NFD": unicodedata.normalize("NFD", WORD).encode(),
    "without accent": WORD.replace("é", "e").encode(),
    "latin-1": WORD.encode("latin-1"),
    "UTF-16": WORD.encode("utf-16-le"),
    "URL": quote(WORD).encode(),
    "form": f"q={quote_plus('to ' + WORD)}".encode(),
    "HTML": html.escape(WORD).replace("é", "&eacute;").encode(),
    "HTML by number": WORD.replace("é", "&#233;").encode(),
    "HTML by hex": WORD.replace("é", "&#xe9;").encode(),
    "JSON": json.dumps({"text": WORD}).encode(),
    "script": WORD.replace("é", "\\xe9").encode(),
    "hex": WORD.encode().hex().encode(),
    "base64": base64.b64encode(WORD.encode()),
    "base64 after one": base64.b64encode(b"a" + WORD.encode() + b"and more"),
    "base64 after two": base64.b64encode(b"ab" + WORD.encode() + b"and more"),
    "base64 of JSON": base64.b64encode(json.dumps(["an id", WORD]).encode()),
    "base64 of latin-1": base64.b64encode(f"to {WORD}".encode("latin-1")),
    "hex of UTF-16": f"x{WORD}".encode("utf-16-le").hex().upper().encode(),
    "base64 for URLs": base64.urlsafe_b64encode(b"abc" + WORD.encode() + b"and more"),
    "signed and compressed": signing.dumps([WORD] * 20, compress=True).encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_word_is_found(dress):
    raw = b"<p>before " + DRESSES[dress] + b" after</p>"
    if dress == "UTF-16":
        raw = DRESSES[dress]
    assert smell(raw, {"somewhere": WORD}) == {"somewhere"}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("before", [0, 1, 50_000])
def test_the_word_is_found_in_a_heap(dress, before):
    noise = shake_256(b"noise").digest(100_000)
    heap = noise[:before] + b" " + DRESSES[dress] + b" " + noise[before:]
    assert sniff(heap, {"somewhere": WORD}) == {"somewhere"}
    assert sniff(noise, {"somewhere": WORD}) == set()


def test_the_word_is_found_on_a_printed_page():
    assert smell(receipt_pdf(receipt(subject=WORD)), {"somewhere": WORD}) == {"somewhere"}


def test_nothing_is_found_where_nothing_is():
    for raw in (b"", b"<p>Person A</p>", WORD[:-1].encode()):
        assert smell(raw, {"somewhere": WORD}) == set()


def test_each_place_has_a_word_of_its_own():
    canaries = Canaries()
    assert len({canaries[str(number)] for number in range(200)}) == 200
    assert canaries["1"] == canaries["1"]
