"""The same file for a reader, without what it says of those who made and handled it.

Bytes in, bytes out: nothing is written to disk, nothing is fetched. Whatever is not understood is
refused (`NotCleanable`): what cannot be cleaned does not leave. The original is never touched.
"""

from collections.abc import Callable

from cases.cleaning import office, pdf, pictures, texts
from cases.cleaning.cleaned import Cleaned, NotCleanable

__all__ = ["Cleaned", "NotCleanable", "clean"]

_OOXML = "application/vnd.openxmlformats-officedocument"
CLEANERS: dict[str, Callable[[bytes], Cleaned]] = {
    "text/plain": texts.clean,
    "image/jpeg": pictures.clean,
    "image/png": pictures.clean,
    "application/pdf": pdf.clean,
    f"{_OOXML}.wordprocessingml.document": office.clean,
    f"{_OOXML}.spreadsheetml.sheet": office.clean,
}


def clean(content: bytes, media_type: str) -> Cleaned:
    """A clean copy and what can be read in it. Raises NotCleanable with the reason."""
    return CLEANERS[media_type](content)
