"""Files that come in: named, shown at their field, and never at rest in clear."""

import hashlib
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cases import files
from cases.files import clean_name
from cases.vault import Ring, RingMissing, Tampered
from tests.samples import package, pdf, upload

ZWNJ_NAME = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\her name\\a.pdf", "a.pdf"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("ann\u202etxt.exe", "anntxt.exe"),
        (f"{ZWNJ_NAME}.txt", f"{ZWNJ_NAME}.txt"),
        ('a"b<c>:d|?*.txt', "a_b_c__d___.txt"),
        ("  .hidden. ", "hidden"),
        ("", "file"),
        ("...", "file"),
        ("a" * 300 + ".docx", "a" * 115 + ".docx"),
        ("a." + "b" * 300, "a." + "b" * 118),
    ],
)
def test_a_name_keeps_its_words_and_nothing_else(given, cleaned):
    assert clean_name(given) == cleaned


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(name):
    cleaned = clean_name(name)

    assert 1 <= len(cleaned) <= 120
    assert cleaned not in (".", "..")
    assert not set(cleaned) & set("/\\\0\n\r\u202e\u2066\u200f")


# In a form --------------------------------------------------------------------------------------


class Form(forms.Form):
    file = files.UploadField(required=False)


def test_a_form_says_at_the_field_why_a_file_is_refused():
    form = Form({}, {"file": upload(package({"a": b""}), "a.zip")})

    assert form.errors == {"file": ["Archives are not accepted. Add each file on its own."]}
    assert Form({}, {"file": upload(b"", "a.txt")}).errors["file"]
    assert Form({}, {}).is_valid()


def test_a_form_gives_the_file_under_its_clean_name():
    form = Form({}, {"file": upload(pdf(), "a\u202eb.pdf")})

    assert form.is_valid()
    assert form.cleaned_data["file"].name == "ab.pdf"
    assert form.cleaned_data["file"].content_type == "application/pdf"


# At rest ----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def rest(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.KEY_RINGS = {
        "vault": "v:dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnY=",
        "portal": "p:cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA=",
    }
    return settings.FILES_DIR


def resting(rest) -> list[Path]:
    return [path for path in rest.rglob("*") if path.is_file()]


def test_a_file_rests_sealed_under_the_id_of_its_row_alone(rest):
    row, content = uuid4(), b"her testimony " * 20_000
    given = upload(content, "her name.txt")
    given.read()

    stored = files.store(given, place_row=row, ring=Ring.VAULT)

    (path,) = resting(rest)
    assert path == rest / "vault" / str(row)[:2] / f"{row}.sealed"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"testimony" not in path.read_bytes()
    assert stored == (len(content), hashlib.sha256(content).hexdigest())
    assert b"".join(files.read(row, Ring.VAULT)) == content


def test_a_file_is_written_once_and_can_be_removed(rest):
    row = uuid4()
    files.store(upload(b"one"), place_row=row, ring=Ring.VAULT)

    with pytest.raises(FileExistsError):
        files.store(upload(b"two"), place_row=row, ring=Ring.VAULT)
    assert b"".join(files.read(row, Ring.VAULT)) == b"one"

    files.remove(row, Ring.VAULT)
    files.remove(row, Ring.VAULT)
    assert resting(rest) == []
    with pytest.raises(FileNotFoundError):
        files.read(row, Ring.VAULT)


def test_a_write_that_fails_leaves_nothing(rest):
    class Failing(SimpleUploadedFile):
        def read(self, *args):
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        files.store(Failing("a", b"x"), place_row=uuid4(), ring=Ring.VAULT)

    assert resting(rest) == []


def test_a_copy_is_sealed_for_its_own_row_and_ring(rest, settings):
    row, copied, content = uuid4(), uuid4(), b"letter " * 30_000
    before = files.store(upload(content), place_row=row, ring=Ring.VAULT)

    after = files.copy(row, Ring.VAULT, copied, Ring.PORTAL)

    settings.KEY_RINGS = {"portal": settings.KEY_RINGS["portal"]}
    assert after == before
    assert b"".join(files.read(copied, Ring.PORTAL)) == content
    with pytest.raises(RingMissing):
        files.read(row, Ring.VAULT)


def test_a_file_put_in_the_place_of_another_is_refused(rest):
    row, other = uuid4(), uuid4()
    for each in (row, other):
        files.store(upload(str(each).encode()), place_row=each, ring=Ring.VAULT)
    here, there = (rest / "vault" / str(n)[:2] / f"{n}.sealed" for n in (row, other))
    here.write_bytes(there.read_bytes())

    with pytest.raises(Tampered):
        list(files.read(row, Ring.VAULT))


def test_a_path_is_made_of_an_id_and_nothing_else():
    with pytest.raises(ValueError, match="UUID"):
        files.read("../../etc/passwd", Ring.VAULT)
    with pytest.raises(ValueError, match="elsewhere"):
        files.read(uuid4(), "elsewhere")
