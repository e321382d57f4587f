"""Nothing of a test split is seen by what prompts are made of."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.tables import DatasetCaseRow
from ledger.experiments.words import Split
from ledger.review.pairs import each_pair
from ledger.tuning.blind import unseen_by, unseen_versions
from tests.experiments.frozen import bought, confirmed, frozen
from tests.factories import MemoryStore


def seen(database: Database) -> list[int]:
    return [pair.receipt_id for pair in each_pair(database, *unseen_by(database))]


def splits(database: Database) -> dict[int | None, Split]:
    with database.read() as session:
        rows = session.execute(sa.select(DatasetCaseRow.receipt_id, DatasetCaseRow.split)).all()
    return {receipt_id: Split(split) for receipt_id, split in rows}


def test_everything_is_seen_while_no_version_is_frozen(database: Database) -> None:
    receipt_id = confirmed(database, MemoryStore(), 1)

    assert seen(database) == [receipt_id]
    assert unseen_versions(database) == []


def test_a_receipt_of_a_test_split_is_not_seen_and_one_to_tune_on_is(database: Database) -> None:
    store = MemoryStore()
    ids = [confirmed(database, store, number, bought(day=number)) for number in range(1, 9)]
    report = frozen(database, test_share=0.5)

    tested = {receipt_id for receipt_id, split in splits(database).items() if split is Split.TEST}
    assert tested
    assert seen(database) == [receipt_id for receipt_id in ids if receipt_id not in tested]
    assert unseen_versions(database) == [report.id]


def test_a_test_split_of_any_version_counts(database: Database) -> None:
    store = MemoryStore()
    first = confirmed(database, store, 1)
    one = frozen(database, "first", test_share=1)
    second = confirmed(database, store, 2)
    two = frozen(database, "second", test_share=0)

    assert seen(database) == [second]
    assert first not in seen(database)
    assert unseen_versions(database) == [one.id, two.id]


def test_a_photo_of_an_imported_test_split_is_known_by_its_bytes(database: Database) -> None:
    store = MemoryStore()
    confirmed(database, store, 1)
    frozen(database, test_share=1)
    with database.write() as session:
        session.execute(sa.update(DatasetCaseRow).values(receipt_id=None))

    assert seen(database) == []


def test_what_is_left_out_is_found_by_indexes(database: Database) -> None:
    frozen_query = sa.select(DatasetCaseRow.id).where(DatasetCaseRow.split == Split.TEST)
    by = DatasetCaseRow.receipt_id, DatasetCaseRow.image_sha256
    confirmed(database, MemoryStore(), 1)
    frozen(database)
    for column, value in zip(by, (1, "0" * 64), strict=True):
        told = _plan(database, frozen_query.where(column == value))
        assert f"ix_dataset_case_{column.key}_split" in told


def _plan(database: Database, query: sa.Select[tuple[int]]) -> str:
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    written = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.read() as session:
        return str(session.execute(sa.text(f"{explain}{written}")).all())
