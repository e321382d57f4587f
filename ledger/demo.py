"""The desk on a bare machine: sample receipts in a folder, an SQLite file, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from ledger.config import Settings

SAMPLES: Final = Path(__file__).parents[1] / "samples" / "photos"
FOLDER: Final = Path("var/demo")


def demo_settings(settings: Settings, folder: Path = FOLDER) -> Settings:
    """The same settings on the demo's own database and photos: a demo never touches the real ones."""
    places = {
        "database_url": f"sqlite:///{folder / 'ledger.db'}",
        "store_url": str(folder / "photos"),
        "datasets_url": str(folder / "datasets"),
    }
    return settings.model_copy(update=places)


def put_samples(store_folder: Path) -> int:
    """Copy the sample photos into the folder store, those that are not there yet; how many were copied."""
    target = store_folder / "ledger"
    target.mkdir(parents=True, exist_ok=True)
    missing = [photo for photo in sorted(SAMPLES.glob("*.jpg")) if not (target / photo.name).exists()]
    for photo in missing:
        shutil.copyfile(photo, target / photo.name)
    return len(missing)
