"""Things that lie about on the desk beside a receipt. Each is a shape seen from above, lit from the top left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from samples.desks import Picture, blurred

PropName = Literal["ball", "coin", "mug", "pen"]
_LIGHT: Final = (-0.45, -0.55, 0.70)


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing and its place: `x`, `y` and `size` (its radius, for a pen half its length) are fractions of the width."""

    name: PropName
    x: float
    y: float
    size: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class _Grid:
    """Places on the desk as seen from a prop: `u` and `v` in units of its size, `edge` one pixel in that unit."""

    u: Picture
    v: Picture
    edge: float

    @property
    def distance(self) -> Picture:
        return np.asarray(np.hypot(self.u, self.v), np.float32)

    def inside(self, outline: Picture) -> Picture:
        """1 where `outline` is below zero, with a soft edge of two pixels."""
        return np.asarray(np.clip(0.5 - outline / (2 * self.edge), 0, 1), np.float32)


def place(scene: Picture, prop: Prop) -> Picture:
    """The desk with the prop and its shadow on it."""
    height, width = scene.shape[:2]
    radius = prop.size * width
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (xx - prop.x * width) / radius, (yy - prop.y * width) / radius
    turn = np.deg2rad(prop.turn)
    grid = _Grid(
        np.asarray(x * np.cos(turn) + y * np.sin(turn), np.float32),
        np.asarray(-x * np.sin(turn) + y * np.cos(turn), np.float32),
        1 / radius,
    )
    colour, mask = _PROPS[prop.name](grid)
    reach = max(3, round(0.014 * width))
    shadow = blurred(np.roll(mask, (reach, reach), (0, 1)), reach)[..., None]
    shaded = scene * (1 - 0.55 * shadow)
    return np.asarray(shaded + (colour - shaded) * mask[..., None], np.float32)


def _mixed(base: tuple[float, float, float], light: Picture) -> Picture:
    return np.asarray(np.array(base, np.float32) * light[..., None], np.float32)


def _ball(grid: _Grid) -> tuple[Picture, Picture]:
    """A tennis ball."""
    lift = np.sqrt(np.clip(1 - grid.distance**2, 0, 1))
    light = np.clip(grid.u * _LIGHT[0] + grid.v * _LIGHT[1] + lift * _LIGHT[2], 0, 1)
    seam = np.exp(-(((np.hypot(grid.u - 1.15, grid.v) - 0.85) / 0.045) ** 2))
    seam += np.exp(-(((np.hypot(grid.u + 1.15, grid.v) - 0.85) / 0.045) ** 2))
    colour = _mixed((0.80, 0.86, 0.26), np.asarray(0.42 + 0.68 * light, np.float32))
    colour = colour + (0.92 * (0.5 + 0.5 * light) - colour.mean(axis=2))[..., None] * (0.8 * seam)[..., None]
    return np.asarray(np.clip(colour, 0, 1), np.float32), grid.inside(np.asarray(grid.distance - 1, np.float32))


def _coin(grid: _Grid) -> tuple[Picture, Picture]:
    """A worn coin with a raised rim."""
    rim = np.exp(-(((grid.distance - 0.93) / 0.04) ** 2)) - 0.7 * np.exp(-(((grid.distance - 0.85) / 0.03) ** 2))
    facing = (grid.u * _LIGHT[0] + grid.v * _LIGHT[1]) / np.clip(grid.distance, 0.2, None)
    light = 0.72 + 0.10 * (grid.u * _LIGHT[0] + grid.v * _LIGHT[1]) + 0.3 * rim * facing
    return _mixed((0.92, 0.90, 0.86), np.asarray(light, np.float32)), grid.inside(
        np.asarray(grid.distance - 1, np.float32)
    )


def _mug(grid: _Grid) -> tuple[Picture, Picture]:
    """A white mug of coffee from above, its handle along `u`."""
    handle = np.maximum(np.abs(grid.v) - 0.11, np.abs(grid.u - 1.15) - 0.3)
    slope = grid.u * _LIGHT[0] + grid.v * _LIGHT[1]
    china = _mixed((0.95, 0.94, 0.91), np.asarray(0.82 + 0.13 * slope, np.float32))
    wall = _mixed((0.90, 0.89, 0.86), np.asarray(0.68 - 0.22 * slope, np.float32))
    coffee = _mixed((0.30, 0.17, 0.09), np.asarray(1 - 0.35 * slope, np.float32))
    crema = np.exp(-(((grid.distance - 0.76) / 0.035) ** 2))[..., None]
    coffee = coffee + crema * np.array([0.24, 0.15, 0.07], np.float32)
    colour = china + (wall - china) * grid.inside(np.asarray(grid.distance - 0.91, np.float32))[..., None]
    colour = colour + (coffee - colour) * grid.inside(np.asarray(grid.distance - 0.80, np.float32))[..., None]
    outline = np.minimum(grid.distance - 1, handle)
    return np.asarray(colour, np.float32), grid.inside(np.asarray(outline, np.float32))


def _pen(grid: _Grid) -> tuple[Picture, Picture]:
    """A ball pen along `u`, its point at the right."""
    taper = np.clip((grid.u - 0.82) / 0.18, 0, 1)
    half = 0.052 * (1 - 0.78 * taper)
    across = grid.v / half
    light = 0.55 + 0.45 * np.sqrt(np.clip(1 - across**2, 0, 1)) + 0.5 * np.exp(-(((across + 0.45) / 0.16) ** 2))
    colour = _mixed((0.13, 0.20, 0.38), np.asarray(light, np.float32))
    metal = ((grid.u > 0.82) | (np.abs(grid.u - 0.02) < 0.02) | (grid.u < -0.93))[..., None]
    colour = np.where(metal, _mixed((0.66, 0.67, 0.70), np.asarray(light, np.float32)), colour)
    outline = np.maximum(np.abs(grid.v) - half, np.abs(grid.u) - 1)
    return np.asarray(np.clip(colour, 0, 1), np.float32), grid.inside(np.asarray(outline, np.float32))


_PROPS: Final[dict[PropName, Callable[[_Grid], tuple[Picture, Picture]]]] = {
    "ball": _ball,
    "coin": _coin,
    "mug": _mug,
    "pen": _pen,
}
