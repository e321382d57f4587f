"""Pictures decoded no larger than they are wanted."""

from __future__ import annotations

import pytest
from PIL import Image

from ledger.inbox.images import open_photo, reduced_image, upright_image
from tests.inbox.pictures import encoded, oriented
from tests.inbox.test_upright_images import STORED, UPRIGHT, colours, painted, stored


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ((2000, 2000), (800, 600)),
        ((800, 600), (800, 600)),
        ((401, 300), (800, 600)),
        ((400, 300), (400, 300)),
        ((150, 200), (400, 300)),
        ((200, 150), (200, 150)),
        ((10, 10), (100, 75)),
    ],
)
def test_a_jpeg_is_decoded_at_a_fraction_that_is_still_large_enough(wanted, got) -> None:
    photo = open_photo(encoded(Image.new("RGB", (800, 600), "white"), "JPEG"), "a.jpg")

    assert reduced_image(photo, wanted).size == got


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_are_decoded_whole(kind: str) -> None:
    photo = open_photo(encoded(Image.new("RGB", (80, 60), "white"), kind), "a")

    assert reduced_image(photo, (10, 10)).size == (80, 60)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("turns", [0, 1])
def test_a_reduced_photo_is_turned_like_the_whole_one(orientation: int, turns: int) -> None:
    data = encoded(painted(stored(orientation), 64), "JPEG", exif=oriented(orientation), quality=95)
    photo = open_photo(data, "a.jpg")
    assert colours(upright_image(photo), 64) == colours(painted(UPRIGHT))
    wanted = (64, 96) if turns else (96, 64)

    small = reduced_image(photo, wanted, turns)

    assert small.size == wanted
    assert colours(small, 32) == colours(upright_image(photo, turns), 64)
