"""Bytes of a photo into pixels: which formats may be opened, and how large a picture may be. Pure."""

from __future__ import annotations

import io
import re
from typing import Final

from PIL import Image, UnidentifiedImageError
from pillow_heif import HeifImageFile

from ledger.errors import EmptyPhoto, NotAPicture, PhotoError, PhotoTooLarge, TruncatedPhoto, UnsupportedPhoto

MIME_TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heif",
}
"""Formats we read. MPO is the JPEG of phones that append a second picture; its first picture is the photo. HEIF is
what iPhones write, under the name of HEIC."""

_DECODERS: Final = ("JPEG", "PNG", "WEBP")
"""Pillow's parsers of those. The others stay shut: some of them decode what they are given before its size is known."""

_AVIF_BRAND: Final = rb".{4}(?:.{4}){0,8}?avi[fs]"
_HEIF: Final = re.compile(rb".{4}ftyp(?:hei[cxms]|mif1(?!" + _AVIF_BRAND + rb"))", re.DOTALL)
"""How a HEIF file begins that holds still pictures (ISO/IEC 23008-12, brands). Such a file is handed to pillow-heif's
parser by name; that is not registered with Pillow, where it would open for everybody in the process."""

_FOREIGN: Final = {
    "GIF": re.compile(rb"GIF8[79]a"),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "BMP": re.compile(rb"BM.{4}\0{4}", re.DOTALL),
    "AVIF": re.compile(rb".{4}ftyp(?:avi[fs]|mif1" + _AVIF_BRAND + rb")", re.DOTALL),
    "HEIF film": re.compile(rb".{4}ftyp(?:hev[cxms]|msf1)", re.DOTALL),
}
"""How the pictures begin that people send too and that are not read, so that the sentence can name them."""

_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, RuntimeError)
"""What the parsers raise on damaged bytes. libheif raises some of them too where a picture is larger than it says."""

MAX_PIXELS: Final = 100_000_000
"""Largest photo opened, in pixels: twice what common phone cameras give (50 megapixels), 300 MB once decoded."""

# Pillow would warn from 89 megapixels on, and warnings can only be silenced for all threads at once. Our own limit
# decides instead, in open_picture, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def open_picture(data: bytes, name: str) -> Image.Image:
    """The picture in these bytes, its size known and checked, nothing decoded.

    Raises EmptyPhoto, NotAPicture, UnsupportedPhoto, PhotoTooLarge or TruncatedPhoto; each names the photo.
    """
    if not data:
        raise EmptyPhoto(name=name)
    picture = _parsed(data, name)
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise PhotoTooLarge(name=name, megapixels=round(pixels / 1_000_000), limit=MAX_PIXELS // 1_000_000)
    return picture


def loaded(picture: Image.Image, name: str) -> Image.Image:
    """The same picture, decoded. Raises TruncatedPhoto."""
    try:
        picture.load()
    except _BROKEN as exc:
        raise TruncatedPhoto(name=name) from exc
    return picture


def shrink_while_decoding(picture: Image.Image, width: int, height: int) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth of its size where that is at least width x height pixels.

    A HEIF picture is left alone: it would offer its thumbnail, which may show something else than the photo does.
    """
    if picture.format in {"JPEG", "MPO"}:
        picture.draft(None, (width, height))


def _parsed(data: bytes, name: str) -> Image.Image:
    try:
        stream = io.BytesIO(data)
        if _HEIF.match(data):
            return HeifImageFile(stream)  # type: ignore[no-untyped-call]  # the class has Pillow's types but for this
        return Image.open(stream, formats=_DECODERS)
    except UnidentifiedImageError as exc:
        raise _unreadable(data, name) from exc
    except _BROKEN as exc:
        raise TruncatedPhoto(name=name) from exc


def _unreadable(data: bytes, name: str) -> PhotoError:
    kind = next((kind for kind, beginning in _FOREIGN.items() if beginning.match(data)), None)
    return NotAPicture(name=name) if kind is None else UnsupportedPhoto(name=name, kind=kind)
