"""Files are known by their content, and what could harm who opens them is refused in words."""

import io
import resource
import struct
import tracemalloc
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cases.files import FileRefused, accept
from tests.samples import OOXML, TYPES, office, package, pdf, picture, relations, upload

MEGABYTE = 1024 * 1024


def refusal(content, name="file") -> str:
    given = upload(content, name)
    with pytest.raises(FileRefused) as refused:
        accept(given)
    assert given.tell() == 0
    return str(refused.value)


# What is taken ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pdf(), "Letter.PDF", "application/pdf"),
        (picture("PNG"), "photo.png", "image/png"),
        (picture("JPEG"), "photo.jpeg", "image/jpeg"),
        ("Plain: ça, 我, أمل\r\n\t1 < 2\n".encode(), "note.txt", "text/plain"),
        (b"\xef\xbb\xbfwith a mark", "note.txt", "text/plain"),
        (office(), "a.docx", f"{OOXML}.wordprocessingml.document"),
        (office("xl/workbook.xml"), "a.xlsx", f"{OOXML}.spreadsheetml.sheet"),
    ],
)
def test_what_we_take_is_known_by_its_content(content, name, media_type):
    given = upload(content, name)

    accepted = accept(given)

    assert accepted == (name, media_type, len(content))
    assert given.read() == content


def test_a_name_without_an_ending_gets_one():
    assert accept(upload(picture("JPEG"), "scan")).name == "scan.jpg"


@pytest.mark.parametrize(
    "parts",
    [
        {"word___rels__document.xml.rels": relations("hyperlink", 'TargetMode="External"')},
        {"word___rels__document.xml.rels": relations("image", "")},
        {"xl__printerSettings__printerSettings1.bin": b"\0\1"},
    ],
)
def test_office_files_keep_what_does_nothing(parts):
    assert accept(upload(office(**parts), "a.docx")).name == "a.docx"


# What is refused --------------------------------------------------------------------------------


def test_size_is_refused_before_anything_is_read():
    big = SimpleUploadedFile("a.pdf", b"")
    big.size = 26 * MEGABYTE

    with pytest.raises(FileRefused, match="larger than 25 MB"):
        accept(big)
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        accept(upload(b"x" * (MEGABYTE + 1), "a.txt"), limit_mb=1)
    assert refusal(b"") == "The file is empty."


@pytest.mark.parametrize(
    ("content", "name"),
    [(pdf(), "a.docx"), (picture(), "a.jpg"), (b"text", "a.pdf"), (pdf(), "a.pdf.exe")],
)
def test_a_name_that_says_something_else_is_refused(content, name):
    assert "but the content is of the kind" in refusal(content, name)


def test_a_name_turned_around_is_read_as_it_is():
    assert "ends in .exe" in refusal(pdf(), "photo\u202efdp.exe")


@pytest.mark.parametrize(
    "content",
    [
        package({"a.txt": b"a"}),
        package({f"{n}.zip": package({"a": bytes(100_000)}) for n in range(10)}),
        package({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        b"PK\x05\x06" + bytes(18),
        b"7z\xbc\xaf\x27\x1c" + bytes(50),
        b"Rar!\x1a\x07" + bytes(50),
        b"\x1f\x8b\x08" + bytes(50),
        bytes(257) + b"ustar" + bytes(250),
    ],
)
def test_archives_are_refused(content):
    assert refusal(content) == "Archives are not accepted. Add each file on its own."


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0" + bytes(60),
        b"GIF89a" + bytes(60),
        b"<!DOCTYPE html><p>hello",
        b"  \n<svg xmlns='x'><script>1</script></svg>",
        b"<?xml version='1.0'?><html/>",
        b"note\n<ScRiPt src=x>",
        b"some words first\n%PDF-1.7\n",
    ],
)
def test_what_is_not_on_the_list_is_refused(content):
    for name in ("a.txt", "a.pdf", "a"):
        assert "Accepted are PDF" in refusal(content, name)


