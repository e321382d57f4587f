"""A network that doubles a picture, from a model file, run by OpenCV. Pure.

The file is an EDSR network as OpenCV's `dnn_superres` takes it (EDSR_x2.pb of Saafke/EDSR_Tensorflow), or the same in
ONNX: blue, green and red from 0 to 255, less the mean of the DIV2K pictures it was trained on, in and out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from ledger.errors import UpscalerUnusable
from ledger.extraction.reasons import NOT_DOUBLED, NOT_EDSR
from ledger.notes import Note

Pixels = npt.NDArray[np.uint8]

MEAN: Final = (103.1545782, 111.561547, 114.35629928)
"""Blue, green and red, as in OpenCV contrib's dnn_superres.cpp."""
BAND: Final = 96
"""Rows enlarged at once: EDSR holds 1024 numbers for each pixel, so a whole picture would take gigabytes."""
CONTEXT: Final = 16
"""Rows above and below a band that are shown with it, so that no seam is seen."""
FAITHFUL: Final = 12.0
"""How far a doubled test picture may be from a plainly doubled one, on average, in grey levels of 255."""


@dataclass(frozen=True, slots=True)
class Upscaler:
    """Doubles pictures. Not for several threads at once."""

    net: Any

    def doubled(self, pixels: Pixels) -> Pixels:
        """RGB of height x width x 3 pixels, twice as high and wide."""
        bands = [self._band(pixels, top) for top in range(0, len(pixels), BAND)]
        return np.concatenate(bands)

    def _band(self, pixels: Pixels, top: int) -> Pixels:
        first, last = max(0, top - CONTEXT), min(len(pixels), top + BAND + CONTEXT)
        whole = self._run(pixels[first:last])
        skipped = 2 * (top - first)
        return whole[skipped : skipped + 2 * min(BAND, len(pixels) - top)]

    def _run(self, pixels: Pixels) -> Pixels:
        centred = pixels[:, :, ::-1].astype(np.float32) - np.array(MEAN, np.float32)
        self.net.setInput(np.ascontiguousarray(centred.transpose(2, 0, 1)[None]))
        seen = np.asarray(self.net.forward())[0].transpose(1, 2, 0) + np.array(MEAN, np.float32)
        return np.asarray(seen[:, :, ::-1].clip(0, 255).round(), np.uint8)


def load_upscaler(file: Path) -> Upscaler:
    """The network of a .pb or .onnx file. Raises UpscalerUnusable, which names the file."""
    try:
        upscaler = Upscaler(_net(file))
        faithful = _doubles(upscaler)
    except OSError as exc:
        raise UpscalerUnusable(file=file, why=exc.strerror or str(exc)) from exc
    except (cv2.error, ValueError, IndexError) as exc:
        raise UpscalerUnusable(file=file, why=Note(NOT_EDSR)) from exc
    if not faithful:
        raise UpscalerUnusable(file=file, why=Note(NOT_DOUBLED))
    return upscaler


def _net(file: Path) -> Any:
    data = file.read_bytes()
    if b"Conv" not in data:  # OpenCV does not survive some files without any layer
        raise ValueError("no network")
    if file.suffix.lower() == ".onnx":
        return cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
    # OpenCV's DepthToSpace wants `blocksize`, TensorFlow wrote `block_size` (opencv/opencv#27014). In the file a name
    # stands behind its length; written in two bytes, the shorter name's length fills the place of the underscore.
    renamed = data.replace(b"\n\x0ablock_size", b"\n\x89\x00blocksize")
    return cv2.dnn.readNetFromTensorflow(np.frombuffer(renamed, np.uint8))


def _doubles(upscaler: Upscaler) -> bool:
    """Whether a soft test picture comes back at twice its size, in its own colours."""
    rows, columns = np.mgrid[0:24, 0:32]
    test = np.stack([40 + 6 * columns, 220 - 7 * rows, np.full_like(rows, 90)], axis=2).astype(np.uint8)
    plain = cv2.resize(test, (64, 48), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    seen = upscaler.doubled(test)
    return seen.shape == plain.shape and float(np.abs(seen - plain)[4:-4, 4:-4].mean()) <= FAITHFUL
