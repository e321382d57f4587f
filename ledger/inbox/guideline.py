"""How well a photo of a receipt can be read, measured on its pixels, and what to do better next time. Pure.

The thresholds are starting values and hints for people; they never keep a photo out. They were measured on ten phone
photos of Korean receipts, as they were, darkened, and under Gaussian blur (sigma a 900th of the longer side is mild, a
500th strong), those of sharpness also on the sample receipts and scans. Motion blur and glare were not among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ledger.notes import Note

Corners = Sequence[tuple[float, float]]
"""Four corners (x, y), clockwise from the upper left one of a text."""
Grey = NDArray[np.uint8]

SIDE: Final = 1000
"""Longer side in pixels to which a picture is brought before sharpness and light are measured."""
BLURRED: Final = 12.0
"""Sharpness below which a photo is to be taken again: strong blur had 2 to 16, and half of the prices were lost."""
SLIGHTLY_BLURRED: Final = 90.0
"""Mild blur had 11 to 86, and 46 of 47 prices were still read; good photos had 96 to 1498."""
TEXT_BLURRED: Final = 150.0
"""The same inside the texts, whatever the light: strong blur had 81 to 326."""
TEXT_SLIGHTLY_BLURRED: Final = 700.0
"""Mild blur had 166 to 1242 inside the texts, good photos 1320 to 7257."""
DARK: Final = 90.0
"""Mean brightness, 0 to 255: good photos had 146 to 195; at half their light, 73 to 97, one total of ten was lost."""
BRIGHT: Final = 235.0
"""Mean brightness from which a photo may be overexposed; white scans are as bright."""
FADING: Final = 90.0
"""Contrast of a bright picture below which its print fades; 47 of 48 good scans had more."""
FAINT: Final = 60.0
"""Contrast of any picture below which print hardly stands out: good photos had 134 to 214, at a quarter 33 to 54."""
SMALL: Final = 14.0
"""Median height of the texts in pixels: good photos had 19 to 105; a screenshot below this was not read."""
TILTED: Final = 10.0
"""Degrees; good photos lay within 2.6, and at 8 all dates and totals were still read."""
FAR: Final = 0.2
"""Part of the picture that the texts reach over: good photos had 0.30 to 0.96."""

_INK: Final = 1.0
"""Percentile of the ink: on a sheet with wide margins it covers less than a twentieth of the picture."""
_ENOUGH_TEXTS: Final = 5
"""With fewer, nothing is said of height, tilt and coverage: the picture may show no receipt at all."""
_MOST_TEXTS: Final = 40
"""Texts whose sharpness is measured; their median does not move with more."""
_TEXT_HEIGHT: Final = 48
"""Pixels to which each text is brought, so that large print is not called blurred."""
_LEVEL_TEXT: Final = 3.0
"""Width by height from which on a text tells the tilt of its line."""
_LEAST_CONTRAST: Final = 25.0
"""Levels below which a text holds nothing whose sharpness could be told."""

RETAKE: Final = "The photo is blurred: hold the phone still and take it again."
HOLD_STILL: Final = "The photo is a little blurred: tap the receipt on the screen to focus and hold the phone still."
MORE_LIGHT: Final = "The photo is dark: turn on a light or go to a brighter place."
LESS_LIGHT: Final = "The photo is too bright: turn off the flash and keep direct light off the receipt."
EVEN_LIGHT: Final = "The print hardly stands out from the paper: take the photo in even light, without shadow or glare."
LARGER_PRINT: Final = "The print is small: move the phone closer; photograph a long receipt in parts."
STRAIGHT: Final = "The receipt is tilted by {degrees}°: hold the phone straight above it."
CLOSER: Final = "The receipt fills little of the picture: move the phone closer."
SENTENCES: Final = (RETAKE, HOLD_STILL, MORE_LIGHT, LESS_LIGHT, EVEN_LIGHT, LARGER_PRINT, STRAIGHT, CLOSER)


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured. What needs the places of texts is None where they are not known."""

    sharpness: float
    """Variance of the Laplacian, at `SIDE` pixels and brought to a contrast of 100 levels."""
    brightness: float
    contrast: float
    """Levels between the 1st and the 95th percentile: ink and paper."""
    text_sharpness: float | None = None
    text_height: float | None = None
    tilt: float | None = None
    """Degrees, clockwise positive."""
    coverage: float | None = None

    def as_json(self) -> dict[str, float | None]:
        """The measures as they are stored with a reading."""
        return {name: None if value is None else round(value, 2) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Measures:
        """The measures that `as_json` wrote. Raises KeyError where one that is always measured is missing."""
        always = (document["sharpness"], document["brightness"], document["contrast"])
        return cls(*always, *(document.get(name) for name in ("text_sharpness", "text_height", "tilt", "coverage")))


def measure(picture: Image.Image | NDArray[np.uint8], text: Sequence[Corners] | None = None) -> Measures:
    """Measure an upright RGB picture of any size; `text` are the corners of its texts in pixels of this picture.

    Sharpness depends on how much a picture was reduced before, so take one whose longer side is at least `SIDE`.
    """
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    grey = np.asarray(image.convert("L"))
    light = _light(_reduced(grey))
    if text is None or len(text) < _ENOUGH_TEXTS:
        return light
    quads = np.array(text, np.float32).reshape(-1, 4, 2)
    return Measures(
        light.sharpness,
        light.brightness,
        light.contrast,
        text_sharpness=_text_sharpness(grey, quads),
        text_height=float(np.median(_lengths(quads, 0, 3))),
        tilt=_tilt(quads),
        coverage=_coverage(quads, grey.shape),
    )


def hints(measures: Measures) -> tuple[Note, ...]:
    """What to do better, the gravest first; none for a good photo."""
    found = (_blur(measures), _lighting(measures), _distance(measures), _tilted(measures))
    return tuple(note for note in found if note)


def _blur(measures: Measures) -> Note | None:
    """Told by the texts where they are known: a sharp table beside a blurred receipt does not count."""
    value, retake, slightly = measures.sharpness, BLURRED, SLIGHTLY_BLURRED
    if measures.text_sharpness is not None:
        value, retake, slightly = measures.text_sharpness, TEXT_BLURRED, TEXT_SLIGHTLY_BLURRED
    if value < retake:
        return Note(RETAKE)
    return Note(HOLD_STILL) if value < slightly else None


def _lighting(measures: Measures) -> Note | None:
    """One hint on light: too little of it also takes the contrast."""
    if measures.brightness < DARK:
        return Note(MORE_LIGHT)
    if measures.brightness > BRIGHT and measures.contrast < FADING:
        return Note(LESS_LIGHT)
    return Note(EVEN_LIGHT) if measures.contrast < FAINT else None


def _distance(measures: Measures) -> Note | None:
    if measures.coverage is not None and measures.coverage < FAR:
        return Note(CLOSER)
    small = measures.text_height is not None and measures.text_height < SMALL
    return Note(LARGER_PRINT) if small else None


def _tilted(measures: Measures) -> Note | None:
    if measures.tilt is None or abs(measures.tilt) <= TILTED:
        return None
    return Note(STRAIGHT, {"degrees": f"{abs(measures.tilt):.0f}"})


def _reduced(grey: Grey) -> Grey:
    scale = SIDE / max(grey.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=way), np.uint8)