@pytest.mark.parametrize("content", [b"caf\xe9", b"bell \x07", b"esc \x1b[31m", b"cut \xe6\x88"])
def test_text_that_cannot_be_read_is_refused(content):
    assert "text" in refusal(content, "a.txt")


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_old_and_protected_office_files_are_refused_with_a_way_out(content):
    assert "Save it as .docx" in refusal(content, "a.docx")


# Pictures ---------------------------------------------------------------------------------------


def huge_png() -> bytes:
    """A header that claims 30,000 by 30,000 pixels, in a hundred bytes."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    parts = [head, data, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in parts
    )


def test_a_pixel_flood_is_refused_by_its_header():
    assert refusal(huge_png(), "a.png") == "The picture is larger than 80 megapixels."


@pytest.mark.filterwarnings("ignore")
def test_a_pixel_flood_is_refused_where_warnings_are_not_errors():
    assert "megapixels" in refusal(huge_png(), "a.png")


@pytest.mark.parametrize("content", [picture()[:20], picture("JPEG")[:30]])
def test_a_broken_picture_is_refused(content):
    assert refusal(content) == "The picture is broken."


@pytest.mark.parametrize("face", [picture("PNG"), picture("JPEG"), pdf()])
def test_a_file_with_a_second_face_is_refused(face):
    assert "hidden in it" in refusal(face + package({"a.html": b"<script>"}))


def test_a_picture_that_is_also_a_page_is_refused():
    assert "hidden in it" in refusal(b"\x89PNG\r\n\x1a\n<html><script>1</script>", "a.png")


# PDF --------------------------------------------------------------------------------------------


def with_action(action):
    def change(document):
        document.Root.OpenAction = pikepdf.Dictionary(action)

    return change


def with_hidden_action(document):
    """Three levels down, not under a name that is looked for at the top."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.pages[0].obj["/AA"] = pikepdf.Dictionary(O=pikepdf.Array([script]))


def with_attachment(document):
    document.attachments["a.exe"] = b"MZ"


def with_form(document):
    document.Root["/AcroForm"] = pikepdf.Dictionary(XFA=pikepdf.Array([]), Fields=pikepdf.Array())


@pytest.mark.parametrize(
    "change",
    [
        with_action({"/S": pikepdf.Name.JavaScript, "/JS": pikepdf.String("app.alert(1)")}),
        with_action({"/S": pikepdf.Name.Launch, "/F": pikepdf.String("cmd.exe")}),
        with_action({"/S": pikepdf.Name.SubmitForm, "/F": pikepdf.String("https://x")}),
        with_hidden_action,
        with_attachment,
        with_form,
    ],
)
@pytest.mark.parametrize(
    "mode", [pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable]
)
def test_a_pdf_that_acts_is_refused(change, mode):
    content = pdf(change, object_stream_mode=mode)

    assert refusal(content, "a.pdf") == (
        "The PDF contains a script, a form that sends data, or another file."
    )


@pytest.mark.parametrize("user", ["secret", ""])
def test_a_protected_pdf_is_refused(user):
    content = pdf(encryption=pikepdf.Encryption(owner="owner", user=user))

    assert "protected by a password" in refusal(content, "a.pdf")


