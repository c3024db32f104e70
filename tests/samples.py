"""Small files of each kind, made here so that no test depends on one that was found."""

import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument"
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def upload(content, name="file"):
    return SimpleUploadedFile(name, content, content_type="application/x-whatever")


def picture(kind="PNG", size=(40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


def pdf(change=None, **options) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if change:
            change(document)
        document.save(target, **options)
    return target.getvalue()


def package(parts: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(main="word/document.xml", **parts: bytes) -> bytes:
    every = {"[Content_Types].xml": TYPES, main: b"<document>text</document>"}
    return package(every | {name.replace("__", "/"): part for name, part in parts.items()})


def relations(kind: str, mode: str) -> bytes:
    return (
        f'<Relationships xmlns="x"><Relationship Id="r1" Type="{LINK}/{kind}" '
        f'Target="https://example.org/a" {mode}/></Relationships>'
    ).encode()
