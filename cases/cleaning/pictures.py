"""Pictures: the points alone, drawn anew. No EXIF, XMP, IPTC, profile, preview or text stays."""

import io
import struct

from PIL import Image, ImageOps, UnidentifiedImageError

from cases.cleaning.cleaned import Cleaned, NotCleanable
from cases.vocabulary import Hindrance

# Modes that both formats keep; whatever else is turned into the nearest.
KEPT_MODES = {"JPEG": ("L", "RGB"), "PNG": ("L", "LA", "RGB", "RGBA")}
QUALITY = 92


def clean(content: bytes) -> Cleaned:
    """Upright as EXIF says, in the format it came in. What is behind its end is left out."""
    try:
        return Cleaned(_redrawn(content), "", legible=False)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotCleanable(Hindrance.BROKEN) from None


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as opened:
        kind = str(opened.format)
        opened.load()
        upright = _upright(opened)
    if upright.mode not in KEPT_MODES[kind]:
        upright = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    # Only points and size cross into the new picture.
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    target = io.BytesIO()
    bare.save(target, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return target.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """As EXIF says, where it can be read: whatever stands there must not stop the cleaning."""
    try:
        return ImageOps.exif_transpose(picture)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        return picture
