"""A photo that the stand-in knows is known again in whatever a request shows of it."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.openai_standin import SAMPLE, StandIn
from tests.openai_standin.album import Album
from tests.openai_standin_tests.asking import PHOTOS, picture, request, sample, url_of

NAMES = sorted(path.stem for path in PHOTOS.glob("*.jpg"))


@pytest.fixture(scope="module")
def album():
    """All sample photos; their receipts are their names."""
    album = Album()
    for name in NAMES:
        album.add((PHOTOS / f"{name}.jpg").read_bytes(), {"location": name})
    return album


def packed(shown):
    out = io.BytesIO()
    shown.convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()


def cropped_smaller_and_with_more_contrast(photo):
    width, height = photo.size
    inner = photo.crop((width * 6 // 100, height * 3 // 100, width * 95 // 100, height * 96 // 100))
    grey = np.asarray(inner.resize((inner.width * 2 // 3, inner.height * 2 // 3)).convert("L"))
    return [Image.fromarray(cv2.createCLAHE(2.0, (8, 8)).apply(grey))]


def turned(photo):
    return [photo.rotate(90, expand=True).resize((photo.height * 3 // 4, photo.width * 3 // 4))]


def in_three_parts(photo):
    third = photo.height // 3
    return [photo.crop((0, top, photo.width, min(photo.height, top + third + 60))) for top in (0, third, 2 * third)]


@pytest.mark.parametrize("show", [cropped_smaller_and_with_more_contrast, turned, in_three_parts])
def test_all_samples_are_told_apart(album, show):
    assert len(NAMES) == 16
    found = []
    for name in NAMES:
        with Image.open(PHOTOS / f"{name}.jpg") as photo:
            found.append(album.find([packed(shown) for shown in show(photo)]))
    assert [known and known.receipt["location"] for known in found] == NAMES


def test_a_picture_of_nothing_is_nobodys(album):
    assert album.find([picture(size=(600, 800))]) is None


def test_a_photo_that_was_not_introduced_is_nobodys():
    album = Album()
    for name in NAMES[1:]:
        album.add((PHOTOS / f"{name}.jpg").read_bytes(), {"location": name})
    shown = np.random.default_rng(1).integers(0, 255, (800, 600), np.uint8)
    assert album.find([packed(Image.fromarray(shown))]) is None


def test_a_plain_picture_cannot_be_introduced():
    with pytest.raises(ValueError, match="too plain to be known again"):
        Album().add(picture(size=(600, 800)), SAMPLE)


def test_a_known_photo_has_its_receipt_and_others_the_common_one(ask):
    photo, receipt = sample("몽실 수제간식")
    with StandIn().knows(photo, receipt) as standin:
        known, other = (ask(standin, request(url_of(shown))).json() for shown in (photo, picture()))
    assert receipt["location"] in known["choices"][0]["message"]["content"]
    assert SAMPLE["location"] in other["choices"][0]["message"]["content"]
