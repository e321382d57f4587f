"""What it costs to show a photo to a model, beside sending it whole and beside the plainest way of scaling it.

    python -m benchmarks.parts.pictures

One drawn 12-megapixel photo and one drawn strip; every way runs in the same process, in turns, the best of several.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.parts.figures import Figure, report
from ledger.extraction.pictures.seeing import QUALITY, see
from ledger.extraction.pictures.vision import Tiles, kept_size
from ledger.inbox.images import Photo, data_url, open_photo

GPT_4O = Tiles(85, 170)
FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"
ROUNDS = 5


def figures() -> list[Figure]:
    return [*_of_photo(), *_of_cropped_photo(), _of_strip()]


def _of_photo() -> list[Figure]:
    """A paper that fills the photo, so that nothing is cropped and the pixels can be compared one by one."""
    photo = _photo(_shot(2900, 3900))
    seconds, plain_seconds = _side_by_side(lambda: _shown(photo), lambda: _plain(photo)[1])
    seen = Image.open(io.BytesIO(see(photo, vision=GPT_4O, detail="high").parts[0].jpeg))
    return [
        Figure("12 MP photo, original / sent bytes", len(_original(photo)) / len("".join(_shown(photo))), 8),
        Figure("12 MP photo, time / plain way", seconds / plain_seconds, 0.6, at_least=False),
        Figure("12 MP photo, PSNR against plain way, dB", _psnr(seen, _plain(photo)[0]), 35),
    ]


def _of_cropped_photo() -> list[Figure]:
    """A paper on a table, which is cropped and so sent with more pixels of it."""
    photo = _photo(_shot(1900, 3300))
    seconds, plain_seconds = _side_by_side(lambda: _shown(photo), lambda: _plain(photo)[1])
    left, _, right, _ = see(photo, vision=GPT_4O, detail="high").parts[0].frame
    return [
        Figure("12 MP photo cropped, original / sent bytes", len(_original(photo)) / len("".join(_shown(photo))), 8),
        Figure("12 MP photo cropped, time / plain way", seconds / plain_seconds, 0.6, at_least=False),
        Figure("12 MP photo cropped, glyphs larger than uncropped, times", photo.width / (right - left), 1.2),
    ]


def _of_strip() -> Figure:
    """How much higher a sign is in the parts of a strip than in the strip as the model would keep it."""
    photo = _photo(_printed(1000, 6000, 40))
    parts = see(photo, vision=GPT_4O, detail="high").parts
    whole = kept_size(GPT_4O, photo.width, photo.height, "high")[1] / photo.height
    least = min(part.height / (part.frame[3] - part.frame[1]) for part in parts)
    return Figure(f"1000x6000 strip in {len(parts)} parts, glyphs higher, times", least / whole, 2)


def _shown(photo: Photo) -> list[str]:
    """The pictures of the request's body."""
    return [data_url(part.jpeg, "image/jpeg") for part in see(photo, vision=GPT_4O, detail="high").parts]


def _original(photo: Photo) -> str:
    return data_url(photo.data, photo.mime)


def _plain(photo: Photo) -> tuple[Image.Image, str]:
    """Pillow's decode, resize and encode, with nothing clever."""
    size = kept_size(GPT_4O, photo.width, photo.height, "high")
    small = Image.open(io.BytesIO(photo.data)).convert("RGB").resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return small, data_url(out.getvalue(), "image/jpeg")


def _side_by_side(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Seconds of both, the best of some rounds in turns, so that a busy machine slows both."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for place, way in enumerate((one, other)):
            started = time.perf_counter()
            way()
            best[place] = min(best[place], time.perf_counter() - started)
    return best[0], best[1]


def _psnr(one: Image.Image, other: Image.Image) -> float:
    error = np.mean((np.asarray(one, np.float64) - np.asarray(other, np.float64)) ** 2)
    return float(10 * np.log10(255**2 / error))


def _photo(picture: Image.Image) -> Photo:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=93)
    return open_photo(out.getvalue(), "영수증.jpg")


def _shot(paper_width: int, paper_height: int) -> Image.Image:
    """3024 x 4032 pixels: a paper of that size on a dark table, lit from the right, with a sensor's coarse grain."""
    rng = np.random.default_rng(3)
    yy, xx = np.mgrid[0:4032, 0:3024].astype(np.float32)
    scene = np.repeat((80 + 10 * np.sin(xx / 37) + 10 * np.sin(yy / 53 + xx / 190))[..., None], 3, axis=2)
    left, top = (3024 - paper_width) // 2, (4032 - paper_height) // 2
    scene[top : top + paper_height, left : left + paper_width] = np.asarray(_printed(paper_width, paper_height, 62))
    lit = cv2.GaussianBlur(scene * (0.75 + 0.35 * xx / 3024)[..., None], (0, 0), 1.4)
    grain = cv2.GaussianBlur(rng.normal(0, 14, scene.shape).astype(np.float32), (0, 0), 0.8)
    return Image.fromarray((lit + grain).clip(0, 255).astype(np.uint8))


def _printed(width: int, height: int, size: int) -> Image.Image:
    paper = Image.new("RGB", (width, height), (228, 228, 224))
    draw, font = ImageDraw.Draw(paper), ImageFont.truetype(FONT, size)
    for row, top in enumerate(range(size, height - 2 * size, size * 4 // 3)):
        draw.text(
            (size, top), f"감자 수제간식 {row}호   {1 + row % 3}   {900 + row * 1300:,}", fill=(50, 50, 55), font=font
        )
    return paper


if __name__ == "__main__":
    sys.exit(report(figures()))
