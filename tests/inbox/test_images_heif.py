"""Photos of iPhones: opened like the others, upright once, and never larger than they say."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, UnidentifiedImageError

from ledger.errors import PhotoTooLarge, TruncatedPhoto
from ledger.inbox.images import open_photo, reduced_image, screen_jpeg, upright_image, upright_jpeg
from tests.inbox.pictures import heif, noise, oriented


def two_halves(width: int = 96, height: int = 64) -> Image.Image:
    """Red, and the left half of it blue."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, 0, width // 2, height))
    return picture


def halves(picture: Image.Image) -> list[str]:
    """Which colour stands at the left, the right, the top and the bottom of the picture's middle lines."""
    width, height = picture.size
    places = [(4, height // 2), (width - 4, height // 2), (width // 2, 4), (width // 2, height - 4)]
    return ["red" if picture.getpixel(place)[0] > 128 else "blue" for place in places]


def with_size(data: bytes, width: int, height: int) -> bytes:
    """The same file, saying another size in its `ispe` box (ISO/IEC 23008-12, 6.5.3)."""
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", width, height) + data[place + 8 :]


def test_a_heic_photo_is_described() -> None:
    photo = open_photo(heif(noise(320, 240)), "영수증.HEIC")

    assert (photo.mime, photo.width, photo.height) == ("image/heif", 320, 240)


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (1, ["blue", "red", "red", "red"]),
        (3, ["red", "blue", "blue", "blue"]),
        (6, ["red", "red", "blue", "red"]),
        (8, ["blue", "blue", "red", "blue"]),
    ],
)
def test_a_turned_heic_comes_out_upright_once_on_every_way(orientation: int, seen: list[str]) -> None:
    data = heif(two_halves(), exif=oriented(orientation).tobytes(), quality=95)
    size = (96, 64) if orientation in (1, 3) else (64, 96)
    edges = slice(0, 2) if orientation in (1, 3) else slice(2, 4)

    photo = open_photo(data, "a.heic")
    ways = [
        upright_image(photo),
        reduced_image(photo, (8, 8)),
        Image.open(io.BytesIO(upright_jpeg(photo))),
        Image.open(io.BytesIO(screen_jpeg(data, "a.heic"))),
    ]

    assert (photo.width, photo.height) == size
    assert [way.size for way in ways] == [size] * 4
    assert [halves(way)[edges] for way in ways] == [seen[edges]] * 4


def test_a_heic_can_be_turned_further_by_a_person() -> None:
    photo = open_photo(heif(two_halves()), "a.heic")

    assert halves(upright_image(photo, 1))[2:] == ["red", "blue"]


def test_the_browser_gets_a_jpeg() -> None:
    assert screen_jpeg(heif(two_halves()), "a.heic").startswith(b"\xff\xd8\xff")


def test_a_smaller_picture_inside_the_file_never_stands_for_the_photo() -> None:
    data = heif(noise(1280, 960), thumbnails=[512])

    assert Image.open(io.BytesIO(screen_jpeg(data, "a.heic", max_side=400))).size == (400, 300)
    assert reduced_image(open_photo(data, "a.heic"), (300, 200)).size == (1280, 960)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_a_cut_off_heic_is_refused(share: float) -> None:
    data = heif(noise())

    with pytest.raises(TruncatedPhoto, match=r"half\.heic"):
        open_photo(data[: int(len(data) * share)], "half.heic")


def test_a_heic_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(PhotoTooLarge, match=r"bomb\.heic: 200 megapixels are more than the 100"):
        open_photo(with_size(heif(noise()), 20_000, 10_000), "bomb.heic")


def test_a_heic_that_is_larger_than_it_says_is_refused() -> None:
    with pytest.raises(TruncatedPhoto):
        open_photo(with_size(heif(noise()), 64, 64), "bomb.heic")


def test_heic_opens_for_nobody_else_in_the_process() -> None:
    open_photo(heif(noise()), "a.heic")

    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(heif(noise())))