def _light(grey: Grey) -> Measures:
    low, high = _levels(grey, _INK, 95)
    contrast = float(high - low)
    # The Laplacian grows with the light; at an equal contrast it tells sharpness alone.
    even = (max(contrast, FAINT) / 100) ** 2
    # Sixteen bits hold four times what a pixel does; wider ones would take most of the time of a measurement.
    _, edges = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return Measures(float(edges[0, 0]) ** 2 / even, float(grey.mean()), contrast)


def _levels(grey: Grey, *percents: float) -> NDArray[np.float64]:
    """`numpy.percentile` by way of the histogram, which need not sort a million pixels."""
    up_to = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]), dtype=np.float64)
    places = np.array(percents) / 100 * (grey.size - 1)
    below, above = (np.searchsorted(up_to, whole, side="right") for whole in (np.floor(places), np.ceil(places)))
    return below + (above - below) * (places % 1)


def _text_sharpness(grey: Grey, quads: NDArray[np.float32]) -> float | None:
    """Median over texts from all over the picture; None where none stands out."""
    some = quads[np.linspace(0, len(quads) - 1, min(len(quads), _MOST_TEXTS)).astype(int)]
    values = [value for quad in some if (value := _sharpness_in(grey, quad)) is not None]
    return float(np.median(values)) if values else None


def _sharpness_in(grey: Grey, quad: NDArray[np.float32]) -> float | None:
    """Variance of the Laplacian of one text, brought to one height and to full contrast."""
    width, height = float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))
    if width < 1 or height < 1:
        return None
    target = (max(1, round(width * _TEXT_HEIGHT / height)), _TEXT_HEIGHT)
    flat = np.array([[0, 0], [target[0], 0], target, [0, target[1]]], np.float32)
    crop = cv2.warpPerspective(grey, cv2.getPerspectiveTransform(quad, flat), target, flags=cv2.INTER_LINEAR)
    low, high = np.percentile(crop, (5, 95))
    if high - low < _LEAST_CONTRAST:
        return None
    even = ((crop.astype(np.float32) - low) * (255 / (high - low))).astype(np.float32)
    return float(cv2.Laplacian(even, cv2.CV_32F).var())


def _lengths(quads: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
    """Distances between two corners, one a text."""
    return np.asarray(np.linalg.norm(quads[:, end] - quads[:, start], axis=1), np.float32)


def _tilt(quads: NDArray[np.float32]) -> float | None:
    level = quads[_lengths(quads, 0, 1) > _LEVEL_TEXT * _lengths(quads, 0, 3)]
    if not len(level):
        return None
    along = level[:, 1] - level[:, 0]
    return float(np.degrees(np.median(np.arctan2(along[:, 1], along[:, 0]))))


def _coverage(quads: NDArray[np.float32], shape: tuple[int, ...]) -> float:
    """Part of the picture within the upright box around all texts."""
    width, height = np.ptp(quads.reshape(-1, 2), axis=0)
    return float(width * height / (shape[0] * shape[1]))
