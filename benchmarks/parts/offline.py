"""What the offline engine reads of the samples, and of real receipts where there are some: dates, totals, prices.

    python -m benchmarks.parts.offline [DATA]

DATA is a folder that holds sroie/, receipts of ICDAR 2019 SROIE with their truth; other folders of pictures in it are
read for their memory. Reading runs in processes of their own, so that the memory is the engine's alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.parts.accuracy import SAMPLES
from benchmarks.parts.figures import Figure, report

ROOT: Final = Path(__file__).resolve().parents[2]
SROIE: Final = "sroie"
NEEDS_DATA: Final = "real receipts read by the offline engine, their dates and totals, seconds a photo"
PEAK_MEGABYTES: Final = 700


def figures(data: Path | None = None) -> list[Figure]:
    """Read everything with one reader, and again with two at once."""
    folders = [SAMPLES, *_real(data)]
    alone, together = _read(folders, 1), _read(folders, 2)
    by_folder = dict(zip((folder.name for folder in folders), alone["tallies"], strict=True))
    return [
        *_of_samples(by_folder[SAMPLES.name]),
        *(_of_sroie(by_folder[SROIE]) if data else []),
        Figure("offline engine, peak MB", alone["peak_megabytes"], PEAK_MEGABYTES, at_least=False),
        Figure("offline engine, peak MB with two readers", together["peak_megabytes"], PEAK_MEGABYTES, at_least=False),
    ]


def _real(data: Path | None) -> list[Path]:
    return sorted(path for path in data.iterdir() if path.is_dir()) if data else []


def _read(folders: list[Path], readers: int) -> dict[str, Any]:
    """The tallies of the folders and the peak memory, as `benchmarks.parts.accuracy` tells them."""
    command = [sys.executable, "-m", "benchmarks.parts.accuracy", "--json", "--readers", str(readers)]
    paths = [str(folder.resolve()) for folder in folders]
    answer = subprocess.run([*command, *paths], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def _of_samples(tally: dict[str, Any]) -> list[Figure]:
    right, of = tally["right"], tally["of"]
    return [
        Figure(f"samples offline, dates right of {of['date']}", right["date"], of["date"]),
        Figure(f"samples offline, totals right of {of['total']}", right["total"], of["total"]),
        Figure(f"samples offline, share of {of['prices']} prices right", right["prices"] / of["prices"], 0.95),
    ]


def _of_sroie(tally: dict[str, Any]) -> list[Figure]:
    right, of, seconds = tally["right"], tally["of"], tally["seconds"]
    return [
        Figure(f"SROIE offline, receipts read of {tally['photos']}", len(seconds), tally["photos"]),
        Figure("SROIE offline, share of dates right", right["date"] / of["date"], 0.94),
        Figure("SROIE offline, share of totals right", right["total"] / of["total"], 0.88),
        Figure("SROIE offline, mean seconds a photo", sum(seconds) / len(seconds), 2.5, at_least=False),
    ]


if __name__ == "__main__":
    sys.exit(report(figures(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
