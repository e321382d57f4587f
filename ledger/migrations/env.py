"""Alembic's entry: migrations run on the connection that Database hands over."""

from __future__ import annotations

from alembic import context

import ledger.migrations.every_table  # noqa: F401 -- brings all tables into the metadata
from ledger.columns import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, compare_type=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
