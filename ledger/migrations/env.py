"""Alembic's entry: migrations run on the connection that Database hands over."""

from __future__ import annotations

from alembic import context

from ledger.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, compare_type=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
