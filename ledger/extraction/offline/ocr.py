"""From a picture to the text on it: turns it upright, finds the text, reads each piece twice and joins the readings."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ledger.extraction.offline.crops import rectify
from ledger.extraction.offline.detector import Detector
from ledger.extraction.offline.fusion import fuse, is_latin, with_spaces
from ledger.extraction.offline.hangul_reader import HangulReader
from ledger.extraction.offline.models import THREADS, ModelFiles, open_session
from ledger.extraction.offline.orientation import SAMPLE, digit_score, lies_on_its_side, longest, turned_over
from ledger.extraction.offline.page import Box, Char, Picture, Segment, mean_confidence, text_of
from ledger.extraction.offline.recogniser import CROP_HEIGHT, Recogniser

MAX_SIDE: Final = 2600
"""Pixels; larger photos are reduced first. Small print of a photo taken from afar still has 20 pixels then."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on a picture, after it was turned `quarter_turns` times counter-clockwise."""

    segments: list[Segment]
    quarter_turns: int


class Ocr:
    """Safe to use from several threads: sessions are shared, Tesseract handles belong to the threads of one pool."""

    def __init__(self, files: ModelFiles, tessdata: Path | None) -> None:
        cv2.setNumThreads(THREADS)
        self._detector = Detector(open_session(files.detector))
        self._recogniser = Recogniser(open_session(files.recogniser))
        self._hangul = HangulReader(tessdata) if tessdata else None
        self._pool = ThreadPoolExecutor(THREADS, "hangul")

    def read(self, picture: Picture) -> Page:
        picture = _reduced(picture)
        boxes = self._detector.find(picture)
        turns = 0
        if lies_on_its_side(boxes):
            picture, turns = _turned(picture, 1), 1
            boxes = self._detector.find(picture)
        if self._is_upside_down(picture, boxes):
            height, width = picture.shape[:2]
            boxes = [turned_over(box, width, height) for box in boxes]
            picture, turns = _turned(picture, 2), turns + 2
        return Page(self._read_boxes(picture, boxes), turns)

    def _is_upside_down(self, picture: Picture, boxes: Sequence[Box]) -> bool:
        sample = longest(boxes, SAMPLE)
        upright = digit_score(self._read_latin(picture, sample))
        turned = self._read_latin(picture, [box[[2, 3, 0, 1]] for box in sample])
        return digit_score(turned) > 1.05 * upright

    def _read_latin(self, picture: Picture, boxes: Sequence[Box]) -> list[list[Char]]:
        return self._recogniser.read([rectify(picture, box, CROP_HEIGHT) for box in boxes])

    def _read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[Segment]:
        crops = [rectify(picture, box, CROP_HEIGHT) for box in boxes]
        latin = self._recogniser.read(crops)
        hangul = self._read_hangul(picture, boxes, latin)
        return [_segment(*reading) for reading in zip(boxes, crops, latin, hangul, strict=True)]

    def _read_hangul(self, picture: Picture, boxes: Sequence[Box], latin: Sequence[list[Char]]) -> list[list[Char]]:
        reader = self._hangul
        if reader is None or is_latin_page(latin):
            return [[] for _ in boxes]

        def read(box: Box, chars: list[Char]) -> list[Char]:
            return [] if is_plain_latin(chars) else reader.read(picture, box)

        return list(self._pool.map(read, boxes, latin))


def is_plain_latin(chars: Sequence[Char]) -> bool:
    """True when a crop surely holds no Hangul: PP-OCR filled it from end to end and is sure of each sign."""
    solid = [char for char in chars if char.text != " "]
    if len(solid) < 4 or not all(map(is_latin, solid)):
        return False
    return mean_confidence(solid) > 0.97 and solid[-1].right - solid[0].left > 0.85


def is_latin_page(readings: Sequence[Sequence[Char]]) -> bool:
    """True when the page is not Korean, so that Tesseract, asked for Hangul, would only invent some.

    PP-OCR reads a Latin page almost without doubt; of a Korean one it reads the numbers and guesses at the rest.
    """
    chars = [char for chars in readings for char in chars if char.text != " "]
    sure = sum(is_latin(char) and char.confidence > 0.8 for char in chars)
    letters = sum(char.text.isascii() and char.text.isalpha() and char.confidence > 0.8 for char in chars)
    return bool(chars) and sure > 0.85 * len(chars) and letters > 0.3 * len(chars)


def _segment(box: Box, crop: Picture, latin: list[Char], hangul: list[Char]) -> Segment:
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    chars = with_spaces(fuse(latin, hangul, crop.shape[1] / crop.shape[0]), grey)
    return Segment(text_of(chars).strip(), mean_confidence(chars), box, text_of(latin))


def _reduced(picture: Picture) -> Picture:
    scale = MAX_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _turned(picture: Picture, turns: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, turns))
