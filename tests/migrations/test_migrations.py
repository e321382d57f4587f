"""Migrations make the schema that the tables say, on SQLite and on MariaDB, whoever else migrates or breaks off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql

from ledger.columns import Table
from ledger.database import Database, newest_revision
from ledger.errors import DatabaseBusy, SchemaOutdated
from ledger.migrations.tables import SchemaPromiseRow
from ledger.review.confirm import confirm
from tests.factories import RIGHT, action, read_one
from tests.schema import by_migrations, migrations

ROOT = Path(__file__).parents[2]


def test_there_is_one_newest_migration() -> None:
    assert len(migrations().get_heads()) == 1


def test_an_empty_database_gets_every_table(database: Database) -> None:
    found = set(sa.inspect(database.engine).get_table_names())

    assert found == {*Table.metadata.tables, "alembic_version"}


def _same_type(_context: object, _inspected: object, _column: object, found: Any, wanted: Any) -> bool | None:
    # MariaDB's JSON is a LONGTEXT with a check; it is known by nothing else when it is read back.
    if isinstance(wanted, sa.JSON) and isinstance(found, mysql.LONGTEXT):
        return False
    return None


def test_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_type})

        assert compare_metadata(context, Table.metadata) == []


_MIGRATE = """
import sys
from ledger.database import Database, newest_revision
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(database.migrate())
"""


def test_two_processes_that_migrate_at_once_make_one_schema(empty_database_url: str) -> None:
    cmd = [sys.executable, "-c", _MIGRATE, empty_database_url]
    started = [
        subprocess.Popen(cmd, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for child in started:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in started:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.communicate()[0] for child in started]

    database = Database(empty_database_url)
    revision = database.check()
    database.close()
    assert [child.returncode for child in started] == [0, 0, 0]
    assert said == [f"{revision}\n"] * 3


def _schema_is(database: Database, revision: str, promised: str | None) -> None:
    """As if a version of this revision had migrated, with that promise."""
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        session.execute(sa.delete(SchemaPromiseRow))
        if promised is not None:
            session.add(SchemaPromiseRow(revision=revision, oldest=promised))


def test_a_newer_schema_that_takes_this_version_is_worked_with_and_left_as_it_is(database: Database) -> None:
    _schema_is(database, "newer", promised=newest_revision())

    assert (database.check(), database.migrate(), database.check()) == ("newer", "newer", "newer")
    receipt_id, extraction_id = read_one(database)
    confirm(database, action(receipt_id, extraction_id), RIGHT)


def test_a_schema_that_does_not_take_this_version_is_refused(database: Database) -> None:
    older = "f1c92d70b6a4"
    for revision, promised in (
        *(("newer", promise) for promise in (None, "newer", "", "of something else")),
        *((older, promise) for promise in (None, older, newest_revision())),
    ):
        _schema_is(database, revision, promised)
        with pytest.raises(SchemaOutdated):
            database.check()


def test_the_newest_migration_says_which_versions_work_with_its_schema(database: Database) -> None:
    """`works_since` at its end: that of the migration before where it only adds, its own revision otherwise."""
    with database.read() as session:
        promised = session.get_one(SchemaPromiseRow, newest_revision()).oldest

    made = [each.revision for each in migrations().walk_revisions()]
    assert promised in made[: made.index("0d6b83f4a9e1") + 1], "no version before that looks at promises"


class Interrupted(Exception):
    """The process ended here."""


@pytest.mark.parametrize("last", ["CREATE TABLE review", "CREATE INDEX ix_review_receipt_id", "CREATE TABLE item"])
def test_a_migration_that_was_interrupted_is_repeated(empty_database_url: str, last: str) -> None:
    dying = Database(empty_database_url)

    @sa.event.listens_for(dying.engine, "before_cursor_execute")
    def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith(last):
            raise Interrupted

    with pytest.raises(Interrupted):
        dying.migrate()
    dying.close()

    database = by_migrations(empty_database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_type})
        assert compare_metadata(context, Table.metadata) == []
    assert database.check()
    database.close()


def test_a_migration_that_somebody_else_never_ends_is_given_up_with_a_sentence(mariadb_url: str) -> None:
    database, other = Database(mariadb_url), sa.create_engine(mariadb_url)

    @sa.event.listens_for(database.engine, "before_cursor_execute", retval=True)
    def impatient(
        _connection: object, _cursor: object, statement: str, given: dict[str, Any], *_rest: object
    ) -> tuple[str, dict[str, Any]]:
        return statement, given | {"seconds": 0.1} if "GET_LOCK" in statement else given

    with other.connect() as connection:
        connection.execute(sa.text("SELECT GET_LOCK(CONCAT('ledger-migrate ', DATABASE()), 1)"))
        with pytest.raises(DatabaseBusy, match="somebody else is migrating it"):
            database.migrate()
    other.dispose()

    assert database.migrate()
    database.close()
