"""A PDF for a reader: its pages as they look, and nothing of who made them and how."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from cases.cleaning import NotCleanable, clean
from tests.cleaning.test_pictures import SECRET, jpeg
from tests.samples import pdf

PDF = "application/pdf"


def page_with(document, content: bytes, **resources):
    page = document.pages[0].obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)), **resources)
    page.Contents = document.make_stream(content)
    return page


def told(document) -> None:
    """Everything that says more than the page shows."""
    page = page_with(
        document,
        b"/Span <</ActualText (" + SECRET.encode() + b")>> BDC"
        b" BT /F1 12 Tf 10 50 Td (The house was searched.) Tj ET EMC % " + SECRET.encode(),
    )
    document.docinfo["/Author"] = SECRET
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [SECRET]
    page.PieceInfo = Dictionary(Program=Dictionary(Private=String(SECRET)))
    page.Metadata = document.make_stream(SECRET.encode())
    page.Annots = Array([document.make_indirect(note) for note in _notes(document)])
    document.Root.Outlines = Dictionary(Title=String(SECRET))
    document.Root.Lang = String(SECRET)
    document.Root.OpenAction = Array([page, Name.Fit])
    document.trailer.ID = Array([String(SECRET), String(SECRET)])


def _notes(document):
    link = Dictionary(S=Name.URI, URI=String(f"https://example.org/{SECRET}"))
    yield Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)
    yield Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=[0, 0, 9, 9],
        T=String(SECRET),
        Contents=String(SECRET),
    )


def everything(content: bytes) -> str:
    """All that is written in any object, streams opened."""
    with pikepdf.open(io.BytesIO(content)) as document:
        streams = [
            bytes(
                thing.read_raw_bytes() if thing.get("/Subtype") == "/Image" else thing.read_bytes()
            )
            for thing in document.objects
            if isinstance(thing, pikepdf.Stream)
        ]
        objects = [repr(thing).encode() for thing in document.objects]
        return b"\n".join([*streams, *objects, repr(document.trailer).encode()]).decode("latin-1")


def test_only_what_the_pages_show_crosses():
    content = pdf(told)
    assert everything(content).count("Marrowby") >= 8

    made = clean(content, PDF)

    assert "Marrowby" not in everything(made.content)
    assert "The house was searched." in made.text and made.legible
    with pikepdf.open(io.BytesIO(made.content)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert not document.docinfo and "/Annots" not in document.pages[0]


def test_what_a_form_field_shows_becomes_part_of_the_page():
    def filled(document):
        page = page_with(document, b"")
        fonts = Dictionary(Font=page.Resources.Font)
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("a"),
            V=String("Hallmark"),
            Rect=[10, 10, 200, 40],
            DA=String("/F1 12 Tf 0 g"),
            F=4,
        )
        field = document.make_indirect(field)
        page.Annots = Array([field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]), DR=fonts, DA=field.DA)

    made = clean(pdf(filled), PDF)

    assert "Hallmark" in made.text
    assert b"AcroForm" not in made.content


@pytest.mark.parametrize("chained", [False, True])
def test_a_photograph_in_a_page_loses_where_it_was_taken(chained):
    def shown(document):
        picture = document.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image)
        picture.Width, picture.Height, picture.BitsPerComponent = 40, 20, 8
        picture.ColorSpace, picture.Filter = Name.DeviceRGB, Name.DCTDecode
        if chained:
            picture.Filter = Array([Name.ASCIIHexDecode, Name.DCTDecode])
        picture.Metadata = document.make_stream(SECRET.encode())
        page_with(document, b"q 40 0 0 20 0 0 cm /P Do Q", XObject=Dictionary(P=picture))

    content = pdf(shown, compress_streams=False)
    assert SECRET.encode() in content
    if chained:
        with pytest.raises(NotCleanable, match="part"):
            clean(content, PDF)
        return

    made = clean(content, PDF)

    assert "Marrowby" not in everything(made.content)
    assert not made.legible
    with pikepdf.open(io.BytesIO(made.content)) as document:
        [picture] = document.pages[0].get_images().values()
        assert pikepdf.PdfImage(picture).as_pil_image().size == (40, 20)


def test_letters_a_and_b_of_a_drawn_font_stay():
    """Keys of resources are names that the writer chose."""

    def drawn(document):
        form = document.make_stream(
            b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 5, 5]
        )
        page_with(document, b"/A Do /B Do", XObject=Dictionary(A=form, B=form))

    with pikepdf.open(io.BytesIO(clean(pdf(drawn), PDF).content)) as document:
        assert set(document.pages[0].Resources.XObject.keys()) == {"/A", "/B"}


def test_the_same_file_gives_the_same_copy():
    content = pdf(told)
    assert clean(content, PDF) == clean(content, PDF)


def test_what_cannot_be_opened_is_not_passed_on():
    with pytest.raises(NotCleanable, match="broken"):
        clean(b"%PDF-1.7\nnothing", PDF)
