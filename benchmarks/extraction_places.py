"""How many fields are tied to where they stand on the sample receipts: python benchmarks/extraction_places.py [-v]

A field counts as placed when the middle of its place lies in the true one and both share at least 30 % of their joint
area, or 70 % of the place that was found lies in the true one (`samples/true_places.py`). The receipts are read as they
are, as a perfect model would, and as the offline engine read them; a field that was not read is one that is not placed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ledger.corrections.diff import align
from ledger.extraction.look import Look, Quad
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.places.finder import PLACED, places_of
from ledger.inbox.images import open_photo
from ledger.receipt import Receipt
from samples.make import PHOTOS
from samples.receipts import SAMPLES
from samples.sale import Sample
from samples.true_places import is_within, true_places

BAR: Final = 0.90
COUNTED: Final = ("date", "total_amount", "price")


def figures(verbose: bool = False) -> None:
    """Look at each sample once and print the share of dates, totals and prices that are placed, then every kind."""
    engine = OfflineExtractor()
    looks = {sample: _look(engine, sample) for sample in SAMPLES if sample.sale}
    for reader in ("as they are", "as the offline engine read them"):
        right, of = Counter[str](), Counter[str]()
        for sample, look in looks.items():
            receipt = look.receipt if "engine" in reader else sample.receipt
            for path, placed in judged(receipt, sample, look).items():
                kind = path.rpartition(".")[2]
                of[kind] += 1
                right[kind] += placed
                if verbose and not placed:
                    print(f"{sample.name} {path}: not in its place")
        share = sum(right[kind] for kind in COUNTED) / sum(of[kind] for kind in COUNTED)
        told = f"fields placed within their true boxes (dates, totals, prices of the samples, read {reader})"
        print(f"bench: {told} {share:.2f} bar {BAR:.2f} {'ok' if share >= BAR else 'short'}")
        print("  " + ", ".join(f"{kind} {right[kind]} of {of[kind]}" for kind in sorted(of)))


def judged(receipt: Receipt, sample: Sample, look: Look) -> dict[str, bool]:
    """For each field that is printed on the sample, by its path there, whether a reading's place of it is right."""
    found = _in_order_of(sample.receipt, receipt, places_of(receipt, look))
    return {
        path: (place := found.get(path)) is not None and is_within(place, true)
        for path, true in true_places(sample.name).items()
    }


def _in_order_of(truth: Receipt, receipt: Receipt, places: Mapping[str, Quad | None]) -> dict[str, Quad | None]:
    """The places by the true receipt's item numbers: a reading may have missed an item or made one up."""
    fields = {path: place for path, place in places.items() if not path.startswith("items.")}
    for read, true in align(receipt.items, truth.items):
        if read is not None and true is not None:
            fields |= {f"items.{true}.{field}": places[f"items.{read}.{field}"] for field in PLACED}
    return fields


def _look(engine: OfflineExtractor, sample: Sample) -> Look:
    return engine.look(open_photo((PHOTOS / f"{sample.name}.jpg").read_bytes(), sample.name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", "--verbose", action="store_true", help="name what is not in its place")
    figures(parser.parse_args().verbose)
