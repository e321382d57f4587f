"""A picture that is no receipt: a dog in a park, painted."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.desks import noise

Point = tuple[float, float]


def park(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """The scene in colour, floats from 0 to 1."""
    width, height = size
    rng = np.random.default_rng(seed)
    scene = _meadow(width, height, rng)
    layer = Image.new("RGBA", (1400, 1050), (0, 0, 0, 0))
    _dog(ImageDraw.Draw(layer))
    dog = np.asarray(layer.resize(size, Image.Resampling.LANCZOS), np.float32) / 255
    fur = 1 + 0.16 * noise(width, height, 5, 16, rng) + 0.10 * noise(width, height, 70, 90, rng)
    light = np.linspace(1.1, 0.8, height, dtype=np.float32)[:, None]
    colour = dog[..., :3] * (fur * light)[..., None]
    alpha = cv2.GaussianBlur(dog[..., 3], (0, 0), 2.0)[..., None]
    return np.asarray(np.clip(scene + (colour - scene) * alpha, 0, 1), np.float32)


def _meadow(width: int, height: int, rng: np.random.Generator) -> NDArray[np.float32]:
    v = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    sky = np.array([0.55, 0.74, 0.93], np.float32) + v * np.array([0.55, 0.35, 0.08], np.float32)
    scene = np.broadcast_to(sky, (height, width, 3)).copy()
    scene += 0.10 * np.clip(noise(width, height, 260, 70, rng), 0, 1)[..., None]
    xx = np.arange(width, dtype=np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None]
    tops = height * (0.30 + 0.05 * np.sin(xx / 150) + 0.05 * noise(width, 2, 60, 2, rng)[0])
    leaves = np.array([0.20, 0.36, 0.17], np.float32) * (1 + 0.35 * noise(width, height, 18, 15, rng)[..., None])
    scene = np.where((rows > tops)[..., None], leaves, scene)
    grass = np.array([0.40, 0.56, 0.22], np.float32) * (
        0.75
        + 0.4 * v
        + 0.12 * noise(width, height, 5, 22, rng)[..., None]
        + 0.08 * noise(width, height, 180, 60, rng)[..., None]
    )
    scene = np.where((rows > height * 0.52 + 6 * np.sin(xx / 90))[..., None], grass, scene)
    return np.asarray(cv2.GaussianBlur(scene.astype(np.float32), (0, 0), 3.0), np.float32)


def _dog(draw: ImageDraw.ImageDraw) -> None:
    """A sitting dog, seen from the front, in a canvas of 1400 x 1050."""
    coat, dark, cream = (196, 140, 82), (140, 92, 48), (238, 220, 192)
    draw.ellipse((430, 930, 1010, 1020), fill=(60, 84, 32, 150))
    draw.ellipse((880, 760, 1080, 850), fill=dark)
    draw.ellipse((450, 520, 950, 1000), fill=coat)
    draw.ellipse((580, 560, 820, 960), fill=cream)
    for x in (560, 730):
        draw.rounded_rectangle((x, 700, x + 110, 980), 52, fill=coat)
        draw.ellipse((x - 14, 920, x + 124, 1004), fill=cream)
    draw.ellipse((480, 170, 920, 610), fill=coat)
    draw.polygon(((500, 330), (430, 210), (470, 150), (600, 210)), fill=dark)
    draw.polygon(((900, 330), (970, 210), (930, 150), (800, 210)), fill=dark)
    draw.ellipse((400, 190, 540, 480), fill=dark)
    draw.ellipse((860, 190, 1000, 480), fill=dark)
    draw.polygon(((700, 190), (650, 400), (750, 400)), fill=cream)
    draw.ellipse((580, 380, 820, 590), fill=cream)
    for x in (590, 750):
        draw.ellipse((x, 320, x + 62, 386), fill=(40, 26, 18))
        draw.ellipse((x + 34, 330, x + 52, 348), fill=(250, 250, 250))
    draw.ellipse((650, 410, 750, 476), fill=(34, 28, 28))
    draw.ellipse((672, 420, 704, 436), fill=(110, 104, 104))
    draw.line((700, 474, 700, 512), fill=(60, 40, 34), width=7)
    draw.arc((630, 460, 702, 530), 20, 160, fill=(60, 40, 34), width=7)
    draw.arc((698, 460, 770, 530), 20, 160, fill=(60, 40, 34), width=7)
    draw.pieslice((662, 490, 738, 596), 10, 170, fill=(222, 112, 118))
    draw.arc((520, 520, 880, 660), 20, 160, fill=(196, 52, 48), width=30)
    draw.ellipse((674, 640, 726, 692), fill=(230, 192, 74))
