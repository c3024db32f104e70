"""A picture for a reader: what it shows, and nothing of where, when and with what it was taken."""

import io

import pytest
from PIL import Image, PngImagePlugin

from cases.cleaning import NotCleanable, clean

SECRET = "Quillon Marrowby 46.2044"


def jpeg(size=(40, 20), **options) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286], exif[0x0112] = SECRET, SECRET, 6  # maker, comment, turned right
    exif.get_ifd(0x8825)[1] = "N"
    target = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, 10, 10))
    picture.save(target, "JPEG", exif=exif, comment=SECRET.encode(), xmp=SECRET.encode(), **options)
    return target.getvalue()


def png() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", SECRET)
    said.add_itxt("XML:com.adobe.xmp", SECRET)
    target = io.BytesIO()
    Image.new("P", (20, 20)).save(target, "PNG", pnginfo=said, exif=b"Exif\0\0" + SECRET.encode())
    return target.getvalue()


@pytest.mark.parametrize(("media_type", "content"), [("image/jpeg", jpeg()), ("image/png", png())])
def test_nothing_but_points_crosses(media_type, content):
    assert SECRET.encode() in content

    made = clean(content + b"\nhidden behind the end: " + SECRET.encode(), media_type)

    assert b"Marrowby" not in made.content and b"46.2044" not in made.content
    with Image.open(io.BytesIO(made.content)) as picture:
        assert not picture.getexif() and not picture.info.keys() & {"comment", "xmp", "exif"}
        assert f"image/{picture.format.lower()}" == media_type
    assert (made.text, made.legible) == ("", False)


def test_a_turned_picture_stands_upright_without_being_told():
    with Image.open(io.BytesIO(clean(jpeg(), "image/jpeg").content)) as picture:
        assert picture.size == (20, 40)
        dark = [
            point
            for point in ((2, 2), (17, 2), (2, 37), (17, 37))
            if sum(picture.getpixel(point)) < 99
        ]
    assert dark == [(17, 2)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_way_of_keeping_points_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    target = io.BytesIO()
    Image.new(mode, (8, 8)).save(target, kind)
    with Image.open(io.BytesIO(clean(target.getvalue(), f"image/{kind.lower()}").content)) as made:
        assert made.size == (8, 8)


@pytest.mark.parametrize("cut", [0, 30, 300])
def test_a_picture_that_ends_too_early_is_not_passed_on(cut):
    with pytest.raises(NotCleanable, match="broken"):
        clean(jpeg()[:cut], "image/jpeg")
