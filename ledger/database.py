"""Connections and sessions. SQLite by default, MySQL or MariaDB in production; the same statements on all three."""

from __future__ import annotations

import functools
import inspect
import json
import logging
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
from ledger.outages import is_deadlock, named_outages

log = logging.getLogger(__name__)

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY_SECONDS: Final = 10
"""How long a SQLite writer waits for another one before it gives up."""
_WAL_PAUSE_SECONDS: Final = 0.02
"""Between two tries to turn on SQLite's write-ahead log, which another one does within milliseconds."""
_LOCK_SECONDS: Final = 5
"""How long a statement waits for a row on MySQL, whose own default of 50 is longer than anybody looks at a screen."""
_PAGE_CONNECTIONS: Final = 16
"""Connections for pages and photos beside the readers'. A page holds one for some milliseconds at a time."""
_POOL_SECONDS: Final = 10
"""How long to wait for one of them."""
_DEADLOCK_TRIES: Final = 5
INSIST_WAITS: Final = (1, 2, 4, 8, 15, 30, 60)
"""Seconds between the tries of `insist`, two minutes in all: a database restarts within one."""

_MIGRATE_LOCK: Final = sa.text("SELECT GET_LOCK(LEFT(CONCAT('ledger-migrate ', DATABASE()), 64), :seconds)")
"""MySQL's locks by name belong to the whole server and have names of at most 64 characters."""
_MIGRATE_SECONDS: Final = 50
"""How long to wait for another migration: less than the connection waits for an answer."""

Result = TypeVar("Result")


