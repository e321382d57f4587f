"""How many fields are tied to where they stand on the sample receipts: python -m benchmarks.parts.places [-v]

A field counts as placed when the middle of its place lies in the true one and both share at least 30 % of their joint
area, or 70 % of the place that was found lies in the true one (`samples/true_places.py`). The receipts are read as they
are, as a perfect model would, and as the offline engine read them; a field that was not read is one that is not placed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Final

from benchmarks.parts.figures import Figure, report
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


def figures(verbose: bool = False) -> list[Figure]:
    """The share of dates, totals and prices that are placed. Each sample is looked at once.

    `verbose` prints how many fields of every kind are placed, and which are not.
    """
    engine = OfflineExtractor()
    looks = {sample: _look(engine, sample) for sample in SAMPLES if sample.sale}
    as_they_are = {sample: sample.receipt for sample in looks}
    as_read = {sample: look.receipt for sample, look in looks.items()}
    return [
        Figure(f"dates, totals and prices of the samples placed, {told}", _placed(receipts, looks, verbose), BAR)
        for told, receipts in (("read as they are", as_they_are), ("read by the offline engine", as_read))
    ]


def _placed(receipts: Mapping[Sample, Receipt], looks: Mapping[Sample, Look], verbose: bool) -> float:
    """The share of the counted fields that are in their places."""
    right, of = Counter[str](), Counter[str]()
    for sample, look in looks.items():
        for path, placed in judged(receipts[sample], sample, look).items():
            kind = path.rpartition(".")[2]
            of[kind] += 1
            right[kind] += placed
            if verbose and not placed:
                print(f"{sample.name} {path}: not in its place")
    if verbose:
        print(", ".join(f"{kind} {right[kind]} of {of[kind]}" for kind in sorted(of)))
    return sum(right[kind] for kind in COUNTED) / sum(of[kind] for kind in COUNTED)


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
            fields |= {f"items.{true}.{field}": places.get(f"items.{read}.{field}") for field in PLACED}
    return fields


def _look(engine: OfflineExtractor, sample: Sample) -> Look:
    return engine.look(open_photo((PHOTOS / f"{sample.name}.jpg").read_bytes(), sample.name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", "--verbose", action="store_true", help="name what is not in its place")
    sys.exit(report(figures(parser.parse_args().verbose)))
