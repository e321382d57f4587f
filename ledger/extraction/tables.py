"""The table of the settings that somebody chose for reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, Table


class ProductionSettingRow(Table):
    """A setting that photos are read with from then on, instead of the configured one. Append-only, but for its end."""

    __tablename__ = "production_setting"
    __table_args__ = (
        sa.Index("ix_production_setting_engine_id", "engine", "id"),
        {"comment": "Settings chosen for reading, and when they were taken back", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    engine: Mapped[str] = mapped_column(sa.String(32), comment="Engine it is meant for: openai")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="The setting, as asked for")
    reason: Mapped[dict[str, Any] | None] = mapped_column(comment="The evidence: experiment, arm, verdict as told then")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who chose it")
    created_at: Mapped[dt.datetime] = mapped_column(comment="Read with it from then on, UTC")
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was taken back or replaced, UTC")
    ended_by: Mapped[str | None] = mapped_column(sa.String(128), comment="Who took it back or replaced it")
