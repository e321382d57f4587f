"""Photos as bytes: what is good, what is refused and why."""

from __future__ import annotations

import hashlib
import struct

import pytest
from PIL import Image

from ledger.errors import EmptyPhoto, NotAPicture, PhotoError, PhotoTooLarge, TruncatedPhoto, UnsupportedPhoto
from ledger.inbox.images import open_photo, upright_image
from tests.inbox.pictures import encoded, noise, png


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


def test_a_film_of_heif_pictures_is_named() -> None:
    with pytest.raises(UnsupportedPhoto, match="HEIF film pictures are not read"):
        open_photo(b"\0\0\0\x28ftyphevc\0\0\0\0msf1hevc" + bytes(500), "IMG_0001.HEIC")


def test_avif_under_the_common_brand_is_named_too() -> None:
    with pytest.raises(UnsupportedPhoto, match="AVIF pictures are not read"):
        open_photo(b"\0\0\0\x28ftypmif1\0\0\0\0mif1miafavif" + bytes(500), "a.heif")


def test_a_format_that_is_decoded_when_it_is_opened_is_no_way_around_the_limit() -> None:
    hidden = png(60_000, 60_000, pixels=False)
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 1, len(hidden), 22)

    with pytest.raises(NotAPicture):
        open_photo(struct.pack("<HHH", 0, 1, 1) + entry + hidden, "favicon.jpg")
