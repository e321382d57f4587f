"""A hundred thousand corrections in each form of export: the peak memory of a process that does nothing else.

    python -m benchmarks.parts.exporting FORMAT DATABASE FILE

is such a process. It loads what exporting needs; `python -m ledger export` also loads what reading photos needs.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.parts.figures import Figure
from ledger.database import Database
from ledger.exports.files import write_files
from ledger.exports.formats import FORMATS
from ledger.exports.masking import Masking
from ledger.exports.pictures import URL, Pictures
from ledger.exports.source import Source
from ledger.exports.wanted import Wanted
from ledger.extraction.extractor import ReadingSettings
from ledger.inbox.folder_store import FolderStore
from ledger.prompts import versions
from ledger.receipt import Category, LineItem, Receipt
from ledger.tables import ExtractionRow, ReceiptRow, ReviewRow

CORRECTIONS: Final = 100_000
RECEIPTS: Final = 20_000
MOST_MEGABYTES: Final = 200
_EACH: Final = CORRECTIONS // RECEIPTS
_ROWS: Final = 12
_BATCH: Final = 1_000
_NOW: Final = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
_SETTINGS: Final = ReadingSettings("gpt-4o", 0.2, versions.load().version)


def measured() -> Iterator[Figure]:
    """Megabytes that each form takes at most, and how many corrections there were."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'ledger.db'}"
        _fill(url)
        for form in FORMATS:
            told = _exported(form, url, folder / f"{form}.out")
            print(f"exports: {form}, {told['seconds']:.0f} s, {told['megabytes_written']:.0f} MB written")
            assert "pandas" not in told["loaded"], "pandas was loaded"
            if form == "corrections":
                yield Figure("corrections exported", told["lines"], CORRECTIONS)
            yield Figure(f"peak memory of exporting {form}, MB", told["peak_megabytes"], MOST_MEGABYTES, at_least=False)


def _exported(form: str, url: str, out: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.parts.exporting", form, url, str(out)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


def main() -> None:
    name, url, out = sys.argv[1:]
    form, begin = FORMATS[name], time.perf_counter()
    store = FolderStore(Path(out).parent)
    source = Source(
        database=Database(url),
        wanted=Wanted(),
        masking=Masking("bench"),
        pictures=Pictures(URL, store, _nobody_sees),
        settings=_SETTINGS,
        prompt=versions.load(),
    )
    written = write_files(form.write(source), Path(out), Path(form.file).suffix)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with written[0].open("rb") as file:
        lines = sum(1 for _ in file)
    size = sum(file.stat().st_size for file in written) / 1e6
    loaded = [module for module in ("pandas",) if module in sys.modules]
    told = {"seconds": seconds, "peak_megabytes": peak, "lines": lines, "megabytes_written": size, "loaded": loaded}
    print(json.dumps(told))


def _nobody_sees(*_args: object) -> Any:
    raise AssertionError("pictures are named by their address")


def _fill(url: str) -> None:
    """Receipts that were read with a wrong place, a wrong total and three wrong names, each a twelve-row receipt."""
    database = Database(url)
    database.migrate()
    with database.write() as session:
        for first in range(1, RECEIPTS + 1, _BATCH):
            ids = range(first, first + _BATCH)
            session.execute(sa.insert(ReceiptRow), [_receipt(id_) for id_ in ids])
            session.execute(sa.insert(ExtractionRow), [_reading(id_) for id_ in ids])
            session.execute(sa.insert(ReviewRow), [_review(id_) for id_ in ids])
    database.close()


def _document(id_: int, *, right: bool) -> dict[str, Any]:
    names = [f"{'감' if right or row >= _EACH - 2 else '검'}자 간식 {id_ % 97} {row}" for row in range(_ROWS)]
    items = tuple(
        LineItem(name=name, price=1_000 + 7 * n, count=1, category=Category.FOOD) for n, name in enumerate(names)
    )
    place = f"경기 하남시 미사대로 {id_ % 500}, 루트{231 if right else 213} 애견카페 031-123-4567"
    return Receipt(location=place, items=items, total_amount=17_500 + right).model_dump(mode="json")


def _receipt(id_: int) -> dict[str, Any]:
    key = f"ledger/{id_:08}-영수증.jpg"
    row = {"id": id_, "object_hash": f"{id_:064x}", "store": "s3://bucket/ledger/", "object_key": key, "etag": "e"}
    return row | {"size": 1, "status": "confirmed", "arrived_at": _NOW, "created_at": _NOW}


def _reading(id_: int) -> dict[str, Any]:
    fields = {
        f"items.{row}.name": {"risk": 0.25, "reasons": [{"sentence": "s", "fields": {}}] * 2} for row in range(_ROWS)
    }
    row = {"id": id_, "receipt_id": id_, "engine": "openai", "model": "gpt-4o", "settings": _SETTINGS.as_json()}
    row |= {"prompt_version": _SETTINGS.prompt_version, "temperature": 0.2, "image_sha256": f"{id_:064x}", "risk": 0.5}
    row |= {"doubts": {"formula": "risk-1", "fields": fields}, "document": _document(id_, right=False)}
    return row | {"latency_ms": 1, "created_at": _NOW}


def _review(id_: int) -> dict[str, Any]:
    row = {"id": id_, "action_id": str(id_), "receipt_id": id_, "extraction_id": id_, "decision": "confirmed"}
    return row | {"document": _document(id_, right=True), "operator": f"지수{id_ % 7}", "created_at": _NOW}


if __name__ == "__main__":
    main()
