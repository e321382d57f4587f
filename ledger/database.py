"""Connections and sessions. SQLite by default, MySQL or MariaDB in production; the same statements on all three."""

from __future__ import annotations

import inspect
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import pymysql
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from ledger.errors import ConfigurationError, DatabaseBusy, DatabaseUnavailable, SchemaOutdated

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY_SECONDS: Final = 10
"""How long a SQLite writer waits for another one before it gives up."""
_WAL_PAUSE_SECONDS: Final = 0.02
"""Between two tries to turn on SQLite's write-ahead log, which another one does within milliseconds."""
_MYSQL_CONNECTION_ERRORS: Final = frozenset({1040, 1044, 1045, 1049, 1053, 1129, 1130, 2002, 2003, 2006, 2013})
"""Server gone, unreachable, refusing or without our schema (MySQL error reference, server and client errors)."""
_MYSQL_DEADLOCKS: Final = frozenset({1205, 1213})
"""Lock wait timeout and deadlock: the transaction was rolled back and may be tried again."""
_SQLITE_OUTAGES: Final = (
    "unable to open database",
    "database is locked",
    "disk I/O error",
    "readonly",
    "not a database",
)
"""Words of SQLite's messages; one result code stands for several of them."""
_DEADLOCK_TRIES: Final = 5

_MIGRATE_LOCK: Final = sa.text("SELECT GET_LOCK(LEFT(CONCAT('ledger-migrate ', DATABASE()), 64), :seconds)")
"""MySQL's locks by name belong to the whole server and have names of at most 64 characters."""
_MIGRATE_SECONDS: Final = 50
"""How long to wait for another migration: less than the connection waits for an answer."""

Result = TypeVar("Result")


class Database:
    """Sessions on one database. `read` and `write` commit or roll back whole, and name an outage as such."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reader = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite cannot turn a reading transaction into a writing one while others write, so writers say so first.
        self._writer = sessionmaker(self.engine.execution_options(ledger_writes=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries. Raises DatabaseUnavailable."""
        with _named_outage(), self._reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any error. Raises DatabaseUnavailable."""
        with _named_outage(), self._writer.begin() as session:
            yield session

    def retry(self, work: Callable[..., Result], *args: Any) -> Result:
        """`work(session, *args)` in one transaction, done again when it was the victim of a deadlock."""
        for _ in range(_DEADLOCK_TRIES - 1):
            try:
                with self.write() as session:
                    return work(session, *args)
            except sa.exc.OperationalError as exc:
                if not _is_deadlock(exc):
                    raise
        with self.write() as session:
            return work(session, *args)

    def migrate(self) -> str:
        """Bring the schema to this version and return its revision. Of several at once one works, the others wait.

        Raises DatabaseUnavailable, and DatabaseBusy when another one does not end.
        """
        writing = self.engine.execution_options(ledger_writes=True)
        with _named_outage(), writing.connect() as connection:
            _wait_for_our_turn(connection)
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return _head()

    def check(self) -> str:
        """The schema's revision. Raises DatabaseUnavailable or SchemaOutdated."""
        with _named_outage(), self.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found != _head():
            raise SchemaOutdated(found=found or "none", expected=_head())
        return found

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def rows_changed(session: Session, statement: sa.Executable) -> int:
    """Run an INSERT, UPDATE or DELETE and return how many rows it met."""
    result = session.execute(statement)
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


def _wait_for_our_turn(connection: sa.Connection) -> None:
    """Be the only one who migrates until the connection is closed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SELECT 1")  # begins the writer's transaction, which the migrations then run in
        return
    connection.detach()  # closing it ends its session, and with the session the lock, whatever happened
    if connection.scalar(_MIGRATE_LOCK, {"seconds": _MIGRATE_SECONDS}) != 1:
        raise DatabaseBusy(why="somebody else is migrating it")


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _head() -> str:
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def _engine(url: str) -> sa.Engine:
    try:
        parsed = make_url(url)
    except (sa.exc.ArgumentError, ValueError) as exc:  # the latter for a port that is no number
        raise ConfigurationError(setting="LEDGER_DATABASE_URL", why="it is not a database URL") from exc
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    if parsed.get_backend_name() in ("mysql", "mariadb"):
        return _mysql_engine(parsed)
    raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=f"{parsed.get_backend_name()!r} is not supported")


def _to_json(value: object) -> str:
    # Escaped Hangul would take twice the room and could not be found by a query. Half of a surrogate pair, which JSON
    # from a browser or a model may hold, is taken by no database.
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=str(exc)) from exc
    url = url.set(query={"timeout": str(_BUSY_SECONDS), **url.query})
    engine = sa.create_engine(url, json_serializer=_to_json)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # sqlite3 would otherwise begin transactions on its own, and too late
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("ledger_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log. Of several who open a new file at once, SQLite lets none wait for another here."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as exc:
            if "locked" not in str(exc) or time.monotonic() > end:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)


def _mysql_engine(url: sa.URL) -> sa.Engine:
    url = url.set(drivername=f"{url.get_backend_name()}+pymysql").update_query_dict({"charset": "utf8mb4"})
    if unknown := set(url.query) - set(inspect.signature(pymysql.Connection).parameters):
        raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=f"PyMySQL has no option {sorted(unknown)[0]!r}")
    return sa.create_engine(
        url,
        json_serializer=_to_json,
        isolation_level="READ COMMITTED",  # a status checked again must be seen as it is, not as it was at the start
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"connect_timeout": 5, "read_timeout": 60, "write_timeout": 60},
    )


@contextmanager
def _named_outage() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as exc:
        if _is_outage(exc):
            raise DatabaseUnavailable(why=_reason(exc)) from exc
        raise


def _is_outage(exc: sa.exc.DBAPIError) -> bool:
    if exc.connection_invalidated:
        return True
    args = getattr(exc.orig, "args", ())
    if args and isinstance(args[0], int):
        return args[0] in _MYSQL_CONNECTION_ERRORS or (args[0] == 0 and isinstance(exc, sa.exc.InterfaceError))
    return any(sign in str(exc.orig) for sign in _SQLITE_OUTAGES)


def _is_deadlock(exc: sa.exc.DBAPIError) -> bool:
    args: tuple[Any, ...] = getattr(exc.orig, "args", ())
    return bool(args) and args[0] in _MYSQL_DEADLOCKS


def _reason(exc: sa.exc.DBAPIError) -> str:
    args = getattr(exc.orig, "args", ())
    return str(args[-1]) if args and args[-1] else "the connection was lost"
