"""Pictures that the tests of photos open."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import ExifTags, Image


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def heif(picture: Image.Image, **options: object) -> bytes:
    """As an iPhone writes it. `exif` with an orientation makes the encoder store the turn as the container's own."""
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, **options)
    return out.getvalue()


def noise(width: int = 320, height: int = 240) -> Image.Image:
    """A picture that no format compresses to nothing, so that it can be cut in the middle."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def png(width: int, height: int, *, pixels: bool) -> bytes:
    """A black PNG of one bit a pixel, written by hand; Pillow would need the picture in memory."""
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))]
    if pixels:
        parts.append(_chunk(b"IDAT", zlib.compress(bytes((1 + (width + 7) // 8) * height), 1)))
    return b"".join([*parts, _chunk(b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def oriented(value: object) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif
