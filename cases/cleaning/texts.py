"""Plain text says nothing but itself."""

from cases.cleaning.cleaned import Cleaned, checked


def clean(content: bytes) -> Cleaned:
    """`inspection` took it as UTF-8; a byte order mark would name the program that wrote it."""
    text = content.decode("utf-8-sig")
    return checked(text.encode(), text, legible=True)
