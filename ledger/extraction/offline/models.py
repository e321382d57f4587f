"""Where the models are. They come with the packages; nothing is downloaded."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import threading
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from ledger.errors import EngineMissing
from ledger.extraction.reasons import NO_OCR_MODEL, NO_RAPIDOCR, PACKAGE_BROKEN
from ledger.notes import Note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DETECTOR_FILE: Final = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE: Final = "PP-OCRv6_rec_small.onnx"

TESSDATA_DIRECTORIES: Final = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),  # Debian, Ubuntu
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),  # Fedora, Arch, Alpine
    Path("/usr/local/share/tessdata"),
    Path("/opt/homebrew/share/tessdata"),
)
HANGUL_FILE: Final = "kor.traineddata"

_M_MMAP_THRESHOLD: Final = -3
"""The parameter's number in glibc's malloc.h."""

THREADS: Final = 2
"""Threads inside one run of a model. More gain little on receipts, and several receipts are read at once."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    detector: Path
    recogniser: Path


def find_models() -> ModelFiles:
    """The ONNX files inside the installed rapidocr package. Raises EngineMissing when they are not there."""
    # importlib.resources would import rapidocr, and with it cv2 and its whole pipeline, only to learn a folder's name.
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(why=Note(NO_RAPIDOCR))
    return models_in(Path(spec.submodule_search_locations[0]) / "models")


def models_in(folder: Path) -> ModelFiles:
    """The same inside a folder."""
    for name in (DETECTOR_FILE, RECOGNISER_FILE):
        if not (folder / name).is_file():
            raise EngineMissing(why=Note(NO_OCR_MODEL, {"name": name, "folder": str(folder)}))
    return ModelFiles(folder / DETECTOR_FILE, folder / RECOGNISER_FILE)


def find_tessdata(tessdata: Path | None) -> Path | None:
    """The folder with the Hangul data: the given one and no other, else the first well-known one that has it."""
    folders = TESSDATA_DIRECTORIES if tessdata is None else (tessdata,)
    if importlib.util.find_spec("tesserocr") is None:
        return None
    return next((folder for folder in folders if (folder / HANGUL_FILE).is_file()), None)


class Model:
    """A model ready to run. Safe to share between threads. Raises EngineMissing when nothing can run it.

    Runs wait for each other, whichever model they are of: each uses all `THREADS`, and takes up to 300 MB meanwhile.
    """

    _running: ClassVar = threading.Lock()

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime
        except ImportError as exc:
            raise EngineMissing(why=Note(PACKAGE_BROKEN, {"problem": str(exc)})) from exc
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        # A thread that waits for work must not spin: it would take the core from the next photo's model.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # errors only; the models cause harmless warnings about shapes
        # The arena keeps the largest input's memory for ever, and every receipt has another size.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """The model's first output for one input."""
        with self._running:
            output: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
        return output

    def described(self, key: str) -> str:
        """What the model's file says about itself under a key."""
        return str(self._session.get_modelmeta().custom_metadata_map[key])


def map_large_blocks() -> None:
    """Have blocks from 8 MB on go back to the system as soon as they are free.

    glibc raises that limit by itself up to 32 MB, and keeps what lies below: readers at once then leave a heap full of
    holes. Over 21 photos this took the peak of two readers from about 700 to 571 MB, for a sixth more time.
    """
    _glibc("mallopt", _M_MMAP_THRESHOLD, 8 << 20)


def give_back_memory() -> None:
    """Hand back to the system what a photo took. glibc keeps it otherwise, and 20 photos end at twice the memory."""
    _glibc("malloc_trim", 0)


def _glibc(name: str, *arguments: int) -> None:
    """Call a function that only glibc has; other libraries of C need it less."""
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    if function is not None:
        function(*arguments)


def package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
