"""A database with this version's schema, at once: migrations run once in a process, then what they made is copied.

Most tests begin with an empty database, and migrating MariaDB takes a second each time. Tests of the migrations
themselves run them.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import ledger.migrations.every_table
from ledger.columns import Table
from ledger.database import Database

_made: Final[list[str]] = []
"""The statements that make on MariaDB what the migrations made there first."""


def migrated(url: str) -> Database:
    """A database with this version's schema."""
    database = Database(url)
    if database.engine.dialect.name == "sqlite":
        _copy_file(database)
    elif not _made:
        database.migrate()
        _made.extend(written_out(database))
    else:
        _repeat(database)
    return database


def by_migrations(url: str) -> Database:
    """The same by the migrations themselves, not by a copy of what they made."""
    database = Database(url)
    database.migrate()
    return database


def migrations() -> ScriptDirectory:
    """Ours, as Alembic finds them."""
    return ScriptDirectory.from_config(_alembic())


def go_back(connection: sa.Connection, revision: str) -> None:
    """Undo the migrations after this one; all of them after `base`."""
    config = _alembic()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(ledger.__file__).parent / "migrations"))
    return config


def created(url: str) -> Database:
    """A database made anew on a MariaDB, with this version's schema."""
    parsed = sa.make_url(url)
    engine = sa.create_engine(parsed.set(database=""))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {parsed.database} CHARACTER SET utf8mb4")
    engine.dispose()
    return migrated(url)


def written_out(database: Database) -> list[str]:
    """The schema as statements, as the database itself writes them."""
    tables = [*(table.name for table in Table.metadata.sorted_tables), "alembic_version"]
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return list(connection.scalars(sa.text("SELECT sql FROM sqlite_master ORDER BY name")))
        creates = [str(connection.execute(sa.text(f"SHOW CREATE TABLE {name}")).one()[1]) for name in tables]
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return [*creates, f"INSERT INTO alembic_version VALUES ('{version}')"]


def _repeat(database: Database) -> None:
    with database.engine.begin() as connection:
        if sa.inspect(connection).get_table_names():  # of a test that comes back to its own
            return
        for statement in _made:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def _copy_file(database: Database) -> None:
    path = Path(str(database.engine.url.database))
    if not path.exists():
        path.write_bytes(_migrated_file())


@functools.cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()  # which writes its log into the file
        return path.read_bytes()
