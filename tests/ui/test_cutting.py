"""The part of a picture that is shown."""

from __future__ import annotations

import io

from PIL import Image

from ledger.ui.cutting import cut


def shown(quads: list[list[list[int]]], size: tuple[int, int]) -> tuple[int, int]:
    with Image.open(io.BytesIO(cut(Image.new("RGB", (600, 1_000)), quads, size))) as picture:
        return picture.size


def test_the_lines_around_a_place_are_shown_over_the_whole_width() -> None:
    quad = [[100, 500], [200, 500], [200, 520], [100, 520]]

    assert shown([quad], (600, 1_000)) == (600, 140)
    assert shown([quad, [[0, 600], [9, 600], [9, 610], [0, 610]]], (600, 1_000)) == (600, 230)


def test_places_on_a_smaller_picture_are_found_on_the_larger_one() -> None:
    assert shown([[[50, 250], [100, 250], [100, 260], [50, 260]]], (300, 500)) == (600, 140)


def test_a_place_at_an_edge_ends_there_and_without_one_all_is_shown() -> None:
    assert shown([[[0, 0], [9, 0], [9, 20], [0, 20]]], (600, 1_000)) == (600, 80)
    assert shown([], (600, 1_000)) == (600, 1_000)
