"""Dataset versions: frozen receipts under a name. Nothing here updates or deletes one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.errors import DatasetNotFound, NameMissing, NameTaken
from ledger.experiments.splitting import split_of
from ledger.experiments.tables import DatasetCaseRow, DatasetVersionRow
from ledger.experiments.words import Case, DatasetVersion, Split
from ledger.receipt import Receipt
from ledger.review.shop_items import shop_key

LONGEST_NAME: Final = 128
"""Characters of a version's name: the column is VARCHAR(128)."""
_NO_ID: Final = 2**63
"""No database has an id as large as this."""
_BATCH: Final = 500
"""Cases written or read at a time."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A receipt that is about to be frozen. The truth is kept as the text that is hashed."""

    truth: str
    shop: str
    date: dt.date | None
    image_sha256: str
    store: str
    object_key: str
    split: Split | None = None
    """None where the receipts are still to be split."""
    receipt_id: int | None = None
    review_id: int | None = None
    risk: float | None = None

    @classmethod
    def of(cls, truth: Receipt, **more: Any) -> NewCase:
        """A case with this truth, by which its shop and day are known."""
        text = _canonical(truth.model_dump(mode="json"))
        return cls(text, shop_key(truth.location), truth.date, **more)


def labels_of_versions(database: Database) -> dict[int, str]:
    """What each version is called where ids mean nothing: its name, and the beginning of its hash."""
    return {version.id: f"{version.name}@{version.sha256[:12]}" for version in dataset_versions(database)}


def dataset_versions(database: Database) -> list[DatasetVersion]:
    """All versions, the newest first."""
    with database.read() as session:
        rows = session.scalars(sa.select(DatasetVersionRow).order_by(DatasetVersionRow.id.desc()))
        return [version_of(row) for row in rows]


def dataset_version(database: Database, name_or_id: str | int) -> DatasetVersion:
    """One version, by its name or else by its id. Raises DatasetNotFound."""
    wanted = _tidy(str(name_or_id))
    with database.read() as session:
        row = session.scalar(sa.select(DatasetVersionRow).where(DatasetVersionRow.name == wanted))
        if row is None and wanted.isdecimal() and int(wanted) < _NO_ID:
            row = session.get(DatasetVersionRow, int(wanted))
    if row is None:
        raise DatasetNotFound(name=wanted)
    return version_of(row)


def cases_of(database: Database, version: DatasetVersion, split: Split | None) -> list[Case]:
    """The receipts of a version, or those of one split, in their order."""
    return list(each_case(database, version, split))


def each_case(database: Database, version: DatasetVersion, split: Split | None = None) -> Iterator[Case]:
    """The same one by one, some hundreds in memory at a time."""
    query = sa.select(DatasetCaseRow).where(DatasetCaseRow.dataset_version_id == version.id)
    query = query.order_by(DatasetCaseRow.number).limit(_BATCH)
    if split is not None:
        query = query.where(DatasetCaseRow.split == split)
    last = -1
    while True:
        with database.read() as session:
            page = session.scalars(query.where(DatasetCaseRow.number > last)).all()
        if not page:
            return
        yield from map(case_of, page)
        last = page[-1].number


def free_name(database: Database, name: str) -> str:
    """The name as it is stored. Raises NameMissing and NameTaken."""
    name = _tidy(name)
    if not name or len(name) > LONGEST_NAME:
        raise NameMissing(limit=LONGEST_NAME)
    with database.read() as session:
        taken = session.scalar(sa.select(DatasetVersionRow.id).where(DatasetVersionRow.name == name))
    if taken is not None:
        raise NameTaken(name=name)
    return name


def add_version(
    database: Database,
    name: str,
    origin: Mapping[str, Any],
    cases: Sequence[NewCase],
    *,
    seed: int,
    test_share: float,
    operator: str,
    now: dt.datetime,
) -> DatasetVersion:
    """Store a version in one transaction; cases that have no split yet are split. Raises NameTaken, DatabaseError.

    The cases are numbered by the hashes of their pictures, so that equal receipts are an equal version wherever it is
    made, whatever order they came in.
    """
    cases = sorted(cases, key=lambda case: case.image_sha256)
    if any(case.split is None for case in cases):
        splits = split_of(cases, seed=seed, test_share=test_share)
        cases = [replace(case, split=split) for case, split in zip(cases, splits, strict=True)]
        origin = {**origin, "seed": seed, "test_share": test_share}
    row = {
        "name": name,
        "origin": dict(origin),
        "sha256": content_hash(cases),
        "cases": len(cases),
        "tests": sum(case.split is Split.TEST for case in cases),
        "operator": operator,
        "created_at": now,
    }
    try:
        return database.retry(_insert, row, cases)
    except sa.exc.IntegrityError:  # of two at once, the other one was first
        free_name(database, name)
        raise


def content_hash(cases: Iterable[NewCase]) -> str:
    """SHA-256 over picture, split and truth of each case, a line of canonical JSON each, by the pictures' hashes."""
    digest = hashlib.sha256()
    for case in cases:
        head = _canonical({"image_sha256": case.image_sha256, "split": case.split})
        digest.update(f'{head[:-1]},"truth":{case.truth}}}\n'.encode(errors="replace"))
    return digest.hexdigest()


def _insert(session: Session, row: Mapping[str, Any], cases: Sequence[NewCase]) -> DatasetVersion:
    version = DatasetVersionRow(**row)
    session.add(version)
    session.flush()
    for start in range(0, len(cases), _BATCH):
        some = enumerate(cases[start : start + _BATCH], start)
        session.execute(sa.insert(DatasetCaseRow), [_columns(version.id, number, case) for number, case in some])
    return version_of(version)


def _columns(version_id: int, number: int, case: NewCase) -> dict[str, Any]:
    return {
        "dataset_version_id": version_id,
        "number": number,
        "receipt_id": case.receipt_id,
        "review_id": case.review_id,
        "store": case.store,
        "object_key": case.object_key,
        "image_sha256": case.image_sha256,
        "truth": json.loads(case.truth),
        "shop": case.shop,
        "date": case.date,
        "risk": case.risk,
        "split": case.split,
    }


def version_of(row: DatasetVersionRow) -> DatasetVersion:
    return DatasetVersion(row.id, row.name, row.origin, row.sha256, row.cases, row.tests, row.operator, row.created_at)


def case_of(row: DatasetCaseRow) -> Case:
    """The receipt in a row."""
    return Case(
        id=row.id,
        number=row.number,
        receipt_id=row.receipt_id,
        store=row.store,
        object_key=row.object_key,
        image_sha256=row.image_sha256,
        truth=Receipt.model_validate(row.truth),
        shop=row.shop,
        date=row.date,
        split=Split(row.split),
    )


def _tidy(name: str) -> str:
    """A name as people mean it: composed Hangul, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _canonical(document: Mapping[str, Any]) -> str:
    """One text for one content: keys sorted, no spaces, Hangul as it is."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
