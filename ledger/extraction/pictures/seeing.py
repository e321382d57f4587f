"""What a model is shown of a photo: upright, cropped, cut and scaled in one step to what it would keep. Pure."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from ledger.extraction.look import Look
from ledger.extraction.pictures.paper import paper_frame
from ledger.extraction.pictures.preparation import ENLARGED, applied, binarised, enlarges, network_of, scaled
from ledger.extraction.pictures.sight import Frame, Part, Sight
from ledger.extraction.pictures.strips import cut
from ledger.extraction.pictures.vision import Vision, kept_size, narrows_strips
from ledger.inbox.images import Photo, reduced_image

QUALITY: Final = 88
"""JPEG quality of what is sent; the same as on the screen, so that people and models see alike."""
SMALL: Final = 1_000_000
"""Most pixels of a picture that is still enlarged. A larger one shows its print well."""
SMALL_FOR_NETWORK: Final = 40_000
"""The same, of all parts together, where a network enlarges: a minute on two cores.

EDSR has 40.7 million weights and multiplies by each at every pixel; with the rows that its bands share, OpenCV took 1.3
to 1.9 ms a pixel, so a megapixel would take half an hour, longer than anybody waits for a reading.
"""

Size = tuple[int, int]


def see(
    photo: Photo,
    *,
    vision: Vision,
    detail: str | None,
    preparation: str = "none",
    quarter_turns: int = 0,
    look: Look | None = None,
    upscaler: Path | None = None,
) -> Sight:
    """What a model of that vision is shown of the photo. The same arguments give the same bytes.

    `preparation` is one of PREPARATIONS. Upscaling matters only where the model keeps more pixels than the cropped
    picture has, so for small pictures, and with a network for tiny ones; others are left as they are, which the
    sight's preparation says.
    Raises ValueError for an unknown preparation and UpscalerUnusable for a file that cannot enlarge.
    """
    started = time.perf_counter()
    size = _upright_size(photo, quarter_turns)
    picture = reduced_image(photo, kept_size(vision, *size, detail), quarter_turns)
    frame = _paper(picture, size, look, quarter_turns)
    times = ENLARGED if enlarges(preparation) and _is_quick(frame, upscaler) else 1
    frames = _parts(picture, size, frame) if narrows_strips(vision, *_sides(frame, times), detail) else (frame,)
    wanted = [kept_size(vision, *_sides(part, times if _pixels(part) <= SMALL else 1), detail) for part in frames]
    picture = _large_enough(picture, photo, frames, wanted, quarter_turns)
    done = applied(preparation, enlarged=any(map(_enlarged, frames, wanted)), upscaler=upscaler)
    parts = _shown(picture, size, frames, wanted, done, upscaler)
    return Sight(parts, round((time.perf_counter() - started) * 1000), done, quarter_turns)


def see_again(photo: Photo, stored: Mapping[str, Any], *, upscaler: Path | None = None) -> Sight:
    """The sight that was stored with a run as `Sight.as_json` gives it, its pictures made again from the photo."""
    quarter_turns = stored["quarter_turns"]
    frames: list[Frame] = [tuple(part["frame"]) for part in stored["parts"]]
    wanted: list[Size] = [(part["width"], part["height"]) for part in stored["parts"]]
    size = _upright_size(photo, quarter_turns)
    picture = reduced_image(photo, _needed(size, frames, wanted), quarter_turns)
    parts = _shown(picture, size, frames, wanted, stored["preparation"], upscaler)
    return Sight(parts, stored["milliseconds"], stored["preparation"], quarter_turns)


def _upright_size(photo: Photo, quarter_turns: int) -> Size:
    return (photo.height, photo.width) if quarter_turns % 2 else (photo.width, photo.height)


def _sides(frame: Frame, times: int = 1) -> Size:
    return times * (frame[2] - frame[0]), times * (frame[3] - frame[1])


def _pixels(frame: Frame) -> int:
    width, height = _sides(frame)
    return width * height


def _is_quick(frame: Frame, upscaler: Path | None) -> bool:
    """Whether enlarging takes no longer than it may; without a network it takes next to nothing."""
    return upscaler is None or _pixels(frame) <= SMALL_FOR_NETWORK


def _paper(picture: Image.Image, size: Size, look: Look | None, quarter_turns: int) -> Frame:
    """Where the paper lies, or the whole picture where that is not certain.

    Nor is it where the look was at a picture turned another way, so that it cannot tell where text stands.
    """
    whole = (0, 0, *size)
    if look is not None and (look.quarter_turns - quarter_turns) % 4:
        return whole
    texts = [segment.quad for line in (look.lines if look else ()) for segment in line]
    return paper_frame(np.asarray(picture), size, texts) or whole


def _parts(picture: Image.Image, size: Size, frame: Frame) -> tuple[Frame, ...]:
    left, top, right, bottom = (round(edge) for edge in _box(frame, size, picture.size))
    return cut(np.asarray(picture.crop((left, top, right, bottom)).convert("L")), frame)


def _needed(size: Size, frames: Sequence[Frame], wanted: Sequence[Size]) -> Size:
    """How large the whole picture must be for each frame to have as many pixels as are wanted, if it ever was."""
    share = max(width / _sides(frame)[0] for frame, (width, _) in zip(frames, wanted, strict=True))
    return min(size[0], round(share * size[0])), min(size[1], round(share * size[1]))


def _large_enough(
    picture: Image.Image, photo: Photo, frames: Sequence[Frame], wanted: Sequence[Size], quarter_turns: int
) -> Image.Image:
    """The same picture, or one decoded larger where a crop is to be shown in more detail than the whole was."""
    needed = _needed(_upright_size(photo, quarter_turns), frames, wanted)
    enough = picture.width >= needed[0] and picture.height >= needed[1]
    return picture if enough else reduced_image(photo, needed, quarter_turns)


def _shown(
    picture: Image.Image,
    size: Size,
    frames: Sequence[Frame],
    wanted: Sequence[Size],
    preparation: str,
    upscaler: Path | None,
) -> tuple[Part, ...]:
    """A JPEG of the wanted size for each frame, prepared by the steps that `preparation` names as applied."""
    network = network_of(preparation, upscaler)
    parts = []
    for frame, target in zip(frames, wanted, strict=True):
        means = network if _enlarged(frame, target) else None
        one = scaled(picture, _box(frame, size, picture.size), target, means)
        parts.append(Part(_jpeg(binarised(one) if "binarise" in preparation else one), *target, frame))
    return tuple(parts)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    # Made anew from its pixels, so that no profile or comment of the camera travels with it.
    Image.fromarray(np.asarray(picture)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _enlarged(frame: Frame, target: Size) -> bool:
    return target[0] > _sides(frame)[0]


def _box(frame: Frame, size: Size, actual: Size) -> tuple[float, float, float, float]:
    """The frame in the pixels of a picture decoded at `actual` size."""
    across, down = actual[0] / size[0], actual[1] / size[1]
    left, top, right, bottom = frame
    return left * across, top * down, right * across, bottom * down
