"""Photos: which way is up, how large they are wanted, what is sent. Pure; nothing is fetched or stored here."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image

from ledger.inbox.decoding import MIME_TYPES, loaded, open_picture, shrink_while_decoding

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
    picture = loaded(open_picture(data, name), name)
    width, height = _upright_size(picture)
    return Photo(name, data, MIME_TYPES[str(picture.format)], hashlib.sha256(data).hexdigest(), width, height)


def upright_image(photo: Photo, quarter_turns: int = 0) -> Image.Image:
    """RGB picture with the EXIF orientation applied, then turned counter-clockwise by `quarter_turns` x 90 degrees."""
    return _turned(loaded(open_picture(photo.data, photo.name), photo.name), quarter_turns)


def reduced_image(photo: Photo, size_needed: tuple[int, int], quarter_turns: int = 0) -> Image.Image:
    """The upright image, perhaps smaller, but never below `size_needed`: width and height in pixels, once turned.

    A JPEG is decoded at a half, a quarter or an eighth of its size where that is enough, which is that much quicker.
    """
    picture = open_picture(photo.data, photo.name)
    lying = (_orientation(picture) >= 5) != (quarter_turns % 2 == 1)
    shrink_while_decoding(picture, *(size_needed[::-1] if lying else size_needed))
    return _turned(loaded(picture, photo.name), quarter_turns)


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
    picture = open_picture(data, name)
    shrink_while_decoding(picture, max_side, max_side)
    return _jpeg(_turned(loaded(picture, name), quarter_turns), max_side, quality)


def data_url(data: bytes, mime: str) -> str:
    """The bytes as a data URL, the form in which a model takes a picture."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


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
