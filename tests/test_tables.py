"""What the tables hold as it is, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.columns import Table
from ledger.database import Database
from ledger.receipt import ReceiptStatus
from ledger.tables import ExtractionRow, ReceiptRow, ReviewRow
from tests.factories import NOW, SETTINGS, MemoryStore, read_one, take_in


@pytest.fixture
def mariadb(kept_mariadb_url: str) -> Iterator[Database]:
    database = Database(kept_mariadb_url)
    yield database
    database.close()


def test_every_table_and_column_explains_itself(mariadb: Database) -> None:
    inspector = sa.inspect(mariadb.engine)
    silent = [
        f"{table}.{column['name']}"
        for table in Table.metadata.tables
        for column in inspector.get_columns(table)
        if not column.get("comment") and column["name"] not in ("id", "receipt_id")
    ]

    assert silent == []
    assert all(inspector.get_table_comment(table)["text"] for table in Table.metadata.tables)


def test_a_status_outside_the_list_is_refused(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    wrong = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id).values(status="lost")

    with pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError)), database.write() as session:
        session.execute(wrong)

    with database.read() as session:
        assert session.get_one(ReceiptRow, receipt_id).status == ReceiptStatus.PENDING


def test_a_decision_outside_the_list_is_refused(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    review = ReviewRow(action_id="1", receipt_id=receipt_id, decision="maybe", operator="지수", created_at=NOW)

    with pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError)), database.write() as session:
        session.add(review)


def test_one_object_has_one_receipt_whoever_inserts_it(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    with database.read() as session:
        row = session.get_one(ReceiptRow, receipt_id)
    copy = {c.name: getattr(row, c.name) for c in ReceiptRow.__table__.columns if c.name != "id"}

    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.execute(sa.insert(ReceiptRow).values(copy))


@pytest.mark.parametrize("document", [{"name": "감자 🥔"}, {"name": "강아지 'quote\" \\ %_"}])
def test_json_is_kept_unescaped_so_that_a_query_finds_hangul(database: Database, document: dict[str, str]) -> None:
    receipt_id = take_in(database, MemoryStore())
    row = ExtractionRow(
        receipt_id=receipt_id,
        engine="fake",
        model="fake-1",
        settings=SETTINGS.as_json(),
        document=document,
        latency_ms=1,
        created_at=NOW,
    )
    with database.write() as session:
        session.add(row)

    word = document["name"].partition(" ")[0]
    with database.read() as session:
        found = session.execute(
            sa.text("SELECT id FROM extraction WHERE document LIKE :like"), {"like": f"%{word}%"}
        ).scalars()
        assert found.all() == [row.id]
        assert session.get_one(ExtractionRow, row.id).document == document


def test_nothing_in_a_json_column_is_null_and_not_the_word(database: Database) -> None:
    read_one(database)

    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM extraction WHERE error_fields IS NULL")) == 1


EXACT = {
    ("receipt", "object_hash"),
    ("receipt", "store"),
    ("receipt", "object_key"),
    ("receipt", "etag"),
    ("receipt", "read_etag"),
    ("extraction", "prompt_version"),
    ("extraction", "image_sha256"),
    ("extraction", "etag"),
    ("extraction", "request_id"),
    ("draft", "client_id"),
    ("review", "action_id"),
    ("receipt", "model"),
    ("receipt", "picture_hash"),
    ("receipt", "claim_token"),
    ("receipt", "reading_by"),
    ("receipt_term", "term"),
    ("shop_item", "shop"),
    ("shop_item", "name"),
    ("schema_promise", "revision"),
    ("schema_promise", "oldest"),
    ("correction", "field"),
    ("dataset_version", "name"),
    ("dataset_version", "sha256"),
    ("dataset_case", "store"),
    ("dataset_case", "object_key"),
    ("dataset_case", "image_sha256"),
    ("dataset_case", "shop"),
    ("dataset_case", "split"),
    ("experiment", "split"),
    ("experiment", "metric"),
    ("experiment", "status"),
    ("experiment", "runner"),
    ("experiment_run", "request_id"),
    ("prompt_version", "name"),
    ("prompt_version", "sha256"),
    ("prompt_version", "parent"),
    ("active_prompt", "family"),
    ("active_prompt", "prompt_version"),
    ("lexicon_shop", "shop"),
    ("lexicon_shop", "merged_into"),
    ("lexicon_item", "shop"),
    ("lexicon_item", "name"),
    ("lexicon_item", "category"),
    ("lexicon_item", "merged_into"),
    ("prompt_proposal", "key"),
    ("prompt_proposal", "decision"),
    ("prompt_proposal", "prompt_version"),
    ("api_key", "name"),
    ("api_key", "key_sha256"),
    ("batch", "token"),
    ("batch", "service_id"),
    ("batch", "input_file_id"),
    ("batch", "output_file_id"),
    ("batch", "error_file_id"),
    ("batch_line", "custom_id"),
    ("batch_line", "etag"),
}


def schema(database: Database, *columns: str) -> list[tuple[Any, ...]]:
    query = f"SELECT {', '.join(columns)} FROM information_schema.columns WHERE table_schema = DATABASE()"
    with database.read() as session:
        return [tuple(row) for row in session.execute(sa.text(query))]


def test_keys_are_compared_byte_by_byte_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "table_name", "column_name", "collation_name", "data_type")

    exact = {(t, c) for t, c, collation, kind in found if collation == "utf8mb4_bin" and kind == "varchar"}
    assert exact == EXACT


def test_every_text_takes_emoji_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "table_name", "column_name", "character_set_name")

    assert {charset for table, _, charset in found if table != "alembic_version" and charset} == {"utf8mb4"}


def test_every_time_has_microseconds_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "data_type", "datetime_precision")

    assert {precision for kind, precision in found if kind == "datetime"} == {6}


def test_temperature_is_a_double_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "column_name", "data_type")

    assert ("temperature", "double") in found


@pytest.mark.parametrize("broken", ["{", "감자"])
def test_what_is_no_json_is_refused_on_mariadb(mariadb: Database, broken: str) -> None:
    read_one(mariadb)

    with pytest.raises(sa.exc.OperationalError, match="CONSTRAINT"), mariadb.write() as session:
        session.execute(sa.text("UPDATE extraction SET document = :broken"), {"broken": broken})
