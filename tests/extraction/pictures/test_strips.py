"""Tall strips: cut where nothing is printed, each line whole on some part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ledger.extraction.pictures.strips import cut
from tests.extraction.pictures.drawn import print_lines


def strip(width: int, height: int, lines: range, line_height: int) -> np.ndarray:
    paper = np.full((height, width, 3), 240, np.uint8)
    print_lines(paper, lines, height=line_height)
    return paper[:, :, 0]


@pytest.mark.parametrize("height", [400, 2600])
def test_a_picture_that_is_not_too_tall_stays_whole(height: int) -> None:
    assert cut(np.full((height, 1000), 255, np.uint8), (0, 0, 1000, height)) == ((0, 0, 1000, height),)


@pytest.mark.parametrize("height", [2610, 3500, 6000, 11_000])
def test_every_line_of_a_strip_is_whole_on_a_part(height: int) -> None:
    lines = range(30, height - 60, 57)
    parts = cut(strip(1000, height, lines, 36), (0, 0, 1000, height))

    assert [top for top in lines if not any(part[1] <= top and top + 36 <= part[3] for part in parts)] == []


@pytest.mark.parametrize("height", [3500, 6000, 11_000])
def test_no_part_begins_or_ends_inside_a_line(height: int) -> None:
    lines = range(30, height - 60, 57)
    parts = cut(strip(1000, height, lines, 36), (0, 0, 1000, height))

    edges = [part[1] for part in parts[1:]] + [part[3] for part in parts[:-1]]
    assert [edge for edge in edges for top in lines if top < edge < top + 36] == []


def test_parts_are_about_equal_and_overlap_a_little() -> None:
    parts = cut(strip(1000, 6000, range(30, 5900, 57), 36), (0, 0, 1000, 6000))

    heights = [bottom - top for _, top, _, bottom in parts]
    overlaps = [(above[3] - below[1]) / heights[0] for above, below in pairwise(parts)]
    assert len(parts) == 3
    assert 2000 < min(heights) <= max(heights) < 2400
    assert 0.05 < min(overlaps) <= max(overlaps) < 0.13


@pytest.mark.parametrize(("width", "height"), [(10, 6000), (99, 1500), (200, 6000), (1000, 40_000)])
def test_what_is_too_narrow_or_too_long_for_a_receipt_stays_whole(width: int, height: int) -> None:
    assert cut(np.full((height // 10, width // 10), 255, np.uint8), (0, 0, width, height)) == ((0, 0, width, height),)


def test_a_narrow_strip_is_cut_between_its_lines_too() -> None:
    lines = range(10, 1480, 14)
    parts = cut(strip(120, 1500, lines, 8), (0, 0, 120, 1500))

    edges = [part[1] for part in parts[1:]] + [part[3] for part in parts[:-1]]
    assert len(parts) == 7
    assert [edge for edge in edges for top in lines if top < edge < top + 8] == []


def test_a_strip_without_any_blank_row_is_cut_with_overlap_all_the_same() -> None:
    noise = np.random.default_rng(2).integers(0, 255, (6000, 1000), dtype=np.uint8)

    parts = cut(noise, (0, 0, 1000, 6000))

    assert (parts[0][1], parts[-1][3]) == (0, 6000)
    assert all(below[1] < above[3] for above, below in pairwise(parts))


def test_frames_are_told_in_pixels_of_the_upright_picture() -> None:
    grey = strip(500, 3000, range(15, 2970, 29), 18)

    parts = cut(grey, (200, 100, 1200, 6100))

    assert {(left, right) for left, _, right, _ in parts} == {(200, 1200)}
    assert (parts[0][1], parts[-1][3]) == (100, 6100)
