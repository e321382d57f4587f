"""Photos as bytes: what may be opened, which way is up, what is sent. Pure; nothing is fetched or stored here."""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from ledger.errors import EmptyPhoto, NotAPicture, PhotoTooLarge, TruncatedPhoto, UnsupportedPhoto

MIME_TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""Formats we read. MPO is the JPEG of phones that append a second picture; its first picture is the photo."""

MAX_PIXELS: Final = 100_000_000
"""Largest photo opened, in pixels: twice what common phone cameras give (50 megapixels), 300 MB once decoded."""

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
    picture = _open(data, name)
    kind = picture.format or "unknown"
    if kind not in MIME_TYPES:
        raise UnsupportedPhoto(name=name, kind=kind)
    _refuse_bomb(picture, name)
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as exc:
        raise TruncatedPhoto(name=name) from exc
    width, height = _upright_size(picture)
    return Photo(name, data, MIME_TYPES[kind], hashlib.sha256(data).hexdigest(), width, height)


def upright_image(photo: Photo, quarter_turns: int = 0) -> Image.Image:
    """RGB picture with the EXIF orientation applied, then turned counter-clockwise by `quarter_turns` x 90 degrees."""
    picture = _open(photo.data, photo.name)
    picture.load()
    upright = _rgb(picture)
    # Not ImageOps.exif_transpose: it also writes the EXIF block anew, which fails where that is damaged.
    undo = _TO_UPRIGHT.get(_orientation(picture))
    upright = upright if undo is None else upright.transpose(undo)
    turn = _ROTATIONS.get(quarter_turns % 4)
    return upright if turn is None else upright.transpose(turn)


def upright_jpeg(photo: Photo, quarter_turns: int = 0, max_side: int = 2600, quality: int = 88) -> bytes:
    """The upright picture as JPEG, its longer side at most `max_side` pixels."""
    picture = upright_image(photo, quarter_turns)
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def data_url(data: bytes, mime: str) -> str:
    """The bytes as a data URL, the form in which a model takes a picture."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _open(data: bytes, name: str) -> Image.Image:
    # Pillow warns from 89 megapixels on and refuses from 179; our own limit decides, before anything is decoded.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(io.BytesIO(data))
        except Image.DecompressionBombError as exc:
            raise PhotoTooLarge(name=name, megapixels="over 178", limit=MAX_PIXELS // 1_000_000) from exc
        except UnidentifiedImageError as exc:
            raise NotAPicture(name=name) from exc
        except (OSError, SyntaxError, ValueError) as exc:
            raise TruncatedPhoto(name=name) from exc


def _refuse_bomb(picture: Image.Image, name: str) -> None:
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise PhotoTooLarge(name=name, megapixels=round(pixels / 1_000_000), limit=MAX_PIXELS // 1_000_000)


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
