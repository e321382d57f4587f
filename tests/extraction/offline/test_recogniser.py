"""Which crops go to the model together, and where the characters of its answer stand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ledger.extraction.offline.recogniser import BATCH, BATCH_WIDTH, batches, decode

ALPHABET = ["", "1", "감", " "]


def answer(*steps: tuple[int, float]) -> NDArray[np.float32]:
    """The model's probabilities where each step has one class that is as likely as told, and no other."""
    probabilities = np.zeros((len(steps), len(ALPHABET)), np.float32)
    for row, (sign, probability) in zip(probabilities, steps, strict=True):
        row[sign] = probability
    return probabilities


def test_crops_go_together_with_the_narrow_ones_first() -> None:
    assert list(batches([90, 30, 80, 20, 70, 10])) == [[5, 3, 1, 4], [2, 0]]


def test_every_crop_goes_once_and_no_batch_is_wider_than_the_memory_for_it() -> None:
    widths = [37 * index % 1100 + 16 for index in range(200)]

    together = list(batches(widths))

    assert sorted(index for batch in together for index in batch) == list(range(200))
    assert all(len(batch) <= BATCH for batch in together)
    assert all(len(batch) * max(widths[index] for index in batch) <= BATCH_WIDTH for batch in together)


def test_a_crop_wider_than_a_batch_may_be_goes_alone() -> None:
    assert list(batches([BATCH_WIDTH + 100, 50, BATCH_WIDTH])) == [[1], [2], [0]]


def test_no_crops_are_no_batch() -> None:
    assert list(batches([])) == []


def test_a_character_reaches_over_the_steps_that_say_it_and_is_as_sure_as_the_surest() -> None:
    glyphs = decode(answer((0, 0.9), (2, 0.5), (2, 0.75), (0, 0.9), (1, 0.25)), ALPHABET, step=0.125)

    assert [(glyph.text, glyph.left, glyph.right, glyph.confidence) for glyph in glyphs] == [
        ("감", 0.125, 0.375, 0.75),
        ("1", 0.5, 0.625, 0.25),
    ]


def test_equal_characters_are_parted_by_a_blank_only() -> None:
    assert [glyph.text for glyph in decode(answer((1, 0.9), (0, 0.9), (1, 0.9)), ALPHABET, step=0.1)] == ["1", "1"]
    assert [glyph.text for glyph in decode(answer((1, 0.9), (1, 0.9)), ALPHABET, step=0.1)] == ["1"]


@pytest.mark.parametrize("steps", [1, 4])
def test_a_crop_of_blanks_says_nothing(steps: int) -> None:
    assert decode(answer(*[(0, 0.9)] * steps), ALPHABET, step=0.25) == []
