"""How much of a folder of receipts the offline engine reads, how fast, and with how much memory.

    python -m benchmarks.parts.accuracy [FOLDER ...] [--readers N] [-v] [--json]

Without a folder the samples are read. Truth lies beside each picture as JSON of the same name: SROIE's form
{date, total} or the contract's {date, location, items, total_amount}. Pictures without truth are read and not compared.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.dates import dates_in
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.inbox.images import open_photo
from ledger.receipt import Receipt, to_contract

SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples" / "photos"
_PICTURES: Final = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(slots=True)
class Tally:
    """What came of a folder: how many photos, the seconds that each took that was read, and right values by field."""

    photos: int
    seconds: list[float] = field(default_factory=list)
    right: dict[str, int] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[SAMPLES])
    parser.add_argument("--readers", type=int, default=1, help="how many photos are read at once")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was misread, and what has no truth")
    parser.add_argument("--json", action="store_true", help="print the tallies and the peak memory as JSON")
    asked = parser.parse_args()
    extractor = OfflineExtractor()
    tallies = [tally(folder, extractor, asked.readers, asked.verbose) for folder in asked.folders]
    if asked.json:
        print(json.dumps({"tallies": [asdict(tally) for tally in tallies], "peak_megabytes": peak_megabytes()}))
        return
    for folder, told in zip(asked.folders, tallies, strict=True):
        _print(folder, told)
    print(f"peak memory: {peak_megabytes():.0f} MB")


def tally(folder: Path, extractor: OfflineExtractor, readers: int = 1, verbose: bool = False) -> Tally:
    """Read every picture of a folder and compare it with its truth. A photo that cannot be read is named on stderr."""

    def read(path: Path) -> tuple[Receipt, float] | None:
        start = time.perf_counter()
        try:
            result = extractor.extract(open_photo(path.read_bytes(), path.name), extractor.default_settings)
        except Exception as exc:  # whatever it is, the photo counts as not read
            print(f"{path.name}: {exc!r}", file=sys.stderr)
            return None
        return result.receipt, time.perf_counter() - start

    paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _PICTURES]
    told = Tally(len(paths))
    with ThreadPoolExecutor(readers) as pool:
        for path, answer in zip(paths, pool.map(read, paths), strict=True):
            if answer is not None:
                told.seconds.append(answer[1])
                _count(told, path, answer[0], verbose)
    return told


def _count(told: Tally, path: Path, receipt: Receipt, verbose: bool) -> None:
    truth_path = path.with_suffix(".json")
    if not truth_path.exists():
        if verbose:
            print(f"{path.name}: {json.dumps(to_contract(receipt), ensure_ascii=False)}")
        return
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    for name, (right, of, words) in compare(receipt, truth).items():
        told.right[name] = told.right.get(name, 0) + right
        told.of[name] = told.of.get(name, 0) + of
        if verbose and right < of:
            print(f"{path.name} {name}: {words}")


def _print(folder: Path, told: Tally) -> None:
    print(f"{folder}: {len(told.seconds)} of {told.photos} photos read")
    for name, of in told.of.items():
        print(f"{name:9} {told.right[name]:4} / {of:4}  {told.right[name] / of if of else 0:6.1%}")
    if told.seconds:
        print(f"seconds a photo: mean {sum(told.seconds) / len(told.seconds):.2f}, worst {max(told.seconds):.2f}")


def peak_megabytes() -> float:
    """The most memory this process ever had. getrusage would count that of the process which started this one."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


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
    for name, key in (("counts", "count"), ("names", "name"), ("category", "category")):
        wrong = [f"{mine[key]} for {true[key]}" for mine, true in pairs if _plain(mine[key]) != _plain(true[key])]
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
