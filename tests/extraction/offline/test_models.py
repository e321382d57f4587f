"""Where models are looked for, and what is said when they are missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.errors import EngineMissing
from ledger.extraction.offline import models
from ledger.extraction.offline.engine import OfflineExtractor


def test_the_models_come_with_the_package() -> None:
    files = models.find_models()

    assert files.detector.is_file()
    assert files.recogniser.is_file()


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    (tmp_path / models.DETECTOR_FILE).touch()

    with pytest.raises(EngineMissing, match=models.RECOGNISER_FILE):
        models.models_in(tmp_path)


def test_a_given_folder_is_the_only_one_looked_in(tmp_path: Path) -> None:
    assert models.find_tessdata(tmp_path) is None

    (tmp_path / models.HANGUL_FILE).touch()
    assert models.find_tessdata(tmp_path) == tmp_path


def test_versions_name_what_decides_the_reading() -> None:
    assert OfflineExtractor().versions["rapidocr"] == "3.10.0"


def test_knowing_the_engine_loads_nothing_heavy() -> None:
    program = (
        "import sys; from ledger.extraction.offline.engine import OfflineExtractor; OfflineExtractor();"
        "print(sorted({'cv2', 'numpy', 'onnxruntime', 'tesserocr', 'rapidocr'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]

    answer = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_what_runs_the_models_keeps_nothing_to_tell_its_maker(tmp_path: Path) -> None:
    """It writes an id of the machine and what it will send into the home of whoever runs it, except in CI."""
    program = "from ledger.extraction.offline import models; models.Model(models.find_models().detector)"
    root = Path(__file__).resolve().parents[3]
    told = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}

    subprocess.run([sys.executable, "-c", program], cwd=root, env=told | {"HOME": str(tmp_path)}, check=True)

    assert list(tmp_path.iterdir()) == []
