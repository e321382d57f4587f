"""Photos as bytes: what is refused and why, which way is up, what is sent to a model."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image

from ledger.errors import EmptyPhoto, NotAPicture, PhotoError, PhotoTooLarge, TruncatedPhoto, UnsupportedPhoto
from ledger.inbox.images import data_url, open_photo, upright_image, upright_jpeg


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
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


@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("MPO", "image/jpeg")]
)
def test_a_good_photo_is_described(kind: str, mime: str) -> None:
    data = encoded(noise(320, 240), kind)

    photo = open_photo(data, "영수증.jpg")

    assert (photo.name, photo.data, photo.mime) == ("영수증.jpg", data, mime)
    assert (photo.width, photo.height) == (320, 240)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


def test_the_type_comes_from_the_bytes_and_not_from_the_name() -> None:
    assert open_photo(encoded(noise(), "PNG"), "photo.jpg").mime == "image/png"


def test_a_second_picture_behind_the_photo_is_ignored() -> None:
    red, blue = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    data = encoded(red, "MPO", save_all=True, append_images=[blue])

    red_part, _, blue_part = upright_image(open_photo(data, "phone.jpg")).getpixel((8, 8))

    assert red_part > 200 > 50 > blue_part


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EmptyPhoto, match=r"영수증\.jpg"):
        open_photo(b"", "영수증.jpg")


@pytest.mark.parametrize(
    "data",
    [b"total 83,500", "합계 83,500".encode(), b"%PDF-1.7\n", b'<svg xmlns="http://www.w3.org/2000/svg"/>', bytes(4096)],
)
def test_what_is_no_picture_is_refused_whatever_its_name(data: bytes) -> None:
    with pytest.raises(NotAPicture, match=r"receipt\.jpg"):
        open_photo(data, "receipt.jpg")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_cut_off_jpeg_is_refused(share: float, options: dict[str, object]) -> None:
    data = encoded(noise(), "JPEG", **options)

    with pytest.raises(TruncatedPhoto, match=r"half\.jpg"):
        open_photo(data[: int(len(data) * share)], "half.jpg")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_off_picture_of_another_format_is_refused(kind: str, share: float) -> None:
    data = encoded(noise(), kind)

    with pytest.raises(TruncatedPhoto):
        open_photo(data[: int(len(data) * share)], "half")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_any_beginning_of_a_photo_is_refused_with_its_name(kind: str) -> None:
    data = encoded(noise(32, 24), kind)

    for length in range(0, len(data) // 2, 7):
        with pytest.raises(PhotoError, match=r"start\.jpg"):
            open_photo(data[:length], "start.jpg")


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (12_000, 10_000), (65_535, 65_535)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(PhotoTooLarge, match=r"bomb\.png: .* megapixels are more than the 100"):
        open_photo(png(width, height, pixels=False), "bomb.png")


def test_a_whole_200_megapixel_picture_is_refused_although_its_file_is_small() -> None:
    data = png(20_000, 10_000, pixels=True)
    assert len(data) < 200_000

    with pytest.raises(PhotoTooLarge):
        open_photo(data, "bomb.png")


def test_a_picture_of_the_largest_size_is_opened() -> None:
    photo = open_photo(png(10_000, 10_000, pixels=True), "large.png")

    assert (photo.width, photo.height) == (10_000, 10_000)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "AVIF"])
def test_a_picture_of_a_type_that_is_not_read_is_named(kind: str) -> None:
    with pytest.raises(UnsupportedPhoto, match=rf"scan: {kind} pictures are not read"):
        open_photo(encoded(noise(), kind), "scan")


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
