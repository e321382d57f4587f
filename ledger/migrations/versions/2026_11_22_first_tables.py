"""The first tables.

`ledger` and `item` belong to the app's servers too: where they exist already, they are left as they are. MySQL commits
each statement by itself, so an interrupted run leaves some tables behind: what is there already is not made again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "4bae0bf6311d"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def _create_table(name: str, *parts: sa.schema.SchemaItem, **options: Any) -> None:
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *parts, **options)


def _create_index(name: str, table: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)


def upgrade() -> None:
    _create_journey()
    existing = set(sa.inspect(op.get_bind()).get_table_names())
    if "ledger" not in existing:
        _create_ledger()
    if "item" not in existing:
        _create_item()


def _create_journey() -> None:
    _create_table(
        "receipt",
        sa.Column("id", _ID, nullable=False),
        sa.Column("object_hash", _exact(64), nullable=False, comment="SHA-256 of store and key: one receipt per photo"),
        sa.Column("store", _exact(255), nullable=False, comment="Store the photo lies in, as in s3://bucket/ledger/"),
        sa.Column("object_key", _exact(1024), nullable=False, comment="Key of the photo in its store"),
        sa.Column("etag", _exact(128), nullable=False, comment="ETag last seen in the store; changes with the photo"),
        sa.Column("read_etag", _exact(128), nullable=True, comment="ETag of the photo last read; NULL before that"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="Size of the photo, bytes"),
        sa.Column("member_id", sa.String(length=64), nullable=True, comment="Member the photo belongs to"),
        sa.Column("status", sa.String(length=16), nullable=False, comment="pending, extracted, failed, in_review, …"),
        sa.Column("reading_until", _TIME, nullable=True, comment="Somebody reads the photo until then, UTC"),
        sa.Column("extraction_id", _ID, nullable=True, comment="Newest successful reading, shown in review"),
        sa.Column("failure_id", _ID, nullable=True, comment="Newest reading if that one failed"),
        sa.Column("quarter_turns", sa.SmallInteger(), nullable=False, comment="90-degree turns left to be upright"),
        sa.Column("postponed_at", _TIME, nullable=True, comment="When it was skipped; skipped ones come last, UTC"),
        sa.Column("ledger_id", sa.Integer(), nullable=True, comment="Row of the confirmed ledger"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Grows with each decision"),
        sa.Column("arrived_at", _TIME, nullable=False, comment="When the photo came into the store, UTC"),
        sa.Column("created_at", _TIME, nullable=False, comment="When the receipt was listed first, UTC"),
        sa.CheckConstraint(
            "status IN ('pending', 'extracted', 'failed', 'in_review', 'confirmed', 'rejected')",
            name=op.f("ck_receipt_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("object_hash", name=op.f("uq_receipt_object_hash")),
        comment="One photo in the store and where it stands",
        mysql_charset="utf8mb4",
    )
    _create_index("ix_receipt_status_id", "receipt", ["status", "id"])
    _create_table(
        "extraction",
        sa.Column("id", _ID, nullable=False),
        sa.Column("receipt_id", _ID, nullable=False, comment="Receipt that was read"),
        sa.Column("engine", sa.String(length=32), nullable=False, comment="openai or offline"),
        sa.Column("model", sa.String(length=128), nullable=False, comment="Model that read, as applied"),
        sa.Column("temperature", sa.Double(), nullable=True, comment="As applied; NULL where there is none"),
        sa.Column("prompt_version", _exact(128), nullable=True, comment="Name and hash of the prompt"),
        sa.Column("settings", _JSON, nullable=False, comment="All settings as applied"),
        sa.Column("image_sha256", _exact(64), nullable=True, comment="Bytes that were read; NULL if none came"),
        sa.Column("etag", _exact(128), nullable=True, comment="ETag of the photo that was read"),
        sa.Column("raw_answer", _LONG_TEXT, nullable=True, comment="Whole answer of the model or engine"),
        sa.Column("document", _JSON, nullable=True, comment="Receipt as read; unreadable is null"),
        sa.Column("problems", _JSON, nullable=True, comment="Values no field can hold: field, value, why"),
        sa.Column("notes", _JSON, nullable=True, comment="What the reader said about its own limits"),
        sa.Column("prompt_tokens", sa.Integer(), nullable=True, comment="Tokens sent"),
        sa.Column("completion_tokens", sa.Integer(), nullable=True, comment="Tokens answered"),
        sa.Column("cached_tokens", sa.Integer(), nullable=True, comment="Tokens sent that were billed as cached"),
        sa.Column("cost_microusd", sa.BigInteger(), nullable=True, comment="Cost, millionths of a US dollar"),
        sa.Column("latency_ms", sa.Integer(), nullable=False, comment="From photo to answer, milliseconds"),
        sa.Column("request_id", _exact(128), nullable=True, comment="Request id of the model's service"),
        sa.Column("error_class", sa.String(length=64), nullable=True, comment="Name of the error; NULL if read"),
        sa.Column("error_message", sa.Text(), nullable=True, comment="The error in a sentence"),
        sa.Column("error_fields", _JSON, nullable=True, comment="Blanks of the sentence, for other languages"),
        sa.Column("created_at", _TIME, nullable=False, comment="When the run ended, UTC"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_extraction_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extraction")),
        comment="Every reading, good or failed, as it happened",
        mysql_charset="utf8mb4",
    )
    _create_index("ix_extraction_receipt_id", "extraction", ["receipt_id", "id"])
    _create_table(
        "draft",
        sa.Column("receipt_id", _ID, autoincrement=False, nullable=False),
        sa.Column("extraction_id", _ID, nullable=True, comment="Reading the work started from"),
        sa.Column("document", _JSON, nullable=False, comment="Texts as they stand in the form"),
        sa.Column("operator", sa.String(length=128), nullable=False, comment="Who typed"),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="Grows with each text stored; a text names the one seen"
        ),
        sa.Column(
            "client_id", _exact(64), nullable=False, comment="Browser that typed: clocks of two are not compared"
        ),
        sa.Column(
            "client_ms", sa.BigInteger(), nullable=False, comment="Browser's clock at the last key, ms since 1970"
        ),
        sa.Column("updated_at", _TIME, nullable=False, comment="When it was stored, UTC"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_draft_receipt_id")),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_draft")),
        comment="Unsaved work, as typed",
        mysql_charset="utf8mb4",
    )
    _create_table(
        "review",
        sa.Column("id", _ID, nullable=False),
        sa.Column("action_id", _exact(128), nullable=False, comment="Id of the click: the same click counts once"),
        sa.Column("receipt_id", _ID, nullable=False, comment="Receipt decided upon"),
        sa.Column("extraction_id", _ID, nullable=True, comment="Reading the operator saw; NULL if typed by hand"),
        sa.Column("decision", sa.String(length=16), nullable=False, comment="confirmed, rejected or amended"),
        sa.Column("document", _JSON, nullable=True, comment="Receipt as confirmed; unreadable is null"),
        sa.Column("reason", sa.String(length=32), nullable=True, comment="Why rejected"),
        sa.Column("reason_text", sa.String(length=500), nullable=True, comment="Why rejected, in the operator's words"),
        sa.Column("operator", sa.String(length=128), nullable=False, comment="Who decided"),
        sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
        sa.CheckConstraint("decision IN ('confirmed', 'rejected', 'amended')", name=op.f("ck_review_decision")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_review_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("action_id", name=op.f("uq_review_action_id")),
        comment="Every decision of a person",
        mysql_charset="utf8mb4",
    )
    _create_index("ix_review_receipt_id", "review", ["receipt_id", "id"])
    _create_table(
        "correction",
        sa.Column("id", _ID, nullable=False),
        sa.Column("review_id", _ID, nullable=False, comment="Review it was made in"),
        sa.Column("receipt_id", _ID, nullable=False, comment="Receipt it belongs to"),
        sa.Column(
            "extraction_id", _ID, nullable=True, comment="Reading it corrects; NULL when amended after typing by hand"
        ),
        sa.Column(
            "field", _exact(32), nullable=False, comment="date, location, total_amount, item, item.name, item.price, …"
        ),
        sa.Column(
            "item_index",
            sa.Integer(),
            nullable=True,
            comment="Item in the reading, from 0; in the confirmed list if added",
        ),
        sa.Column("model_value", _JSON, nullable=True, comment="What the model read; NULL if unreadable"),
        sa.Column("human_value", _JSON, nullable=True, comment="What a person confirmed; NULL if removed"),
        sa.Column("previous_value", _JSON, nullable=True, comment="Confirmed before, when amended later"),
        sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
        sa.ForeignKeyConstraint(["extraction_id"], ["extraction.id"], name=op.f("fk_correction_extraction_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_correction_receipt_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_correction_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        comment="Differences between what was read and what was confirmed",
        mysql_charset="utf8mb4",
    )
    _create_index("ix_correction_field_id", "correction", ["field", "id"])
    _create_index("ix_correction_receipt_id", "correction", ["receipt_id"])


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("memberId", sa.String(length=64), nullable=True, comment="Member the receipt belongs to"),
        sa.Column("location", sa.String(length=255), nullable=False, comment="Address and name of the shop"),
        sa.Column("date", sa.Date(), nullable=False, comment="Day of purchase"),
        sa.Column(
            "message", sa.String(length=255), server_default="", nullable=False, comment="The member's own words"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        comment="Confirmed receipts, shared with the app's servers",
        mysql_charset="utf8mb4",
    )


def _create_item() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Name as on the receipt"),
        sa.Column(
            "price", sa.Integer(), nullable=False, comment="Amount of the line, all pieces together, smallest unit"
        ),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="Pieces"),
        sa.Column("category", sa.String(length=255), nullable=False, comment="식비 미용 의료 여가 용품 기타"),
        sa.Column("ledgerId", sa.Integer(), nullable=False, comment="Receipt"),
        sa.ForeignKeyConstraint(["ledgerId"], ["ledger.id"], name=op.f("fk_item_ledgerId")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        comment="Items of confirmed receipts, shared with the app's servers",
        mysql_charset="utf8mb4",
    )
    # Interrupted here, the index is not made later: InnoDB made its own for the foreign key, and the table may be the
    # app's by then.
    op.create_index("ix_item_ledgerId", "item", ["ledgerId"])


def downgrade() -> None:
    # The app's tables stay: they hold the confirmed records of its users.
    for table in ("correction", "review", "draft", "extraction", "receipt"):
        op.drop_table(table)
