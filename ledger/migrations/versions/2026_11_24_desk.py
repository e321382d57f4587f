"""What the desk needs: risk and place in the receipt's own row, claims, search terms, effort, undone decisions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "5e2a9b7c13d0"
down_revision = "8d1f0c62a9b4"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_BATCH = 500


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept.
    if "skipped_at" not in _columns_of("receipt"):
        op.execute("ALTER TABLE receipt RENAME COLUMN postponed_at TO skipped_at")
    for table, columns in _new_columns().items():
        existing = _columns_of(table)
        for column in columns:
            if column.name not in existing:
                op.add_column(table, column)
    _say_what_reasons_are_now()
    _create_tables()
    for name, table, parts in _new_indexes():
        if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
            op.create_index(name, table, parts)
    _describe_receipts()


def _columns_of(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}


def _new_columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "receipt": [
            sa.Column(
                "risk",
                sa.Double(),
                nullable=False,
                server_default="0",
                comment="0 to 1 that a field of the newest reading is wrong",
            ),
            sa.Column(
                "warned",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Something in the newest reading does not fit",
            ),
            sa.Column("model", _exact(128), comment="Model of the newest reading"),
            sa.Column("read_place", sa.String(255), comment="Place of the newest reading, for lists"),
            sa.Column("read_date", sa.Date(), comment="Day of the newest reading, for lists"),
            sa.Column("read_total", sa.BigInteger(), comment="Total of the newest reading, smallest unit"),
            sa.Column("currency", sa.String(3), comment="Currency of the newest reading, ISO 4217"),
            sa.Column("picture_hash", _exact(64), comment="Perceptual hash of the photo, hexadecimal"),
            sa.Column("claim_token", _exact(64), comment="Opening that holds it, or did last"),
            sa.Column("claim_operator", sa.String(128), comment="Who holds it, or did last"),
            sa.Column("claimed_at", _TIME, comment="When it was opened, UTC"),
            sa.Column("claim_until", _TIME, comment="The claim is void from then on, UTC"),
            sa.Column("postponed_until", _TIME, comment="It does not wait before then, UTC"),
        ],
        "review": [
            sa.Column("warnings", _JSON, comment="What was warned of before it was confirmed: notes"),
            sa.Column("note", sa.String(500), comment="The operator's note on the receipt"),
            sa.Column("seconds", sa.Double(), comment="From opening to decision, seconds"),
            sa.Column("effort", _JSON, comment="By field: seconds in it, edits of it"),
            sa.Column("undone_at", _TIME, comment="When it was undone, UTC; NULL while it counts"),
            sa.Column("undone_by", sa.String(128), comment="Who undid it"),
        ],
    }


def _say_what_reasons_are_now() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # it keeps no comments
    comments = {"reason": "Why rejected, or confirmed over warnings", "reason_text": "The same in the operator's words"}
    for (name, comment), length in zip(comments.items(), (32, 500), strict=True):
        op.alter_column("review", name, existing_type=sa.String(length), existing_nullable=True, comment=comment)


def _create_tables() -> None:
    existing = sa.inspect(op.get_bind()).get_table_names()
    if "receipt_term" not in existing:
        op.create_table(
            "receipt_term",
            sa.Column("term", _exact(80), primary_key=True, comment="Kind, colon, value"),
            sa.Column(
                "receipt_id",
                _ID,
                sa.ForeignKey("receipt.id", name=op.f("fk_receipt_term_receipt_id")),
                primary_key=True,
                autoincrement=False,
                comment="Receipt it leads to",
            ),
            comment="What receipts are found by, see ledger/terms.py",
            mysql_charset="utf8mb4",
        )
    if "shop_item" not in existing:
        op.create_table(
            "shop_item",
            sa.Column("shop", _exact(255), primary_key=True, comment="The shop's key, see review/shop_items.py"),
            sa.Column("name", _exact(255), primary_key=True, comment="Item name as confirmed"),
            sa.Column("times", sa.Integer(), nullable=False, comment="Confirmed receipts' lines with this name"),
            comment="Item names confirmed in each shop",
            mysql_charset="utf8mb4",
        )


def _new_indexes() -> list[tuple[str, str, list[Any]]]:
    waiting = ["status", "skipped_at", "postponed_until"]
    by_risk = [sa.text("risk DESC"), "id"]
    decided = ["decision", "operator", "seconds", "extraction_id", "receipt_id"]
    paid = ["prompt_tokens", "completion_tokens", "cached_tokens", "cost_microusd"]
    return [
        ("ix_receipt_reading_until", "receipt", ["reading_until"]),
        ("ix_receipt_next_risk", "receipt", [*waiting, *by_risk]),
        ("ix_receipt_next_age", "receipt", [*waiting, "id"]),
        ("ix_receipt_status_claim", "receipt", ["status", "claim_until", "skipped_at", "id"]),
        ("ix_receipt_status_risk", "receipt", ["status", *by_risk]),
        ("ix_receipt_status_warned", "receipt", ["status", "warned", *by_risk]),
        ("ix_receipt_status_model", "receipt", ["status", "model", *by_risk]),
        ("ix_receipt_status_date", "receipt", ["status", "read_date", *by_risk]),
        ("ix_receipt_term_receipt_id", "receipt_term", ["receipt_id"]),
        ("ix_shop_item_shop_times", "shop_item", ["shop", sa.text("times DESC")]),
        ("ix_review_operator_id", "review", ["operator", "id"]),
        ("ix_review_figures", "review", ["created_at", "undone_at", *decided]),
        ("ix_extraction_figures", "extraction", ["created_at", "engine", "model", "error_class", *paid]),
    ]


def _describe_receipts() -> None:
    """Write into each receipt that was read before now what lists show of its reading."""
    bind = op.get_bind()
    receipt = sa.table("receipt", *(sa.column(name) for name in ("id", "extraction_id", *_DESCRIPTION)))
    updating = sa.update(receipt).where(receipt.c.id == sa.bindparam("receipt"))
    updating = updating.values({name: sa.bindparam(f"new_{name}") for name in _DESCRIPTION})
    for batch in _batches(bind):
        bind.execute(updating, [_description(*row) for row in batch])


_DESCRIPTION = ("risk", "model", "read_place", "read_date", "read_total", "currency")


def _batches(bind: sa.Connection) -> Iterator[list[Any]]:
    query = sa.text(
        "SELECT receipt.id, extraction.risk, extraction.model, extraction.document FROM receipt"
        " JOIN extraction ON extraction.id = receipt.extraction_id"
        " WHERE receipt.id > :after AND extraction.document IS NOT NULL ORDER BY receipt.id LIMIT :batch"
    )
    after = 0
    while batch := list(bind.execute(query, {"after": after, "batch": _BATCH})):
        yield batch
        after = batch[-1].id


def _description(receipt_id: int, risk: float | None, model: str, stored: Any) -> dict[str, Any]:
    document = json.loads(stored) if isinstance(stored, str | bytes) else stored
    day = document.get("date")
    return {
        "receipt": receipt_id,
        "new_risk": risk or 0,
        "new_model": model,
        "new_read_place": document.get("location"),
        "new_read_date": dt.date.fromisoformat(day).isoformat() if day else None,
        "new_read_total": document.get("total_amount"),
        "new_currency": document.get("currency"),
    }


def downgrade() -> None:
    op.drop_table("shop_item")
    op.drop_table("receipt_term")
    for name, table, _ in reversed(_new_indexes()):
        if table not in ("shop_item", "receipt_term"):
            op.drop_index(name, table)
    for table, columns in _new_columns().items():
        for column in reversed(columns):
            op.drop_column(table, str(column.name))
    op.execute("ALTER TABLE receipt RENAME COLUMN skipped_at TO postponed_at")
