"""Reads digits, Latin letters and punctuation of a crop with PP-OCR, each character with confidence and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger.extraction.look import Glyph
from ledger.extraction.offline.models import Model
from ledger.extraction.offline.page import Picture

CROP_HEIGHT: Final = 48
"""Pixels; the height the model was trained at."""
BATCH: Final = 4
"""Crops at once, of similar width, so that little of a batch is padding; larger batches take longer a crop."""
BATCH_WIDTH: Final = 2400
"""Pixels of all crops of a batch together. The answer has 18,710 numbers for every 8 of them, 22 MB in all."""
BLANK: Final = 0


class Recogniser:
    def __init__(self, model: Model) -> None:
        self._model = model
        alphabet = model.described("character").splitlines()
        # CTC's blank comes first and the space last; neither stands in the file's alphabet.
        self._alphabet = ["", *alphabet, " "]

    def read(self, crops: Sequence[Picture]) -> list[list[Glyph]]:
        """The characters of each crop, from left to right. Crops must be `CROP_HEIGHT` high."""
        readings: list[list[Glyph]] = [[] for _ in crops]
        for chosen in batches([crop.shape[1] for crop in crops]):
            batch = _batch([crops[index] for index in chosen])
            for index, answer in zip(chosen, self._model.run(batch), strict=True):
                step = batch.shape[3] / answer.shape[0] / crops[index].shape[1]
                readings[index] = decode(answer, self._alphabet, step)
        return readings


def batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of the crops that go together, the narrow ones first; `widths` in pixels."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        # All of a batch are made as wide as its widest, and that is the one that comes last.
        if len(batch) == BATCH or (batch and widths[index] * (len(batch) + 1) > BATCH_WIDTH):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _batch(crops: Sequence[Picture]) -> NDArray[np.float32]:
    width = max(64, *(crop.shape[1] for crop in crops))
    width = (width + 7) // 8 * 8  # the model reduces the width by 8
    batch = np.zeros((len(crops), 3, CROP_HEIGHT, width), np.float32)
    for row, crop in zip(batch, crops, strict=True):
        row[:, :, : crop.shape[1]] = (crop[:, :, ::-1].astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
    return batch


def decode(probabilities: NDArray[np.float32], alphabet: Sequence[str], step: float) -> list[Glyph]:
    """CTC's best path: steps of the same class are one character, and a blank parts two equal ones.

    `step` is the width of one step as a fraction of the crop's width.
    """
    best = probabilities.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    return [
        Glyph(
            text=alphabet[best[start]],
            confidence=float(probabilities[start:end, best[start]].max()),
            left=float(start * step),
            right=float(end * step),
        )
        for start, end in zip(starts, ends, strict=True)
        if best[start] != BLANK
    ]
