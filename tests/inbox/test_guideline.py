"""A good photo gets no hint, and a bad one the hint that would have helped."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ledger.inbox import guideline
from ledger.inbox.guideline import Corners, Measures, hints, measure
from ledger.inbox.images import open_photo, upright_image
from samples.make import PHOTOS
from samples.receipts import SAMPLES
from samples.sale import Sample
from samples.true_places import true_places

Picture = NDArray[np.uint8]
SOLD = [sample for sample in SAMPLES if sample.sale]
GOOD = Measures(
    sharpness=400, brightness=170, contrast=160, text_sharpness=3000, text_height=40, tilt=1.0, coverage=0.5
)


@lru_cache(maxsize=4)
def photo(name: str) -> Picture:
    sample = next(sample for sample in SAMPLES if sample.name == name)
    data = (PHOTOS / f"{name}.jpg").read_bytes()
    return np.asarray(upright_image(open_photo(data, name), 2 if sample.shot.upside_down else 0))


def texts(name: str) -> list[Corners]:
    """The true places with the margin above and below that OCR leaves around print."""
    quads = np.array(list(true_places(name).values()), np.float64)
    rise = 0.25 * (quads[:, [0, 1]] - quads[:, [3, 2]])
    quads[:, [0, 1]] += rise
    quads[:, [3, 2]] -= rise
    return [[(float(x), float(y)) for x, y in quad] for quad in quads]


def said(picture: Picture, places: list[Corners] | None = None) -> list[str]:
    return [note.sentence for note in hints(measure(picture, places))]


# ---- Photos


@pytest.mark.parametrize("sample", SOLD, ids=lambda sample: sample.name)
def test_a_good_photo_gets_no_hint_with_its_texts_or_without(sample: Sample) -> None:
    assert said(photo(sample.name), texts(sample.name)) == []
    assert said(photo(sample.name)) == []


def strongly_blurred(picture: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(picture.shape) / 400), np.uint8)


def slightly_blurred(picture: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(picture.shape) / 850), np.uint8)


def darkened(picture: Picture) -> Picture:
    return (picture * 0.4).astype(np.uint8)


def overexposed(picture: Picture) -> Picture:
    return np.clip(picture * 0.3 + 190, 0, 255).astype(np.uint8)


def washed_out(picture: Picture) -> Picture:
    return (picture * 0.25 + 110).astype(np.uint8)


@pytest.mark.parametrize("name", ["강아지 운동장 뛰뛰", "petshop_folded", "vet_haneulbit"])
@pytest.mark.parametrize(
    ("spoiled", "hint"),
    [
        (strongly_blurred, guideline.RETAKE),
        (slightly_blurred, guideline.HOLD_STILL),
        (darkened, guideline.MORE_LIGHT),
        (overexposed, guideline.LESS_LIGHT),
        (washed_out, guideline.EVEN_LIGHT),
    ],
)
def test_a_spoiled_photo_gets_its_hint_and_no_other(
    name: str, spoiled: Callable[[Picture], Picture], hint: str
) -> None:
    picture = spoiled(photo(name))
    assert said(picture) == [hint]
    assert said(picture, texts(name)) == [hint]


def test_a_receipt_photographed_askew_is_said_with_its_angle() -> None:
    name = "달빛 애견미용"  # it lies 4 degrees counter-clockwise already
    picture = photo(name)
    turn = cv2.getRotationMatrix2D((640, 800), 14, 0.8)
    turned = np.asarray(cv2.warpAffine(picture, turn, (1280, 1600), borderValue=(150, 120, 90)), np.uint8)
    places = [[tuple(turn @ (*corner, 1)) for corner in quad] for quad in texts(name)]
    notes = hints(measure(turned, places))
    assert [note.sentence for note in notes] == [guideline.STRAIGHT]
    assert 16 <= int(notes[0].fields["degrees"]) <= 20


def test_print_of_few_pixels_is_said_to_be_small() -> None:
    name = "petshop_folded"
    small = np.asarray(Image.fromarray(photo(name)).resize((360, 480), Image.Resampling.LANCZOS))
    places = [[(x * 0.3, y * 0.3) for x, y in quad] for quad in texts(name)]
    assert guideline.LARGER_PRINT in said(small, places)


def test_a_receipt_far_away_is_said_to_fill_little_of_the_picture() -> None:
    name = "petshop_folded"
    picture = photo(name)
    table = np.full((3200, 2400, 3), 150, np.uint8)
    table[800:2400, 600:1800] = picture
    places = [[(x + 600, y + 800) for x, y in quad] for quad in texts(name)]
    assert said(table, places) == [guideline.CLOSER]


def test_a_picture_gives_the_same_measures_however_it_comes() -> None:
    picture = photo("petshop_folded")
    assert measure(Image.fromarray(picture)) == measure(picture)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (40, 30)])
def test_pictures_of_any_size_are_measured(size: tuple[int, int]) -> None:
    assert measure(Image.new("RGB", size, "white")).brightness == 255


def test_light_and_contrast_are_what_numpy_says_of_the_pixels() -> None:
    grey = np.random.default_rng(7).normal(140, 30, (guideline.SIDE, 700)).clip(0, 255).astype(np.uint8)
    low, high = np.percentile(grey, (1, 95))
    edges = cv2.Laplacian(grey, cv2.CV_64F).var() / (max(high - low, guideline.FAINT) / 100) ** 2

    found = measure(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))

    assert found.contrast == high - low
    assert (found.sharpness, found.brightness) == pytest.approx((edges, grey.mean()))


def test_of_a_few_texts_no_height_tilt_and_coverage_are_told() -> None:
    measures = measure(photo("petshop_folded"), texts("petshop_folded")[:4])
    assert (measures.text_sharpness, measures.text_height, measures.tilt, measures.coverage) == (None,) * 4


def test_texts_without_area_or_print_have_no_sharpness() -> None:
    point: Corners = ((5.0, 5.0),) * 4
    assert measure(Image.new("RGB", (60, 80), "white"), [point] * 9).text_sharpness is None


# ---- Rules


def test_good_measures_give_no_hint() -> None:
    assert hints(GOOD) == ()


def test_a_white_scan_with_black_print_is_not_too_bright() -> None:
    assert hints(Measures(sharpness=900, brightness=250, contrast=180)) == ()


def test_a_dark_photo_is_not_said_to_lack_contrast_as_well() -> None:
    assert [note.sentence for note in hints(Measures(sharpness=400, brightness=60, contrast=40))] == [
        guideline.MORE_LIGHT
    ]


def test_the_sharpness_of_the_texts_counts_more_than_that_of_the_table() -> None:
    blurred_receipt = Measures(400, 170, 160, text_sharpness=100, text_height=40, tilt=0.0, coverage=0.5)
    assert [note.sentence for note in hints(blurred_receipt)] == [guideline.RETAKE]


def test_measures_are_stored_and_come_back() -> None:
    assert Measures.from_json(GOOD.as_json()) == GOOD
    light = Measures(sharpness=12.346, brightness=100.0, contrast=90.0)
    assert light.as_json()["sharpness"] == 12.35
    assert Measures.from_json(light.as_json()).coverage is None


def test_measures_without_light_are_refused() -> None:
    with pytest.raises(KeyError, match="brightness"):
        Measures.from_json({"sharpness": 1.0})
