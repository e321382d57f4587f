"""From a picture to the text on it: turns it upright, finds the text, reads each piece twice and joins the readings."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ledger.extraction.look import Glyph, Quad, TextSegment, mean_confidence, text_of
from ledger.extraction.offline.crops import box_size, rectify
from ledger.extraction.offline.detector import Detector
from ledger.extraction.offline.fusion import SQUARE, fuse, is_latin
from ledger.extraction.offline.hangul_reader import HangulReader
from ledger.extraction.offline.junk import is_junk
from ledger.extraction.offline.models import THREADS, Model, ModelFiles
from ledger.extraction.offline.orientation import (
    DOUBTFUL,
    PLAIN,
    SAMPLE,
    certainty,
    lies_on_its_side,
    longest,
    turned_over,
)
from ledger.extraction.offline.page import Box, Picture
from ledger.extraction.offline.recogniser import CROP_HEIGHT, Recogniser
from ledger.extraction.offline.spaces import with_spaces


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on a photo, after it was turned `quarter_turns` times counter-clockwise.

    `width` and `height` are the turned photo's, in pixels; the segments' quads lie in them.
    """

    segments: list[TextSegment]
    width: int
    height: int
    quarter_turns: int


@dataclass(frozen=True, slots=True)
class _View:
    """The picture one way up: where its text is, and what the longest boxes say by their index."""

    picture: Picture
    quarter_turns: int
    boxes: list[Box]
    sample: dict[int, list[Glyph]]

    @property
    def certainty(self) -> float:
        return certainty(list(self.sample.values()))


class Ocr:
    """Safe to use from several threads: sessions are shared, Tesseract handles belong to the threads of one pool."""

    def __init__(self, files: ModelFiles, tessdata: Path | None) -> None:
        cv2.setNumThreads(THREADS)
        self._detector = Detector(Model(files.detector))
        self._recogniser = Recogniser(Model(files.recogniser))
        self._hangul = HangulReader(tessdata) if tessdata else None
        self._pool = ThreadPoolExecutor(THREADS, "hangul")

    def read(self, picture: Picture, width: int, height: int) -> Page:
        """The text on a picture. `width` and `height` are those of the whole photo, in whose pixels places are told."""
        view = self._upright(picture)
        unread = [index for index in range(len(view.boxes)) if index not in view.sample]
        rest = self._read_latin(view.picture, [view.boxes[index] for index in unread])
        by_index = {**view.sample, **dict(zip(unread, rest, strict=True))}
        latin = [by_index[index] for index in range(len(view.boxes))]
        hangul = self._read_hangul(view.picture, view.boxes, latin)
        if view.quarter_turns % 2:
            width, height = height, width
        scale = np.array([width / view.picture.shape[1], height / view.picture.shape[0]])
        segments = [
            TextSegment(tuple(glyphs), _quad(box * scale))
            for box, seen, unseen in zip(view.boxes, latin, hangul, strict=True)
            if (glyphs := _joined(view.picture, box, seen, unseen)) and not is_junk(glyphs, text_of(seen))
        ]
        return Page(segments, width, height, view.quarter_turns)

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

    def _read_latin(self, picture: Picture, boxes: Sequence[Box]) -> list[list[Glyph]]:
        return self._recogniser.read([rectify(picture, box, CROP_HEIGHT) for box in boxes])

    def _read_hangul(self, picture: Picture, boxes: Sequence[Box], latin: Sequence[list[Glyph]]) -> list[list[Glyph]]:
        reader = self._hangul
        if reader is None or is_latin_page(latin):
            return [[] for _ in boxes]

        def read(box: Box, glyphs: list[Glyph]) -> list[Glyph]:
            width, height = box_size(box)
            return [] if is_plain_latin(glyphs, SQUARE * height / width) else reader.read(picture, box)

        return list(self._pool.map(read, boxes, latin))


def is_plain_latin(glyphs: Sequence[Glyph], square: float) -> bool:
    """True when a crop surely holds no Hangul: PP-OCR filled it from end to end and is sure of each sign.

    `square` is the width of one syllable as a fraction of the crop's; where one would fit between two signs, a word
    may stand that PP-OCR took for nothing.
    """
    solid = [glyph for glyph in glyphs if glyph.text != " "]
    if len(solid) < 4 or not all(map(is_latin, solid)) or mean_confidence(solid) <= 0.97:
        return False
    widest = max(right.left - left.right for left, right in pairwise(solid))
    return widest < 1.5 * square and solid[-1].right - solid[0].left > 0.85


def is_latin_page(readings: Sequence[Sequence[Glyph]]) -> bool:
    """True when the page is not Korean, so that Tesseract, asked for Hangul, would only invent some.

    PP-OCR reads a Latin page almost without doubt; of a Korean one it reads the numbers and guesses at the rest.
    """
    glyphs = [glyph for glyphs in readings for glyph in glyphs if glyph.text != " "]
    sure = sum(is_latin(glyph) and glyph.confidence > 0.8 for glyph in glyphs)
    letters = sum(glyph.text.isascii() and glyph.text.isalpha() and glyph.confidence > 0.8 for glyph in glyphs)
    return bool(glyphs) and sure > 0.85 * len(glyphs) and letters > 0.3 * len(glyphs)


def _joined(picture: Picture, box: Box, latin: list[Glyph], hangul: list[Glyph]) -> list[Glyph]:
    """Both readings of a box as one, with spaces; none at its ends."""
    crop = rectify(picture, box, CROP_HEIGHT)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    glyphs = with_spaces(fuse(latin, hangul, crop.shape[1] / crop.shape[0]), hangul, grey)
    solid = [index for index, glyph in enumerate(glyphs) if glyph.text.strip()]
    return [_within(glyph) for glyph in glyphs[solid[0] : solid[-1] + 1]] if solid else []


def _within(glyph: Glyph) -> Glyph:
    """The glyph inside its box: crops are a little wider than boxes."""
    left, right = np.clip((glyph.left, glyph.right), 0, 1)
    return replace(glyph, left=float(left), right=float(right))


def _quad(box: NDArray[np.float64]) -> Quad:
    first, second, third, fourth = ((float(x), float(y)) for x, y in box)
    return first, second, third, fourth


def _turned(picture: Picture, turns: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, turns))
