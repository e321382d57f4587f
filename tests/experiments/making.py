"""Arms, cases and experiments as tests begin with them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.plan import Plan
from ledger.experiments.stored import create
from ledger.experiments.tables import DatasetCaseRow, DatasetVersionRow, RunRow
from ledger.experiments.words import PHOTOS, Arm, Case, Split
from ledger.extraction.models import load_models
from ledger.inbox.object_store import ObjectStore
from ledger.receipt import Receipt
from tests.factories import NOW, RIGHT, SETTINGS, jpeg


def arm(number: int = 0, name: str = "", *, engine: str = "openai", id: int | None = None, **settings: Any) -> Arm:
    """An arm, stored under its number plus one."""
    return Arm(number, name or f"arm {number}", engine, replace(SETTINGS, **settings), number + 1 if id is None else id)


def case(number: int = 0, truth: Receipt = RIGHT, **more: Any) -> Case:
    """A case, stored under its number."""
    values = {
        "id": number,
        "number": number,
        "receipt_id": None,
        "store": PHOTOS,
        "object_key": f"ledger/{number}.jpg",
        "image_sha256": f"{number:064}",
        "truth": truth,
        "shop": "루트231",
        "date": truth.date,
        "split": Split.TEST,
    }
    return Case(**(values | more))


def dataset(database: Database, store: ObjectStore, count: int = 3, *, name: str = "시험 1", tests: int = 0) -> int:
    """Id of a dataset version of so many pictures, all of the receipt RIGHT; the last `tests` are its test split."""
    row = DatasetVersionRow(
        name=name, origin={}, sha256="0" * 64, cases=count, tests=tests, operator="지수", created_at=NOW
    )
    with database.write() as session:
        session.add(row)
        session.flush()
        for number in range(count):
            session.add(_case_row(store, row.id, number, Split.TEST if number >= count - tests else Split.TUNE))
        return row.id


def _case_row(store: ObjectStore, version_id: int, number: int, split: Split) -> DatasetCaseRow:
    data = jpeg(shade=number % 256)
    key = f"ledger/{name_of(version_id, number)}"
    store.put(key, data, "image/jpeg")
    return DatasetCaseRow(
        dataset_version_id=version_id,
        number=number,
        store=PHOTOS,
        object_key=key,
        image_sha256=hashlib.sha256(data).hexdigest(),
        truth=RIGHT.model_dump(mode="json"),
        shop="루트231",
        date=RIGHT.date,
        split=split,
    )


def name_of(version_id: int, number: int) -> str:
    """Name of a case's picture."""
    return f"{version_id}-{number}.jpg"


def stored(database: Database, dataset_version_id: int, *made: Arm, **more: Any) -> int:
    """Id of an experiment with these arms, else with two temperatures."""
    arms = made or (arm(0, "baseline"), arm(1, "other", temperature=0.0))
    plan = Plan(name="실험", dataset_version_id=dataset_version_id, arms=tuple(arms), **more)
    return create(database, plan, load_models(), "지수", NOW)[0]


def runs(database: Database, experiment_id: int) -> list[RunRow]:
    """The runs as they are stored."""
    with database.read() as session:
        query = sa.select(RunRow).where(RunRow.experiment_id == experiment_id).order_by(RunRow.id)
        return list(session.scalars(query))
