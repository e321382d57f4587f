"""Which way is up, what the pixels become, and what is sent to a model."""

from __future__ import annotations

import base64

import pytest
from PIL import ExifTags, Image

from ledger.inbox.images import data_url, open_photo, upright_image, upright_jpeg
from tests.inbox.pictures import encoded, noise, oriented

# Which sides of the upright picture the first row and the first column of the stored one are (EXIF 2.32, 4.6.4 A).
STORED = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
UPRIGHT = [["red", "lime", "blue"], ["white", "black", "yellow"]]


def stored(orientation: int) -> list[list[str]]:
    """UPRIGHT as a camera held in that orientation stores it."""
    first_row, first_column = STORED[orientation]
    rows = UPRIGHT if first_row in ("top", "bottom") else [list(column) for column in zip(*UPRIGHT, strict=True)]
    if first_row in ("bottom", "right"):
        rows = rows[::-1]
    return [row[::-1] for row in rows] if first_column in ("bottom", "right") else rows


def painted(rows: list[list[str]], side: int = 16) -> Image.Image:
    """One square of `side` pixels for each colour; JPEG keeps squares of 16 nearly as they are."""
    picture = Image.new("RGB", (len(rows[0]) * side, len(rows) * side))
    for y, row in enumerate(rows):
        for x, colour in enumerate(row):
            picture.paste(colour, (x * side, y * side, (x + 1) * side, (y + 1) * side))
    return picture


def colours(picture: Image.Image, side: int = 16) -> list[list[tuple[int, ...]]]:
    """Middle of each square, each channel rounded to black or full."""
    columns, rows = picture.width // side, picture.height // side
    middles = [
        [picture.getpixel((x * side + side // 2, y * side + side // 2)) for x in range(columns)] for y in range(rows)
    ]
    return [[tuple(round(channel / 255) for channel in pixel) for pixel in row] for row in middles]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_a_photo_is_turned_upright(orientation: int, kind: str) -> None:
    data = encoded(painted(stored(orientation)), kind, exif=oriented(orientation), quality=95)

    photo = open_photo(data, "turned")

    upright = upright_image(photo)
    assert (photo.width, photo.height) == upright.size == (48, 32)
    assert colours(upright) == colours(painted(UPRIGHT))


def test_the_upright_jpeg_is_not_turned_a_second_time() -> None:
    data = encoded(painted(stored(6)), "JPEG", exif=oriented(6), quality=95)

    again = open_photo(upright_jpeg(open_photo(data, "turned")), "again")

    assert colours(upright_image(again)) == colours(painted(UPRIGHT))


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 4, -1])
def test_a_person_can_turn_it_further_counter_clockwise(turns: int) -> None:
    photo = open_photo(encoded(painted(UPRIGHT), "PNG"), "a.png")
    rows = UPRIGHT
    for _ in range(turns % 4):
        rows = [list(column) for column in zip(*rows, strict=True)][::-1]

    assert colours(upright_image(photo, turns)) == colours(painted(rows))


@pytest.mark.parametrize("value", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_counts_as_upright(value: int) -> None:
    photo = open_photo(encoded(painted(UPRIGHT), "JPEG", exif=oriented(value), quality=95), "a.jpg")

    assert (photo.width, photo.height) == upright_image(photo).size == (48, 32)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of damaged EXIF blocks, which is what these are
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0garbage",
        b"Exif\0\0MM\0\x2b\0\0\0\x08\0\0",  # neither of TIFF's two magic numbers
        b"Exif\0\0II*\0\xff\xff\xff\xff",  # the directory begins behind the end
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x02\0\0\x006\0\0\0\0\0\0\0",  # orientation is the text "6"
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_damaged_exif_block_does_not_spoil_the_photo(kind: str, exif: bytes) -> None:
    photo = open_photo(encoded(painted(UPRIGHT), kind, exif=exif, quality=95), "a.jpg")

    assert (photo.width, photo.height) == upright_image(photo).size == (48, 32)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    picture = Image.new("RGB", (8, 8), "white").convert(mode)

    upright = upright_image(open_photo(encoded(picture, "JPEG" if mode == "CMYK" else "PNG"), "a"))

    assert upright.mode == "RGB"
    assert min(upright.getpixel((4, 4))) > 250


def test_black_print_on_a_transparent_ground_stays_readable() -> None:
    picture = Image.new("RGBA", (16, 8), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 8, 8))

    upright = upright_image(open_photo(encoded(picture, "PNG"), "screenshot.png"))

    assert (upright.getpixel((4, 4)), upright.getpixel((12, 4))) == ((0, 0, 0), (255, 255, 255))


def test_grey_of_16_bits_keeps_its_steps() -> None:
    picture = Image.new("I;16", (2, 1))
    picture.putpixel((0, 0), 0x4000)
    picture.putpixel((1, 0), 0xC000)

    upright = upright_image(open_photo(encoded(picture, "PNG"), "scan.png"))

    assert (upright.getpixel((0, 0)), upright.getpixel((1, 0))) == ((64,) * 3, (192,) * 3)


@pytest.mark.parametrize(
    ("size", "max_side", "sent"),
    [
        ((6000, 3000), 2600, (2600, 1300)),
        ((300, 6000), 2600, (130, 2600)),
        ((9000, 1), 2600, (2600, 1)),
        ((60, 30), 2600, (60, 30)),
        ((2600, 100), 2600, (2600, 100)),
    ],
)
def test_the_jpeg_that_is_sent_is_bounded_and_never_enlarged(
    size: tuple[int, int], max_side: int, sent: tuple[int, int]
) -> None:
    photo = open_photo(encoded(Image.new("RGB", size), "PNG"), "a.png")

    jpeg = open_photo(upright_jpeg(photo, max_side=max_side), "sent.jpg")

    assert (jpeg.mime, jpeg.width, jpeg.height) == ("image/jpeg", *sent)


def test_the_jpeg_that_is_sent_carries_no_place_or_owner_of_the_camera() -> None:
    exif = oriented(1)
    exif[ExifTags.Base.Artist] = "Hong Gildong"
    data = encoded(noise(), "JPEG", exif=exif)
    assert b"Hong Gildong" in data

    assert b"Hong Gildong" not in upright_jpeg(open_photo(data, "a.jpg"))


def test_a_data_url_gives_the_bytes_back() -> None:
    data = bytes(range(256))

    head, _, body = data_url(data, "image/webp").partition(",")

    assert head == "data:image/webp;base64"
    assert base64.b64decode(body, validate=True) == data
