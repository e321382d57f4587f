"""Which older versions work with a schema, so that one that was undone runs after a migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from ledger.migrations.promise import works_since

revision = "0d6b83f4a9e1"
down_revision = "f1c92d70b6a4"
branch_labels = None
depends_on = None

_TABLE = "schema_promise"


def upgrade() -> None:
    if _TABLE not in sa.inspect(op.get_bind()).get_table_names():
        exact = sa.String(32).with_variant(mysql.VARCHAR(32, collation="utf8mb4_bin"), "mysql", "mariadb")
        op.create_table(
            _TABLE,
            sa.Column("revision", exact, primary_key=True, comment="Revision of a schema"),
            sa.Column("oldest", exact, nullable=False, comment="Versions of this revision or later work with it"),
            comment="What each migration promises to older versions",
            mysql_charset="utf8mb4",
        )
    works_since(revision, revision)


def downgrade() -> None:
    op.drop_table(_TABLE)
