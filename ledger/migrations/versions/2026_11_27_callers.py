"""Keys of other services, and indexes for what they ask: the ledger of one member."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "e5a08d41b3c7"
down_revision = "c61b7f2e90a5"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_log = logging.getLogger(__name__)
_LEDGER = "ix_ledger_memberId_date"
_NOT_ALLOWED = (1142, 1071, 1170)
"""MySQL's numbers for: no right to do this, a key that is too long, a key over a text without an end."""
_OURS = ("ix_receipt_ledger_id", "receipt", ["ledger_id"])


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept.
    inspector = sa.inspect(op.get_bind())
    if "api_key" not in inspector.get_table_names():
        _create_api_key()
    name, table, columns = _OURS
    if name not in {index["name"] for index in inspector.get_indexes(table)}:
        op.create_index(name, table, columns)
    _index_ledger(inspector)


def _index_ledger(inspector: sa.Inspector) -> None:
    """Have a member's ledger found at once, if the app's table takes an index. Without it, answers are the same."""
    wanted = ["memberId", "date"]
    indexed = any(index["column_names"][:2] == wanted for index in inspector.get_indexes("ledger"))
    if indexed or not {column["name"] for column in inspector.get_columns("ledger")}.issuperset(wanted):
        return
    try:
        op.create_index(_LEDGER, "ledger", wanted)
    except sa.exc.DBAPIError as exc:
        if exc.orig is None or exc.orig.args[0] not in _NOT_ALLOWED:
            raise
        _log.warning("the app's table ledger takes no index, so each look at a member's ledger reads it whole: %s", exc)


def _create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", _exact(64), nullable=False, comment="Whose it is"),
        sa.Column("key_sha256", _exact(64), nullable=False, comment="SHA-256 of the key, hexadecimal"),
        sa.Column("scopes", _JSON, nullable=False, comment="What it may do: read, write"),
        sa.Column("created_at", _TIME, nullable=False, comment="When it was made, UTC"),
        sa.Column("revoked_at", _TIME, comment="Refused from then on, UTC"),
        sa.Column("last_used_at", _TIME, comment="When it was last good, to the minute, UTC"),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_api_key_key_sha256")),
        comment="Keys with which other services call, hashed",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    # A foreign key of the app's may have come to rest upon it: MySQL then lets go of the index that it had before.
    needed = any(key["constrained_columns"][:1] == ["memberId"] for key in inspector.get_foreign_keys("ledger"))
    if not needed and _LEDGER in {index["name"] for index in inspector.get_indexes("ledger")}:
        op.drop_index(_LEDGER, "ledger")
    name, table, _ = _OURS
    op.drop_index(name, table)
    op.drop_table("api_key")
