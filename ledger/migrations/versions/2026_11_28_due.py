"""When each photo is to be read, how often that was begun, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "f1c92d70b6a4"
down_revision = "e5a08d41b3c7"
branch_labels = None
depends_on = None

_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_INDEX = "ix_receipt_due"
_READ = sa.text(
    "UPDATE receipt SET due_at = NULL WHERE read_etag = etag"
    " OR (read_etag IS NULL AND status NOT IN ('pending', 'extracted', 'failed', 'in_review'))"
)


def _columns() -> list[sa.Column[object]]:
    token = sa.String(32).with_variant(mysql.VARCHAR(32, collation="utf8mb4_bin"), "mysql", "mariadb")
    due = "Read by itself from then on, UTC; NULL: not by itself"
    # A server of the version before, which takes photos in while this one starts, names no such column: they are due.
    at_once = sa.text("'1970-01-01 00:00:00'")
    tries = "Readings begun since the photo came or was asked for"
    return [
        sa.Column("reading_by", token, comment="Token of the reader that has it, or did last"),
        sa.Column("due_at", _TIME, server_default=at_once, comment=due),
        sa.Column("tries", sa.SmallInteger, server_default="0", nullable=False, comment=tries),
    ]


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept. The index comes last, so
    # that rows are marked as read whenever it was not there.
    inspector = sa.inspect(op.get_bind())
    there = {column["name"] for column in inspector.get_columns("receipt")}
    for column in _columns():
        if column.name not in there:
            op.add_column("receipt", column)
    if _INDEX not in {index["name"] for index in inspector.get_indexes("receipt")}:
        op.execute(_READ)
        op.create_index(_INDEX, "receipt", ["due_at", "id"])


def downgrade() -> None:
    op.drop_index(_INDEX, "receipt")
    with op.batch_alter_table("receipt") as table:
        for column in _columns():
            table.drop_column(column.name)
