"""A Word or Excel file for a reader: its text, and nothing of who wrote it, where and when."""

import io
import zipfile

import pytest

from cases.cleaning import NotCleanable, clean
from tests.cleaning.test_pictures import SECRET, jpeg
from tests.samples import LINK, OOXML, TYPES, package

WORD, SHEET = f"{OOXML}.wordprocessingml.document", f"{OOXML}.spreadsheetml.sheet"
W = 'xmlns:w="w" xmlns:r="r" xmlns:wp="wp" xmlns:w14="w14"'
BODY = f"""<w:document {W}><w:body>
<w:p w:rsidR="00A1" w14:paraId="7"><w:r w:rsidRPr="00B2"><w:t>The house of Que</w:t></w:r><w:r
><w:t>ntin</w:t></w:r>
<w:ins w:author="{SECRET}" w:date="2026-01-01"><w:r><w:t> was searched</w:t></w:r></w:ins>
<w:del w:author="{SECRET}"><w:r><w:delText>by {SECRET}</w:delText></w:r></w:del>
<w:commentRangeStart w:id="1"/><w:r><w:t>.</w:t></w:r><w:commentReference w:id="1"/>
<w:hyperlink r:id="r1"><w:r><w:t>here</w:t></w:r></w:hyperlink>
<w:drawing><wp:docPr id="1" name="{SECRET}" descr="{SECRET}" title="{SECRET}"/></w:drawing></w:p>
<w:p><w:pPr><w:pPrChange w:author="{SECRET}"><w:x/></w:pPrChange></w:pPr></w:p>
<w:bookmarkStart w:name="Hallmark"/></w:body></w:document>"""
RELATIONS = f"""<Relationships xmlns="rel">
<Relationship Id="r1" Type="{LINK}/hyperlink" TargetMode="External"
 Target="https://example.org/{SECRET}"/>
<Relationship Id="r2" Type="{LINK}/comments" Target="comments.xml"/>
<Relationship Id="r3" Type="{LINK}/image" Target="media/image1.jpeg"/>
<Relationship Id="r4" Type="{LINK}/settings" Target="/word/settings.xml"/></Relationships>"""
ROOT = f"""<Relationships xmlns="rel">
<Relationship Id="a" Type="{LINK}/officeDocument" Target="word/document.xml"/>
<Relationship Id="b" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>"""
ALL_TYPES = TYPES.replace(
    b"</Types>",
    b'<Override PartName="/word/comments.xml" ContentType="c"/>'
    b'<Override PartName="/word/document.xml" ContentType="d"/></Types>',
)


def word(**more: bytes) -> bytes:
    said = f"<a><b>{SECRET}</b></a>".encode()
    template = f'<w:attachedTemplate r:id="{SECRET}"/><w:zoom/>'
    rsids = '<w:rsids><w:rsid w:val="00A1"/></w:rsids>'
    settings = f"<w:settings {W}>{rsids}{template}</w:settings>"
    parts = {
        "[Content_Types].xml": ALL_TYPES,
        "_rels/.rels": ROOT.encode(),
        "word/document.xml": BODY.encode(),
        "word/_rels/document.xml.rels": RELATIONS.encode(),
        "word/settings.xml": settings.encode(),
        "word/media/image1.jpeg": jpeg(),
        **dict.fromkeys(
            (
                "docProps/core.xml",
                "docProps/app.xml",
                "docProps/custom.xml",
                "customXml/item1.xml",
                "word/comments.xml",
                "word/commentsExtended.xml",
                "word/people.xml",
                "word/_rels/comments.xml.rels",
                "docMetadata/LabelInfo.xml",
            ),
            said,
        ),
        "docProps/thumbnail.jpeg": jpeg(),
        "word/printerSettings/printerSettings1.bin": SECRET.encode(),
    }
    return package(parts | more)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_who_wrote_where_and_when_does_not_cross():
    made = clean(word(), WORD)
    parts = parts_of(made.content)

    assert {name for name, part in parts.items() if b"Marrowby" in part} == set()
    assert set(parts) == {
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "word/settings.xml",
        "word/_rels/document.xml.rels",
        "word/media/image1.jpeg",
    }
    body = parts["word/document.xml"]
    for gone in (
        b"rsid",
        b"paraId",
        b"author",
        b"date=",
        b"comment",
        b"<w:del",
        b"<w:ins",
        b"PrChange",
    ):
        assert gone not in body, gone
    assert b"rsid" not in parts["word/settings.xml"] and b"zoom" in parts["word/settings.xml"]


def test_what_is_read_stays_and_is_searched_whole():
    made = clean(word(), WORD)
    lines = " ".join(made.text.split())
    assert "The house of Quentin was searched.here" in lines
    assert "Hallmark" in lines  # a bookmark is a word somebody chose
    assert not made.legible  # there is a picture


def test_no_relation_leads_outside_or_to_what_is_gone():
    parts = parts_of(clean(word(), WORD).content)
    relations = parts["word/_rels/document.xml.rels"].decode()
    assert "comments" not in relations and "example.org" not in relations
    assert 'Id="r1"' in relations and "about:blank" in relations
    assert 'Id="r3"' in relations and 'Id="r4"' in relations
    assert b"docProps" not in parts["_rels/.rels"] and b"word/document.xml" in parts["_rels/.rels"]
    assert b"comments" not in parts["[Content_Types].xml"]
    assert b"/word/document.xml" in parts["[Content_Types].xml"]


def test_a_sheet_loses_its_people_and_keeps_its_cells():
    who = f'<fileSharing userName="{SECRET}"/><x:absPath url="{SECRET}"/>'
    book = f'<workbook xmlns:x="x">{who}<sheets><sheet name="Hearings"/></sheets></workbook>'
    cells = "<sst><si><t>First</t></si><si><r><t>Sec</t></r><r><t>ond</t></r></si></sst>"
    said = f"<a>{SECRET}</a>".encode()
    content = package(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": book.encode(),
            "xl/sharedStrings.xml": cells.encode(),
            "xl/worksheets/sheet1.xml": b'<s xmlns:r="r"><legacyDrawing r:id="r1"/></s>',
            "xl/comments1.xml": said,
            "xl/persons/person.xml": said,
            "xl/drawings/vmlDrawing1.vml": said,
            "xl/threadedComments/threadedComment1.xml": said,
            "docProps/core.xml": said,
        }
    )

    made = clean(content, SHEET)

    assert {name for name, part in parts_of(made.content).items() if b"Marrowby" in part} == set()
    assert not any(
        "omment" in name or "person" in name or "vml" in name for name in parts_of(made.content)
    )
    assert made.text.split() == ["Hearings", "First", "Second"]
    assert made.legible


def test_the_package_itself_tells_nothing():
    with zipfile.ZipFile(io.BytesIO(clean(word(), WORD).content)) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert not entry.extra and not entry.comment
    assert clean(word(), WORD) == clean(word(), WORD)


@pytest.mark.parametrize(
    ("part", "content", "why"),
    [
        ("word/media/image2.emf", b"\1", "part"),
        ("word/fonts/font1.odttf", b"\1", "part"),
        ("word/header1.xml", b"<open>", "broken"),
        ("word/media/image3.png", b"no picture", "broken"),
    ],
)
def test_what_is_not_understood_does_not_leave(part, content, why):
    with pytest.raises(NotCleanable, match=why):
        clean(word(**{part: content}), WORD)


def test_entities_are_not_opened():
    bomb = b'<!DOCTYPE a [<!ENTITY x "boom">]><a>&x;</a>'
    with pytest.raises(NotCleanable, match="broken"):
        clean(word(**{"word/footer1.xml": bomb}), WORD)
