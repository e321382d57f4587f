"""The table of what migrations promise."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import Table, exact


class SchemaPromiseRow(Table):
    """Which versions work with a schema, see migrations/promise.py."""

    __tablename__ = "schema_promise"
    __table_args__ = ({"comment": "What each migration promises to older versions", "mysql_charset": "utf8mb4"},)

    revision: Mapped[str] = mapped_column(exact(32), primary_key=True, comment="Revision of a schema")
    oldest: Mapped[str] = mapped_column(exact(32), comment="Versions of this revision or later work with it")
