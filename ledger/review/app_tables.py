"""The app's own tables: would they take what is confirmed? Its servers may have made them before we came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ledger.database import Database
from ledger.tables import ItemRow, LedgerRow

_TAKES: Final = {str: (str,), int: (int, Decimal), dt.date: (dt.date,)}
"""What is written -> what a column may hold for it; a DATETIME takes a day too."""


def problems_of_app_tables(database: Database) -> list[str]:
    """What keeps receipts from being confirmed, one sentence each. Raises DatabaseUnavailable."""
    with database.read() as session:
        connection = session.connection()
        return [*_problems(connection, LedgerRow.__table__), *_problems(connection, ItemRow.__table__)]


def _problems(connection: sa.Connection, table: sa.FromClause) -> Iterator[str]:
    inspector, name = sa.inspect(connection), str(table.description)
    if not inspector.has_table(name):
        yield f"there is no table {name}"
        return
    there = {column["name"]: column for column in inspector.get_columns(name)}
    for column in table.columns:
        yield from _problems_of_column(name, column, there.get(column.name))
    for other in there.keys() - table.columns.keys() - {column.name for column in table.columns}:
        if not there[other]["nullable"] and there[other]["default"] is None:
            yield f"{name}.{other} has no default, and nothing is written to it"
    if connection.dialect.name in ("mysql", "mariadb"):
        yield from _problems_of_mysql(connection, name, [c.name for c in table.columns if c.type.python_type is str])


def _problems_of_column(table: str, column: sa.ColumnElement[object], there: ReflectedColumn | None) -> Iterator[str]:
    if there is None:
        yield f"{table}.{column.name} is missing"
        return
    if not _takes(column.type, there["type"]):
        yield f"{table}.{column.name} has the type {there['type']!r}, which takes no {column.type}"
    if getattr(column, "nullable", False) and not there["nullable"]:
        yield f"{table}.{column.name} must allow NULL"


def _takes(written: sa.types.TypeEngine[object], there: sa.types.TypeEngine[object]) -> bool:
    try:
        return issubclass(there.python_type, _TAKES[written.python_type])
    except NotImplementedError:  # a type that SQLAlchemy does not know
        return False


def _problems_of_mysql(connection: sa.Connection, table: str, texts: list[str]) -> Iterator[str]:
    engine = sa.inspect(connection).get_table_options(table).get("mysql_engine", "InnoDB")
    if engine != "InnoDB":
        yield f"{table} has the engine {engine}, which undoes nothing; it must be InnoDB"
    charsets = sa.text(
        "SELECT column_name, character_set_name FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = :name AND character_set_name <> 'utf8mb4'"
    )
    for column, charset in connection.execute(charsets, {"name": table}):
        if column in texts:
            yield f"{table}.{column} has the character set {charset}; it must be utf8mb4"
