"""What tables are made of: the base of all of them, and the types of their columns on every database."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC time with microseconds. MySQL rounds or truncates them unless DATETIME(6) is asked for."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        wanted = mysql.DATETIME(fsp=6) if _is_mysql(dialect) else sa.DateTime()
        return dialect.type_descriptor(wanted)

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without its zone cannot be stored: {value!r}")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class LongText(sa.types.TypeDecorator[str]):
    """Text of any length. It goes to MySQL as bytes: PyMySQL looks up every character of a text, to escape it."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(mysql.MEDIUMTEXT() if _is_mysql(dialect) else sa.Text())

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        return value.encode() if value is not None and _is_mysql(dialect) else value


def _is_mysql(dialect: sa.Dialect) -> bool:
    return dialect.name in ("mysql", "mariadb")


def exact(length: int) -> sa.String:
    """Text compared byte by byte: default MySQL collations hold 'GS25' and 'gs25', or two emoji, to be equal."""
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


LARGEST_ID: Final = 2**63 - 1
"""What an id's column holds at most. A larger one, which anybody may ask for, is an error of some databases."""
LONG_TEXT: Final = LongText()
JSON: Final = sa.JSON(none_as_null=True)
ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER


class Table(DeclarativeBase):
    """Base of all tables. Constraint names are set so that migrations can name them on every database."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 -- SQLAlchemy's own declaration
