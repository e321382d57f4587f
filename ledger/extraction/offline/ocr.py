"""From a picture to the text on it: turns it upright, finds the text, reads each piece twice and joins the readings."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ledger.extraction.offline.crops import box_size, rectify
from ledger.extraction.offline.detector import Detector
from ledger.extraction.offline.fusion import SQUARE, fuse, is_latin
from ledger.extraction.offline.hangul_reader import HangulReader
from ledger.extraction.offline.models import THREADS, ModelFiles, open_session
from ledger.extraction.offline.orientation import (
    DOUBTFUL,
    PLAIN,
    SAMPLE,
    certainty,
    lies_on_its_side,
    longest,
    turned_over,
)
from ledger.extraction.offline.page import Box, Char, Picture, Segment, mean_confidence, text_of
from ledger.extraction.offline.recogniser import CROP_HEIGHT, Recogniser
from ledger.extraction.offline.spaces import with_spaces

MAX_SIDE: Final = 2600
"""Pixels; larger photos are reduced first. Small print of a photo taken from afar still has 20 pixels then."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on a picture, after it was turned `quarter_turns` times counter-clockwise."""

    segments: list[Segment]
    quarter_turns: int


@dataclass(frozen=True, slots=True)
class _View:
    """The picture one way up: where its text is, and what the longest boxes say by their index."""

    picture: Picture
    quarter_turns: int
    boxes: list[Box]
    sample: dict[int, list[Char]]

    @property
    def certainty(self) -> float:
        return certainty(list(self.sample.values()))


class Ocr:
    """Safe to use from several threads: sessions are shared, Tesseract handles belong to the threads of one pool."""

    def __init__(self, files: ModelFiles, tessdata: Path | None) -> None:
        cv2.setNumThreads(THREADS)
        self._detector = Detector(open_session(files.detector))
        self._recogniser = Recogniser(open_session(files.recogniser))
        self._hangul = HangulReader(tessdata) if tessdata else None
        self._pool = ThreadPoolExecutor(THREADS, "hangul")

    def read(self, picture: Picture) -> Page:
        view = self._upright(_reduced(picture))
        unread = [index for index in range(len(view.boxes)) if index not in view.sample]
        rest = self._read_latin(view.picture, [view.boxes[index] for index in unread])
        by_index = {**view.sample, **dict(zip(unread, rest, strict=True))}
        latin = [by_index[index] for index in range(len(view.boxes))]
        hangul = self._read_hangul(view.picture, view.boxes, latin)
        segments = [_segment(view.picture, *reading) for reading in zip(view.boxes, latin, hangul, strict=True)]
        return Page(segments, view.quarter_turns)

    def _upright(self, picture: Picture) -> _View:
        """The picture the way up that is read most surely; a plainly upright one costs nothing extra."""
        boxes = self._detector.find(picture)
        first = 1 if lies_on_its_side(boxes) else 0
        view = self._either_way(self._view(picture, 1) if first else self._sampled(picture, 0, boxes))
        if view.certainty < DOUBTFUL and len(boxes) >= 4:
            return max(view, self._either_way(self._view(picture, 1 - first)), key=lambda view: view.certainty)
        return view

    def _either_way(self, view: _View) -> _View:
        if view.certainty >= PLAIN:
            return view
        height, width = view.picture.shape[:2]
        boxes = [turned_over(box, width, height) for box in view.boxes]
        over = self._sampled(_turned(view.picture, 2), view.quarter_turns + 2, boxes)
        return max(view, over, key=lambda view: view.certainty)

    def _view(self, picture: Picture, turns: int) -> _View:
        turned = _turned(picture, turns)
        return self._sampled(turned, turns, self._detector.find(turned))

    def _sampled(self, picture: Picture, turns: int, boxes: list[Box]) -> _View:
        chosen = longest(boxes, SAMPLE)
        readings = self._read_latin(picture, [boxes[index] for index in chosen])
        return _View(picture, turns, boxes, dict(zip(chosen, readings, strict=True)))

    def _read_latin(self, picture: Picture, boxes: Sequence[Box]) -> list[list[Char]]:
        return self._recogniser.read([rectify(picture, box, CROP_HEIGHT) for box in boxes])

    def _read_hangul(self, picture: Picture, boxes: Sequence[Box], latin: Sequence[list[Char]]) -> list[list[Char]]:
        reader = self._hangul
        if reader is None or is_latin_page(latin):
            return [[] for _ in boxes]

        def read(box: Box, chars: list[Char]) -> list[Char]:
            width, height = box_size(box)
            return [] if is_plain_latin(chars, SQUARE * height / width) else reader.read(picture, box)

        return list(self._pool.map(read, boxes, latin))


def is_plain_latin(chars: Sequence[Char], square: float) -> bool:
    """True when a crop surely holds no Hangul: PP-OCR filled it from end to end and is sure of each sign.

    `square` is the width of one syllable as a fraction of the crop's; where one would fit between two signs, a word
    may stand that PP-OCR took for nothing.
    """
    solid = [char for char in chars if char.text != " "]
    if len(solid) < 4 or not all(map(is_latin, solid)) or mean_confidence(solid) <= 0.97:
        return False
    widest = max(right.left - left.right for left, right in pairwise(solid))
    return widest < 1.5 * square and solid[-1].right - solid[0].left > 0.85


def is_latin_page(readings: Sequence[Sequence[Char]]) -> bool:
    """True when the page is not Korean, so that Tesseract, asked for Hangul, would only invent some.

    PP-OCR reads a Latin page almost without doubt; of a Korean one it reads the numbers and guesses at the rest.
    """
    chars = [char for chars in readings for char in chars if char.text != " "]
    sure = sum(is_latin(char) and char.confidence > 0.8 for char in chars)
    letters = sum(char.text.isascii() and char.text.isalpha() and char.confidence > 0.8 for char in chars)
    return bool(chars) and sure > 0.85 * len(chars) and letters > 0.3 * len(chars)


def _segment(picture: Picture, box: Box, latin: list[Char], hangul: list[Char]) -> Segment:
    crop = rectify(picture, box, CROP_HEIGHT)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    chars = with_spaces(fuse(latin, hangul, crop.shape[1] / crop.shape[0]), hangul, grey)
    return Segment(text_of(chars).strip(), mean_confidence(chars), box, text_of(latin))


def _reduced(picture: Picture) -> Picture:
    scale = MAX_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _turned(picture: Picture, turns: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, turns))
