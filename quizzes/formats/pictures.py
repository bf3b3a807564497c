"""Pictures: decoded, and written anew by us. What leaves here was encoded by this site and holds pixels alone."""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MAX_BYTES = 1 << 20
"""Of what is sent."""

MAX_PIXELS = 12_500_000
"""Of what is decoded, 50 MB: a photo of a phone has twelve million. Read from the head of the file, before the rest."""

LONGEST_SIDE = 1600
"""Of what is kept: twice the width of a column of text. What is larger is made smaller."""

QUALITY = 85
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}

# What the library says of files that are broken or made to break it.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, struct.error, zlib.error)


class BadPicture(ValueError):
    """It is not taken. ``why``: “large”, “kind”, “pixels”, “moving”, “broken”."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the site keeps it."""

    data: bytes
    content_type: str
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """The picture in these bytes, encoded anew: no metadata, no profile, nothing after its end. Raises BadPicture."""
    if len(data) > MAX_BYTES:
        raise BadPicture("large")
    with warnings.catch_warnings():
        # We have a bound of our own; the library’s warning would only be printed.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return _read(data)


def _read(data: bytes) -> Picture:
    try:
        image = Image.open(BytesIO(data), formats=tuple(TYPES))
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise BadPicture("kind") from error
    kind = image.format or ""
    if image.width * image.height > MAX_PIXELS:
        raise BadPicture("pixels")
    try:
        if getattr(image, "is_animated", False):
            raise BadPicture("moving")
        pixels = _pixels(image)
        return Picture(_encoded(pixels, kind), TYPES[kind], pixels.width, pixels.height)
    except BadPicture:
        raise
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise BadPicture("broken") from error


def _pixels(image: Image.Image) -> Image.Image:
    """The bare pixels, turned as the camera says, no larger than is shown."""
    if image.format == "JPEG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    turned = ImageOps.exif_transpose(image).convert("RGBA" if clear else "RGB")
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image has none of what the old one carried beside its pixels.
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    return bare


def _encoded(pixels: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    if kind == "PNG":
        pixels.save(target, "PNG", optimize=True)
    else:
        pixels.save(target, kind, quality=QUALITY)
    return target.getvalue()
