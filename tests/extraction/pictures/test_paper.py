"""Where the paper lies, and all the photos on which that is not certain."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from ledger.extraction.look import Quad
from ledger.extraction.pictures.paper import paper_frame
from ledger.inbox.images import open_photo, upright_image
from tests.extraction.pictures.drawn import Pixels, lay_paper, print_lines, table

SIZE = (600, 800)
SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "photos").glob("*.jpg"))


def on_a_dark_table(angle: float = 0) -> Pixels:
    pixels = table()
    lay_paper(pixels, 150, 120, 260, 520, angle=angle)
    return pixels


def box(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def test_a_white_paper_on_a_dark_table_is_found_with_a_margin() -> None:
    left, top, right, bottom = paper_frame(on_a_dark_table(), SIZE) or pytest.fail("not found")

    # 2 % of 800 pixels are 16.
    assert np.allclose((left, top, right, bottom), (134, 104, 426, 656), atol=5)


def test_the_frame_is_told_in_pixels_of_the_full_picture() -> None:
    small = cv2.resize(on_a_dark_table(), (300, 400), interpolation=cv2.INTER_AREA)

    assert np.allclose(paper_frame(small, (6000, 8000)), (1340, 1040, 4260, 6560), atol=60)


@pytest.mark.parametrize("angle", [-8, 5])
def test_a_tilted_paper_lies_wholly_in_its_frame(angle: float) -> None:
    left, top, right, bottom = paper_frame(on_a_dark_table(angle), SIZE) or pytest.fail("not found")

    half = np.array([[x, y] for x in (-130, 130) for y in (-260, 260)])
    turn = np.radians(-angle)
    corners = half @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (280, 380)
    assert left <= corners[:, 0].min() <= corners[:, 0].max() <= right
    assert top <= corners[:, 1].min() <= corners[:, 1].max() <= bottom


def test_a_paper_cut_by_the_edge_is_kept_up_to_the_edge() -> None:
    pixels = table()
    lay_paper(pixels, 150, 300, 260, 700)

    left, top, right, bottom = paper_frame(pixels, SIZE) or pytest.fail("not found")

    assert bottom == 800
    assert np.allclose((left, top, right), (134, 284, 426), atol=5)


def test_a_white_paper_on_a_white_table_is_not_found() -> None:
    pixels = table(grey=225)
    lay_paper(pixels, 150, 120, 260, 520)

    assert paper_frame(pixels, SIZE) is None


def test_of_two_papers_none_is_chosen() -> None:
    pixels = table()
    lay_paper(pixels, 40, 100, 230, 500)
    lay_paper(pixels, 330, 150, 200, 450)

    assert paper_frame(pixels, SIZE) is None


def test_a_paper_half_in_the_shadow_is_not_cut_at_the_shadow() -> None:
    pixels = on_a_dark_table()
    pixels[400:] = (pixels[400:] * 0.45).astype(np.uint8)

    assert paper_frame(pixels, SIZE) is None


def test_print_outside_of_the_paper_forbids_the_crop() -> None:
    pixels = on_a_dark_table()
    pixels[700:790] = 110
    print_lines(pixels[700:790], range(40, 60, 20), ink=60)

    assert paper_frame(pixels, SIZE) is None


@pytest.mark.parametrize(("text", "found"), [(box(160, 600, 380, 630), True), (box(300, 640, 440, 650), False)])
def test_text_that_ocr_saw_outside_forbids_the_crop(text: Quad, found: bool) -> None:
    assert (paper_frame(on_a_dark_table(), SIZE, [box(160, 130, 380, 150), text]) is not None) is found


@pytest.mark.parametrize("size", [(60, 90), (590, 790)])
def test_a_label_is_no_paper_and_a_full_picture_gains_nothing(size: tuple[int, int]) -> None:
    pixels = table()
    lay_paper(pixels, 5, 5, *size)

    assert paper_frame(pixels, SIZE) is None


def test_a_round_bright_thing_is_no_paper() -> None:
    assert paper_frame(cv2.circle(table(), (300, 400), 220, (240, 240, 240), -1), SIZE) is None


def test_pictures_of_one_colour_have_no_paper() -> None:
    assert paper_frame(np.full((800, 600, 3), 255, np.uint8), SIZE) is None
    assert paper_frame(np.zeros((1, 1, 3), np.uint8), (1, 1)) is None


def test_no_field_of_our_samples_is_ever_outside_and_some_are_cropped() -> None:
    cropped = []
    for path in SAMPLES:
        picture = upright_image(open_photo(path.read_bytes(), path.name))
        frame = paper_frame(np.asarray(picture), picture.size)
        places = json.loads(path.with_suffix(".places.json").read_text())["fields"]
        cropped += [path.stem] if frame else []
        assert frame is None or paper_frame(np.asarray(picture), picture.size, places.values()) == frame, path.stem
    assert len(cropped) >= 3