class Database:
    """Sessions on one database. `read` and `write` commit or roll back whole, and name an outage as such.

    `readers` is the number of background readers, so that they leave enough connections to the pages.
    """

    def __init__(self, url: str, readers: int = 2) -> None:
        self.engine = _engine(url, connections=readers + _PAGE_CONNECTIONS)
        self._reader = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite cannot turn a reading transaction into a writing one while others write, so writers say so first.
        self._writer = sessionmaker(self.engine.execution_options(ledger_writes=True), expire_on_commit=False)

    def address(self) -> str:
        """Where it is, without its password: what tells one database from another."""
        return str(self.engine.url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries. Raises DatabaseUnavailable and DatabaseBusy."""
        with named_outages(), self._reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any error. Raises as `read` does."""
        with named_outages(), self._writer.begin() as session:
            yield session

    def retry(self, work: Callable[..., Result], *args: Any) -> Result:
        """`work(session, *args)` in one transaction, done again when it was the victim of a deadlock.

        Raises DatabaseBusy when it always was, and DatabaseUnavailable.
        """
        for _ in range(_DEADLOCK_TRIES - 1):
            try:
                with self.write() as session:
                    return work(session, *args)
            except DatabaseBusy as exc:
                if not is_deadlock(exc):
                    raise
        with self.write() as session:
            return work(session, *args)

    def insist(
        self,
        work: Callable[..., Result],
        *args: Any,
        again: Callable[..., Result],
        told: str,
        sleep: Callable[[float], object] = time.sleep,
    ) -> Result:
        """`retry`, and while the database is away or busy again and again, for two minutes: for what was paid for.

        `again` is tried from the second time on, and has to find what was stored: it may have been committed, and only
        the answer lost. `told` names in the log what is not stored yet. Raises as `read` does.
        """
        waits = iter(INSIST_WAITS)
        while True:
            try:
                return self.retry(work, *args)
            except (DatabaseUnavailable, DatabaseBusy) as error:
                wait = next(waits, None)
                if wait is None:
                    log.error("%s is lost: %s", told, error)
                    raise
                log.warning("%s is not stored yet: %s", told, error)
            sleep(wait)
            work = again

    def migrate(self) -> str:
        """Bring the schema to this version and return its revision. Of several at once one works, the others wait.

        A newer schema that takes this version is left as it is.
        Raises DatabaseUnavailable, and DatabaseBusy when another one does not end.
        """
        writing = self.engine.execution_options(ledger_writes=True)
        with named_outages(), writing.connect() as connection:
            _wait_for_our_turn(connection)
            if _takes_us(connection, found := _revision(connection)):
                return found
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return newest_revision()

    def check(self) -> str:
        """The schema's revision: ours, or a newer one that takes us. Raises DatabaseUnavailable or SchemaOutdated."""
        with named_outages(), self.engine.connect() as connection:
            found = _revision(connection)
            if found != newest_revision() and not _takes_us(connection, found):
                raise SchemaOutdated(found=found or "none", expected=newest_revision())
        return found

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def rows_changed(session: Session, statement: sa.Executable) -> int:
    """Run an INSERT, UPDATE or DELETE and return how many rows it met."""
    result = session.execute(statement)
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


def up_to(query: sa.Select[Any], most: int) -> sa.Select[int]:
    """How many rows a query has, counted up to `most`: it costs the same however many there are."""
    return sa.select(sa.func.count()).select_from(query.limit(most).subquery())


def _wait_for_our_turn(connection: sa.Connection) -> None:
    """Be the only one who migrates until the connection is closed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SELECT 1")  # begins the writer's transaction, which the migrations then run in
        return
    connection.detach()  # closing it ends its session, and with the session the lock, whatever happened
    if connection.scalar(_MIGRATE_LOCK, {"seconds": _MIGRATE_SECONDS}) != 1:
        raise DatabaseBusy(why="somebody else is migrating it")


def _revision(connection: sa.Connection) -> str:
    """The schema's revision; empty where there is none yet."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _takes_us(connection: sa.Connection, found: str) -> bool:
    """Whether this is a newer schema, unknown to us, whose migration promises that it takes versions as old as ours.

    Where it promised nothing, or names a version that we do not know, it does not.
    """
    if not found or found in _revisions() or not sa.inspect(connection).has_table("schema_promise"):
        return False
    promised = sa.text("SELECT oldest FROM schema_promise WHERE revision = :found")
    return connection.scalar(promised, {"found": found}) in _revisions()


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


@functools.cache
def newest_revision() -> str:
    """The revision of this version's schema; found by loading all migrations, so found once."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None
    return head


@functools.cache
def _revisions() -> frozenset[str]:
    """All revisions that this version knows."""
    return frozenset(each.revision for each in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())


def _engine(url: str, connections: int) -> sa.Engine:
    try:
        parsed = make_url(url)
    except (sa.exc.ArgumentError, ValueError) as exc:  # the latter for a port that is no number
        raise ConfigurationError(setting="LEDGER_DATABASE_URL", why="it is not a database URL") from exc
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, connections)
    if parsed.get_backend_name() in ("mysql", "mariadb"):
        return _mysql_engine(parsed, connections)
    raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=f"{parsed.get_backend_name()!r} is not supported")


def _to_json(value: object) -> str:
    # Escaped Hangul would take twice the room and could not be found by a query. Half of a surrogate pair, which JSON
    # from a browser or a model may hold, is taken by no database.
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()


def _sqlite_engine(url: sa.URL, connections: int) -> sa.Engine:
    pool: dict[str, Any] = {}
    if url.database and url.database != ":memory:":
        pool = _pool(connections)
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=str(exc)) from exc
    url = url.set(query={"timeout": str(_BUSY_SECONDS), **url.query})
    engine = sa.create_engine(url, json_serializer=_to_json, **pool)

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


def _mysql_engine(url: sa.URL, connections: int) -> sa.Engine:
    url = url.set(drivername=f"{url.get_backend_name()}+pymysql").update_query_dict({"charset": "utf8mb4"})
    if unknown := set(url.query) - set(inspect.signature(pymysql.Connection).parameters):
        raise ConfigurationError(setting="LEDGER_DATABASE_URL", why=f"PyMySQL has no option {sorted(unknown)[0]!r}")
    first = url.query.get("init_command", f"SET SESSION innodb_lock_wait_timeout = {_LOCK_SECONDS}")
    return sa.create_engine(
        url,
        json_serializer=_to_json,
        isolation_level="READ COMMITTED",  # a status checked again must be seen as it is, not as it was at the start
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_reset_on_return=None,  # a session that is closed has rolled back already; the pool would do so once more
        connect_args={"connect_timeout": 5, "read_timeout": 60, "write_timeout": 60, "init_command": first},
        **_pool(connections),
    )


def _pool(connections: int) -> dict[str, Any]:
    return {"pool_size": connections, "max_overflow": 0, "pool_timeout": _POOL_SECONDS}
