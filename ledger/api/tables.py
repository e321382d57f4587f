"""The table of the keys with which other services call."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, Table, exact


class ApiKeyRow(Table):
    """A key of another service; the key itself is kept nowhere. A revoked one stays: its name is never used again."""

    __tablename__ = "api_key"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("key_sha256"),
        {"comment": "Keys with which other services call, hashed", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(exact(64), comment="Whose it is")
    key_sha256: Mapped[str] = mapped_column(exact(64), comment="SHA-256 of the key, hexadecimal")
    scopes: Mapped[list[Any]] = mapped_column(comment="What it may do: read, write")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When it was made, UTC")
    revoked_at: Mapped[dt.datetime | None] = mapped_column(comment="Refused from then on, UTC")
    last_used_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was last good, to the minute, UTC")
