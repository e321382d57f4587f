"""Copies of one photo are known by their hash; other receipts, which look much alike, are not taken for one."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from ledger.inbox.images import open_photo, upright_image
from ledger.inbox.likeness import NEAR, difference, picture_hash
from ledger.terms import picture_terms
from tests.inbox.pictures import encoded, oriented

PHOTOS = sorted((Path(__file__).parents[2] / "samples" / "photos").glob("*.jpg"))
PHOTO = PHOTOS[0]


def hash_of(data: bytes, quarter_turns: int = 0) -> str:
    found = picture_hash(open_photo(data, "a.jpg"), quarter_turns)
    assert found is not None
    return found


def picture(path: Path) -> Image.Image:
    return upright_image(open_photo(path.read_bytes(), path.name))


def cut(picture: Image.Image, part: float) -> Image.Image:
    width, height = picture.size
    return picture.crop((int(width * part), 0, width, int(height * (1 - part))))


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "encoded again": lambda it: encoded(it, "JPEG", quality=40),
    "as PNG": lambda it: encoded(it, "PNG"),
    "a third as large": lambda it: encoded(it.resize((it.width // 3, it.height // 3)), "JPEG", quality=70),
    "brighter": lambda it: encoded(ImageEnhance.Brightness(it).enhance(1.2), "JPEG"),
    "darker": lambda it: encoded(ImageEnhance.Brightness(it).enhance(0.6), "JPEG"),
    "grey": lambda it: encoded(it.convert("L"), "JPEG"),
    "turned a little": lambda it: encoded(it.rotate(0.4, Image.Resampling.BICUBIC, fillcolor="grey"), "JPEG"),
    "cut at the edges": lambda it: encoded(cut(it, 0.008), "JPEG"),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("path", PHOTOS[::5], ids=lambda path: path.stem)
def test_a_copy_of_a_photo_is_near_it_and_shares_a_term(path: Path, copy: Callable[[Image.Image], bytes]) -> None:
    own, copied = hash_of(path.read_bytes()), hash_of(copy(picture(path)))

    assert difference(own, copied) <= NEAR
    assert picture_terms(own) & picture_terms(copied)


def test_other_receipts_are_far_from_each_other() -> None:
    hashes = [hash_of(path.read_bytes()) for path in PHOTOS]

    assert min(difference(a, b) for a, b in combinations(hashes, 2)) > NEAR + 20


def test_a_photo_that_lies_on_its_side_is_compared_upright() -> None:
    upright = picture(PHOTO)
    lying = encoded(upright.rotate(90, expand=True), "JPEG", exif=oriented(6))
    without_exif = encoded(upright.rotate(-90, expand=True), "JPEG")

    assert difference(hash_of(PHOTO.read_bytes()), hash_of(lying)) <= NEAR
    assert difference(hash_of(PHOTO.read_bytes()), hash_of(without_exif, quarter_turns=1)) <= NEAR
    assert difference(hash_of(PHOTO.read_bytes()), hash_of(without_exif)) > NEAR


@pytest.mark.parametrize("picture", [Image.new("RGB", (800, 600), "white"), Image.new("L", (1, 1), 90)])
def test_an_empty_picture_is_like_no_other(picture: Image.Image) -> None:
    out = io.BytesIO()
    picture.save(out, "PNG")

    assert picture_hash(open_photo(out.getvalue(), "white.png")) is None


def test_a_hash_of_another_length_is_not_compared() -> None:
    assert difference("ff", "ffff") > NEAR
    assert difference("0f", "ff") == 4
