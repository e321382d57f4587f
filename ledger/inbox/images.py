"""Photos as bytes: what may be opened, which way is up, what is sent. Pure; nothing is fetched or stored here."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from ledger.errors import EmptyPhoto, NotAPicture, PhotoError, PhotoTooLarge, TruncatedPhoto, UnsupportedPhoto

MIME_TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""Formats we read. MPO is the JPEG of phones that append a second picture; its first picture is the photo."""

_DECODERS: Final = ("JPEG", "PNG", "WEBP")
"""Pillow's parsers of those. The others stay shut: some of them decode what they are given before its size is known."""

_FOREIGN: Final = {
    "GIF": re.compile(rb"GIF8[79]a"),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "BMP": re.compile(rb"BM.{4}\0{4}", re.DOTALL),
    "AVIF": re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
    "HEIC": re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1)", re.DOTALL),
}
"""How the pictures begin that people send too and that are not read, so that the sentence can name them."""

MAX_PIXELS: Final = 100_000_000
"""Largest photo opened, in pixels: twice what common phone cameras give (50 megapixels), 300 MB once decoded."""

# Pillow would warn from 89 megapixels on, and warnings can only be silenced for all threads at once. Our own limit
# decides instead, in _open, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

_TO_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (EXIF 2.32, tag 0x0112); 1 is upright."""

SCREEN_SIDE: Final = 2600
"""Longer side of a photo for the browser, in pixels: enough to zoom into small print."""
SCREEN_QUALITY: Final = 88

_ROTATIONS: Final = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was opened once, whole, and found good. `width` and `height` are upright pixels."""

    name: str
    data: bytes
    mime: str
    sha256: str
    width: int
    height: int


def open_photo(data: bytes, name: str) -> Photo:
    """Check the bytes and describe them.

    Raises EmptyPhoto, NotAPicture, UnsupportedPhoto, PhotoTooLarge or TruncatedPhoto; each names the photo.
    """
    if not data:
        raise EmptyPhoto(name=name)
    picture = _loaded(_open(data, name), name)
    width, height = _upright_size(picture)
    return Photo(name, data, MIME_TYPES[str(picture.format)], hashlib.sha256(data).hexdigest(), width, height)


def upright_image(photo: Photo, quarter_turns: int = 0) -> Image.Image:
    """RGB picture with the EXIF orientation applied, then turned counter-clockwise by `quarter_turns` x 90 degrees."""
    return _turned(_loaded(_open(photo.data, photo.name), photo.name), quarter_turns)


def _loaded(picture: Image.Image, name: str) -> Image.Image:
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as exc:
        raise TruncatedPhoto(name=name) from exc
    return picture


def _turned(picture: Image.Image, quarter_turns: int) -> Image.Image:
    upright = _rgb(picture)
    # Not ImageOps.exif_transpose: it also writes the EXIF block anew, which fails where that is damaged.
    undo = _TO_UPRIGHT.get(_orientation(picture))
    upright = upright if undo is None else upright.transpose(undo)
    turn = _ROTATIONS.get(quarter_turns % 4)
    return upright if turn is None else upright.transpose(turn)


def upright_jpeg(
    photo: Photo, quarter_turns: int = 0, max_side: int = SCREEN_SIDE, quality: int = SCREEN_QUALITY
) -> bytes:
    """The upright picture as JPEG, its longer side at most `max_side` pixels."""
    return _jpeg(upright_image(photo, quarter_turns), max_side, quality)


def _jpeg(picture: Image.Image, max_side: int, quality: int) -> bytes:
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def screen_jpeg(
    data: bytes, name: str, quarter_turns: int = 0, *, max_side: int = SCREEN_SIDE, quality: int = SCREEN_QUALITY
) -> bytes:
    """The photo in these bytes as upright_jpeg makes it, decoded once. Raises what open_photo does."""
    if not data:
        raise EmptyPhoto(name=name)
    picture = _open(data, name)
    picture.draft(None, (max_side, max_side))  # a JPEG may be decoded at a half, a quarter or an eighth of its size
    return _jpeg(_turned(_loaded(picture, name), quarter_turns), max_side, quality)


def data_url(data: bytes, mime: str) -> str:
    """The bytes as a data URL, the form in which a model takes a picture."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _open(data: bytes, name: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=_DECODERS)
    except UnidentifiedImageError as exc:
        raise _unreadable(data, name) from exc
    except (OSError, SyntaxError, ValueError) as exc:
        raise TruncatedPhoto(name=name) from exc
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise PhotoTooLarge(name=name, megapixels=round(pixels / 1_000_000), limit=MAX_PIXELS // 1_000_000)
    return picture


def _unreadable(data: bytes, name: str) -> PhotoError:
    kind = next((kind for kind, beginning in _FOREIGN.items() if beginning.match(data)), None)
    return NotAPicture(name=name) if kind is None else UnsupportedPhoto(name=name, kind=kind)


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    sideways = _orientation(picture) >= 5
    return (picture.height, picture.width) if sideways else (picture.width, picture.height)


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8. A damaged EXIF block says nothing, and the picture is good without it."""
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # Pillow's parser fails in many ways on such bytes: SyntaxError, struct.error, TypeError, ...
        return 1
    return value if value in range(1, 9) else 1


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":  # 16-bit grey of scanners; convert() would cut it off at 255 and leave white paper only
        return picture.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.has_transparency_data:  # what is transparent is shown on white; convert() would show it black
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")
