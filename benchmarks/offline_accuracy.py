"""How much of a folder of receipts the offline engine reads: python benchmarks/offline_accuracy.py DATA_DIR [-v]

Truth lies beside each picture as JSON of the same name: SROIE's form {date, total} or the contract's
{date, location, items, total_amount}. Pictures without truth are read and printed, not counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.dates import dates_in
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.inbox.images import open_photo
from ledger.receipt import Receipt, to_contract


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was misread")
    arguments = parser.parse_args()

    extractor = OfflineExtractor()
    right, of, seconds = Counter[str](), Counter[str](), list[float]()
    for path in sorted(arguments.folder.iterdir()):
        if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp"}:
            continue
        start = time.perf_counter()
        result = extractor.extract(open_photo(path.read_bytes(), path.name), extractor.default_settings)
        seconds.append(time.perf_counter() - start)
        truth_path = path.with_suffix(".json")
        if not truth_path.exists():
            print(f"{path.name} {seconds[-1]:.1f} s {json.dumps(to_contract(result.receipt), ensure_ascii=False)}")
            continue
        truth = json.loads(truth_path.read_text(encoding="utf-8"))
        for field, (is_right, is_of, told) in compare(result.receipt, truth).items():
            right[field] += is_right
            of[field] += is_of
            if arguments.verbose and is_right < is_of:
                print(f"{path.name} {field}: {told}")

    for field, count in of.items():
        print(f"{field:9} {right[field]:4} / {count:4}  {right[field] / count if count else 0:6.1%}")
    ordered = sorted(seconds)
    print(f"seconds per photo: mean {sum(ordered) / len(ordered):.2f}, worst {ordered[-1]:.2f}, first {seconds[0]:.2f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def compare(receipt: Receipt, truth: dict[str, Any]) -> dict[str, tuple[int, int, str]]:
    """For each field: how many values are right, of how many, and both in words."""
    if "total" in truth:
        # SROIE's labels are the text as printed.
        date = next(iter(dates_in(truth["date"], "dmy")), None)
        total = next(iter(cents_in(truth["total"])), None)
        return {"date": _one(receipt.date, date), "total": _one(receipt.total_amount, total)}
    read = to_contract(receipt)
    counts = {field: _one(read[field], truth[field]) for field in ("date", "location")}
    counts["total"] = _one(read["total_amount"], truth["total_amount"])
    pairs = _paired(read["items"], truth["items"])
    counts["prices"] = (len(pairs), len(truth["items"]), f"read {[item['price'] for item in read['items']]}")
    for name, field in (("counts", "count"), ("names", "name"), ("category", "category")):
        wrong = [
            f"{mine[field]} for {true[field]}" for mine, true in pairs if _plain(mine[field]) != _plain(true[field])
        ]
        counts[name] = (len(pairs) - len(wrong), len(truth["items"]), "; ".join(wrong))
    extra = len(read["items"]) - len(pairs)
    counts["no extra"] = (int(extra == 0), 1, f"{extra} items that are not there")
    return counts


def _paired(read: list[dict[str, Any]], true: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each true item with the first item read that costs the same and has no partner yet."""
    left = list(read)
    pairs = []
    for item in true:
        mine = next((candidate for candidate in left if candidate["price"] == item["price"]), None)
        if mine is not None:
            left.remove(mine)
            pairs.append((mine, item))
    return pairs


def _one(read: object, true: object) -> tuple[int, int, str]:
    same = _plain(read) == _plain(true)
    return int(same), 1, f"read {read}, is {true}"


def _plain(value: object) -> object:
    """Spaces do not count."""
    return value.replace(" ", "") if isinstance(value, str) else value


if __name__ == "__main__":
    main()
