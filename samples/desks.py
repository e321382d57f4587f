"""What the receipts lie on. Each desk is a picture in floats from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
DeskName = Literal["oak", "walnut", "granite", "slate", "linen", "fabric", "mat"]


def desk(name: DeskName, size: tuple[int, int], rng: np.random.Generator) -> Picture:
    """A surface that fills the frame, a little out of focus as the camera looks at the paper."""
    surface = _DESKS[name](*size, rng)
    return np.asarray(np.clip(blurred(surface, 1.3), 0, 1), np.float32)


def blurred(picture: Picture, sigma: float) -> Picture:
    """The picture out of focus by `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def noise(width: int, height: int, cell_x: float, cell_y: float, rng: np.random.Generator) -> Picture:
    """Smooth noise from -1 to 1 whose patches are about `cell_x` by `cell_y` pixels."""
    coarse = rng.uniform(-1, 1, (max(2, round(height / cell_y)), max(2, round(width / cell_x)))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _colour(red: int, green: int, blue: int) -> Picture:
    return np.array([red / 255, green / 255, blue / 255], np.float32)


def _wood(width: int, height: int, rng: np.random.Generator, base: Picture, dark: Picture) -> Picture:
    bend = noise(width, height, 420, 900, rng) * 60
    fine = noise(width, height, 5, 700, rng) * 0.5 + noise(width, height, 16, 900, rng) * 0.7
    xx = np.arange(width, dtype=np.float32)[None, :] + bend
    rings = np.sin(xx / 34 + noise(width, height, 260, 1200, rng) * 5) * 0.5
    grain = np.clip(0.42 + 0.24 * fine + 0.22 * rings, 0, 1)[..., None]
    surface = base + (dark - base) * grain
    for seam in range(int(rng.integers(150, 300)), width, 420):
        surface[:, seam : seam + 3] *= 0.55
    return np.asarray(surface, np.float32)


def _oak(width: int, height: int, rng: np.random.Generator) -> Picture:
    return _wood(width, height, rng, _colour(206, 170, 124), _colour(158, 117, 74))


def _walnut(width: int, height: int, rng: np.random.Generator) -> Picture:
    return _wood(width, height, rng, _colour(124, 86, 60), _colour(70, 45, 31))


def _granite(width: int, height: int, rng: np.random.Generator) -> Picture:
    surface = _colour(178, 177, 173) + 0.035 * noise(width, height, 120, 120, rng)[..., None]
    for share, shade, blur in ((0.006, -0.30, 1.5), (0.004, 0.14, 2.4), (0.0012, -0.42, 2.6)):
        seeds = (rng.random((height, width)) < share).astype(np.float32)
        specks = blurred(np.asarray(cv2.dilate(seeds, np.ones((3, 3), np.uint8)), np.float32), blur)
        surface = np.asarray(surface + shade * np.clip(specks * 1.6, 0, 1)[..., None], np.float32)
    return np.asarray(surface, np.float32)


def _slate(width: int, height: int, rng: np.random.Generator) -> Picture:
    rough = noise(width, height, 300, 240, rng) * 0.03 + noise(width, height, 14, 9, rng) * 0.012
    return np.asarray(_colour(62, 66, 72) + rough[..., None], np.float32)


def _linen(width: int, height: int, rng: np.random.Generator) -> Picture:
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = np.sin(xx * 0.9 + noise(width, height, 90, 30, rng)) * np.sin(yy * 0.9 + noise(width, height, 30, 90, rng))
    threads = noise(width, height, 3, 120, rng) + noise(width, height, 120, 3, rng)
    surface = _colour(122, 139, 158) + (0.03 * weave + 0.03 * threads)[..., None]
    return np.asarray(surface, np.float32)


def _fabric(width: int, height: int, rng: np.random.Generator) -> Picture:
    """A light blanket in soft folds."""
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    drift = 3.2 * noise(width, height, 620, 540, rng) + 0.8 * noise(width, height, 240, 240, rng)
    folds = np.sin(xx / 150 + yy / 260 + drift)
    knit = np.sin(xx * 0.55 + drift * 4) * np.sin(yy * 0.42 + drift * 3)
    light = 0.06 * folds - 0.05 * np.exp(-((folds + 0.9) ** 2) * 30) + 0.018 * knit
    return np.asarray(_colour(212, 198, 186) + (light + 0.012 * noise(width, height, 7, 7, rng))[..., None], np.float32)


def _mat(width: int, height: int, rng: np.random.Generator) -> Picture:
    """A green cutting mat with its grid."""
    surface = np.tile(_colour(44, 96, 82), (height, width, 1)) + 0.02 * noise(width, height, 200, 200, rng)[..., None]
    for step, gain in ((46, 0.05), (230, 0.14)):
        surface[:, 20::step] += gain
        surface[:, 21::step] += gain
        surface[33::step] += gain
        surface[34::step] += gain
    return np.asarray(surface, np.float32)


_DESKS: Final[dict[DeskName, Callable[[int, int, np.random.Generator], Picture]]] = {
    "oak": _oak,
    "walnut": _walnut,
    "granite": _granite,
    "slate": _slate,
    "linen": _linen,
    "fabric": _fabric,
    "mat": _mat,
}
