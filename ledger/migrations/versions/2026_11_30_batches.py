"""Batches: receipts that are read within a day at half the price."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from ledger.migrations.promise import works_since

revision = "7a41c5e90d2f"
down_revision = "0d6b83f4a9e1"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept.
    for name, create in (("batch", _create_batch), ("batch_line", _create_batch_line)):
        if name not in sa.inspect(op.get_bind()).get_table_names():
            create()
    _index("ix_batch_closed_at", "batch", ["closed_at", "id"])
    _index("ix_batch_line_receipt_id", "batch_line", ["receipt_id", "outcome"])
    works_since(revision, "0d6b83f4a9e1")


def _index(name: str, table: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)


def _create_batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("token", _exact(32), nullable=False, comment="What it is found by at the service if its id is lost"),
        sa.Column("service_id", _exact(128), comment="Its id at the service; NULL before that"),
        sa.Column(
            "status", sa.String(32), nullable=False, comment="preparing, then as the service says: validating, …"
        ),
        sa.Column("settings", _JSON, nullable=False, comment="The setting, as asked for"),
        sa.Column("round", sa.SmallInteger, nullable=False, comment="1, and more for lines that expired before"),
        sa.Column("input_file_id", _exact(128), comment="File of the requests at the service"),
        sa.Column("output_file_id", _exact(128), comment="File of the answers there"),
        sa.Column("error_file_id", _exact(128), comment="File of what was not answered there"),
        sa.Column(
            "completed", sa.Integer, nullable=False, server_default="0", comment="Answered, as the service counts"
        ),
        sa.Column(
            "failed", sa.Integer, nullable=False, server_default="0", comment="Not answered, as the service counts"
        ),
        sa.Column("error", _LONG_TEXT, comment="Why the service took none of it, in a sentence"),
        sa.Column("created_at", _TIME, nullable=False, comment="When it was begun, UTC"),
        sa.Column("checked_at", _TIME, nullable=False, comment="When somebody last worked on it, UTC"),
        sa.Column("closed_at", _TIME, comment="All is collected and its files are gone, UTC"),
        sa.UniqueConstraint("token", name=op.f("uq_batch_token")),
        comment="Requests handed in together, to be answered within a day",
        mysql_charset="utf8mb4",
    )


def _create_batch_line() -> None:
    op.create_table(
        "batch_line",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("batch_id", _ID, nullable=False, comment="Batch that it is in"),
        sa.Column("receipt_id", _ID, nullable=False, comment="Receipt that is read"),
        sa.Column("custom_id", _exact(64), nullable=False, comment="What its answer is known by"),
        sa.Column("etag", _exact(128), nullable=False, comment="ETag that the receipt had when it was put in"),
        sa.Column("was_due", sa.Boolean, nullable=False, comment="It would have been read by itself but for the batch"),
        sa.Column("question", _JSON, comment="What its answer is heard with, until it came"),
        sa.Column("outcome", sa.String(16), comment="read, failed, expired, cancelled, left_out, …"),
        sa.Column("settled_at", _TIME, comment="When that was so, UTC"),
        sa.Column("again_in", _ID, comment="Batch into which it went again when it had expired"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_line_batch_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_batch_line_receipt_id")),
        sa.UniqueConstraint("batch_id", "custom_id", name=op.f("uq_batch_line_batch_id_custom_id")),
        comment="Receipts in batches, and what came of each",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    op.drop_table("batch_line")
    op.drop_table("batch")
