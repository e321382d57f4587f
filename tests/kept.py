"""MariaDB databases that tests hand on: emptied in milliseconds, where making one anew takes a sixth of a second."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import pymysql
from pymysql.cursors import Cursor
from sqlalchemy.engine import make_url

from tests.schema import migrated
from tests.servers import MARIADB_OPTIONS

_TABLES: Final = "SELECT table_name, auto_increment FROM information_schema.tables WHERE table_schema = DATABASE()"
_SHAPE: Final = (
    "SELECT table_name, engine, table_collation FROM information_schema.tables",
    "SELECT table_name, column_name, column_type, is_nullable, column_default, collation_name"
    " FROM information_schema.columns",
    "SELECT table_name, index_name, seq_in_index, column_name FROM information_schema.statistics",
    "SELECT table_name, constraint_name FROM information_schema.table_constraints",
)
"""What a test can change of a schema."""
_REVISION: Final = "alembic_version"


class KeptDatabases:
    """The databases of one server that have this version's schema, each lent to one test at a time."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: list[str] = []
        self._shape: Sequence[Any] = ()

    @contextmanager
    def lent(self) -> Iterator[str]:
        """URL of one without rows. What a test left with another shape is dropped, not handed on."""
        name = self._free.pop() if self._free else self._made()
        yield self._url(name)
        with cursor_on(self._server, name) as cursor:
            if _shape(cursor) == self._shape:
                _empty(cursor)
                self._free.append(name)
            else:
                cursor.execute(f"DROP DATABASE {name}")

    def _made(self) -> str:
        name = f"kept_{uuid.uuid4().hex}"
        with cursor_on(self._server) as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        migrated(self._url(name)).close()
        with cursor_on(self._server, name) as cursor:
            self._shape = _shape(cursor)
        return name

    def _url(self, name: str) -> str:
        return f"{self._server}/{name}?{MARIADB_OPTIONS}"


@contextmanager
def cursor_on(server: str, name: str | None = None) -> Iterator[Cursor]:
    """A cursor on a database of this server. Each statement is a transaction, and foreign keys are not looked at."""
    url = make_url(server)
    # A test that leaves a transaction open fails here after ten seconds, instead of blocking DROP for a day.
    waits = "SET lock_wait_timeout = 10, innodb_lock_wait_timeout = 10, foreign_key_checks = 0"
    with pymysql.connect(
        host=url.host,
        port=url.port or 3306,
        user=url.username,
        database=name,
        init_command=waits,
        autocommit=True,
        ssl_disabled=True,
    ) as connection:
        yield connection.cursor()


def _shape(cursor: Cursor) -> Sequence[Any]:
    found = []
    for query in _SHAPE:
        cursor.execute(f"{query} WHERE table_schema = DATABASE()")
        found.append(sorted(cursor.fetchall(), key=str))
    return found


def _empty(cursor: Cursor) -> None:
    """Delete all rows, and have numbers begin with 1 again wherever any were given."""
    cursor.execute(_TABLES)
    for table, following in cursor.fetchall():
        if table == _REVISION or following == 1:
            continue
        cursor.execute(f"DELETE FROM `{table}`")
        if following is not None:
            cursor.execute(f"ALTER TABLE `{table}` AUTO_INCREMENT = 1")
