"""Draw the sample receipts and write the truth, and where it stands, beside each: `.venv/bin/python -m samples.make`.

Fixed seeds: a second run on the same machine, with the same library versions, writes the same bytes.
Needs the Nanum fonts (Debian: apt-get install fonts-nanum).
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path
from typing import Final

import numpy as np

from ledger.receipt import to_contract
from samples.camera import Photograph, expose, jpeg, photograph
from samples.layouts import print_receipt
from samples.paper import FONT_FOLDER, missing_fonts
from samples.park import park
from samples.receipts import SAMPLES
from samples.sale import Sample

PHOTOS: Final = Path(__file__).parent / "photos"


def taken(sample: Sample) -> Photograph:
    """The photo of a sample, upright."""
    seed = zlib.crc32(sample.name.encode())
    if sample.sale is None:
        return Photograph(expose(park(sample.shot.size, seed), sample.shot, np.random.default_rng(seed)), {})
    return photograph(print_receipt(sample.sale), sample.shot, seed)


def places(photo: Photograph) -> str:
    """Where each printed field stands, as readings store it: corners in pixels of the upright picture."""
    fields = {path: [[round(x), round(y)] for x, y in quad] for path, quad in sorted(photo.places.items())}
    return json.dumps({"size": photo.picture.size, "fields": fields}) + "\n"


def truth(sample: Sample) -> str:
    """The contract JSON of a sample."""
    return json.dumps(to_contract(sample.receipt), ensure_ascii=False, indent=2) + "\n"


def make(folder: Path = PHOTOS, names: tuple[str, ...] = ()) -> None:
    """Write the picture, the truth and its places of each sample, or of the named ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        if names and sample.name not in names:
            continue
        photo = taken(sample)
        data = jpeg(photo.picture, sample.shot)
        (folder / f"{sample.name}.jpg").write_bytes(data)
        (folder / f"{sample.name}.places.json").write_text(places(photo), encoding="utf-8")
        (folder / f"{sample.name}.json").write_text(truth(sample), encoding="utf-8")
        print(f"{sample.name}.jpg  {len(data) / 1000:.0f} kB")


def main(names: list[str], fonts: Path = FONT_FOLDER) -> int:
    """Draw all samples, or the named ones."""
    if missing := missing_fonts(fonts):
        print(f"Font {str(missing[0])!r} is missing. Install it: apt-get install fonts-nanum", file=sys.stderr)
        return 1
    if unknown := set(names) - {sample.name for sample in SAMPLES}:
        print(f"No sample is named {sorted(unknown)[0]!r}; see samples/*_receipts.py", file=sys.stderr)
        return 2
    make(names=tuple(names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