def test_a_broken_pdf_is_refused():
    whole = pdf()

    for content in (whole[: len(whole) // 2], b"%PDF-1.7\n" + bytes(500), b"%PDF-"):
        assert refusal(content, "a.pdf") == "The PDF is broken. Save or print it as PDF again."


def pdf_with_object_stream(megabytes: int) -> bytes:
    """Its page lies in a compressed stream, which nobody can read without unpacking it."""
    squeeze = zlib.compressobj(9)
    page = b"3 0 <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    parts = [squeeze.compress(part) for part in (page, *[b" " * MEGABYTE] * megabytes)]
    packed = b"".join([*parts, squeeze.flush()])
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        stream + packed + b"\nendstream",
    ]
    content, places = b"%PDF-1.7\n", []
    for number, text in zip((1, 2, 4), objects, strict=True):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    rows = [(0, 0, 255), (1, places[0], 0), (1, places[1], 0), (2, 4, 0), (1, places[2], 0)]
    rows.append((1, len(content), 0))
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    head = b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(content)
    return content + head + table + end


def test_a_pdf_that_unpacks_to_a_flood_is_refused_in_little_memory():
    assert accept(upload(pdf_with_object_stream(0), "a.pdf"))
    bomb = pdf_with_object_stream(1_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    said = refusal(bomb, "a.pdf")

    assert said == "The PDF is broken. Save or print it as PDF again."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr("cases.inspection.MOST_PAGES", 0)

    assert "more than 0 pages" in refusal(pdf(), "a.pdf")


def test_too_many_objects_are_refused(monkeypatch):
    monkeypatch.setattr("cases.inspection.MOST_PDF_OBJECTS", 1)

    assert refusal(pdf(), "a.pdf") == "The PDF has too many parts."


# Office -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        {"word__vbaProject.bin": b"x"},
        {"word__embeddings__oleObject1.bin": b"x"},
        {"word__embeddings__Sheet1.xlsx": b"x"},
        {"word__activeX__activeX1.xml": b"<x/>"},
        {"[Content_Types].xml": TYPES.replace(b"application/xml", b"x.macroEnabled.main+xml")},
    ],
)
def test_macros_and_embedded_files_are_refused(parts):
    assert refusal(office(**parts), "a.docx") == "The file contains a macro or another file."


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame"])
@pytest.mark.parametrize("mode", ['TargetMode="External"', 'TargetMode="&#69;xternal"'])
def test_what_office_would_fetch_by_itself_is_refused(kind, mode):
    content = office(**{"word___rels__settings.xml.rels": relations(kind, mode)})

    assert "loads something from another place" in refusal(content, "a.docx")


def test_an_office_bomb_is_refused_without_unpacking():
    content = office(word__media__a__xml=bytes(150 * MEGABYTE))
    tracemalloc.start()

    said = refusal(content, "a.docx")

    assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    tracemalloc.stop()
    assert said == "The file would unpack to far more than its size."


def test_too_many_entries_are_refused():
    content = office(**{f"word__{n}.txt": b"" for n in range(2_001)})

    assert "unpack" in refusal(content, "a.docx")


def test_an_office_file_that_lies_about_its_parts_is_refused():
    content = office(word__media__a=b"x" * 5_000)
    directory = content.rindex(b"PK\x01\x02")
    lying = bytearray(content)
    lying[directory + 20 : directory + 24] = struct.pack("<I", 50 * MEGABYTE)

    assert (
        refusal(bytes(lying), "a.docx")
        == "The file is broken. Open it, save it again and add that."
    )


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "https://example.org/a.dtd"><x/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x []><x/>'.encode("utf-16"),
    ],
)
def test_entities_in_an_office_file_are_refused(part):
    assert (
        refusal(office(**{"word__styles.xml": part}), "a.docx")
        == "The file is broken. Open it, save it again and add that."
    )


def test_an_office_file_with_a_locked_part_is_refused():
    content = bytearray(office(word__media__a=b"x"))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert refusal(bytes(content), "a.docx").startswith("The file is broken.")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_office_file_with_a_part_twice_is_refused():
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/document.xml", b"<document>another text</document>")

    assert refusal(target.getvalue(), "a.docx").startswith("The file is broken.")


def test_too_many_object_streams_are_refused(monkeypatch):
    monkeypatch.setattr("cases.inspection.MOST_OBJECT_STREAMS", 0)

    assert refusal(pdf_with_object_stream(0), "a.pdf") == "The PDF has too many parts."


def test_broken_office_files_are_refused():
    whole = office()

    assert (
        refusal(whole[:-30], "a.docx") == "The file is broken. Open it, save it again and add that."
    )
    assert (
        refusal(office(**{"_rels__.rels": b"<open>"}), "a.docx")
        == "The file is broken. Open it, save it again and add that."
    )


STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]


@given(st.sampled_from(STARTS), st.binary(min_size=1, max_size=400))
def test_no_content_breaks_the_door(start, content):
    try:
        assert accept(upload(start + content)).size
    except FileRefused as refused:
        assert str(refused)
