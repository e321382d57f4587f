"""The schema as migrations make it, on SQLite and on MariaDB."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import mysql

import ledger
import ledger.migrations.every_table
from ledger.columns import Table
from ledger.database import Database, newest_revision
from ledger.errors import DatabaseBusy, SchemaOutdated
from ledger.migrations.tables import SchemaPromiseRow
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm
from ledger.tables import ExtractionRow, ReceiptRow, ReviewRow
from tests.factories import NOW, RIGHT, SETTINGS, MemoryStore, action, read_one, take_in

ROOT = Path(__file__).parents[1]
MIGRATIONS = Path(ledger.__file__).parent / "migrations"


def _migrated(url: str) -> Database:
    """By the migrations themselves, not by a copy of what they made."""
    database = Database(url)
    database.migrate()
    return database


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = _migrated(empty_database_url)
    yield database
    database.close()


@pytest.fixture
def mariadb(mariadb_url: str) -> Iterator[Database]:
    database = _migrated(mariadb_url)
    yield database
    database.close()


def test_there_is_one_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


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


def test_every_table_and_column_explains_itself(mariadb: Database) -> None:
    inspector = sa.inspect(mariadb.engine)
    silent = [
        f"{table}.{column['name']}"
        for table in Table.metadata.tables
        for column in inspector.get_columns(table)
        if not column.get("comment") and column["name"] not in ("id", "receipt_id")
    ]

    assert silent == []
    assert all(inspector.get_table_comment(table)["text"] for table in Table.metadata.tables)


def test_the_apps_tables_are_left_as_they_are(empty_database_url: str) -> None:
    engine = sa.create_engine(empty_database_url)
    auto = "AUTO_INCREMENT" if engine.dialect.name == "mysql" else ""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                f"CREATE TABLE ledger (id INTEGER PRIMARY KEY {auto}, memberId INT, location VARCHAR(255) NOT NULL,"
                " date DATE NOT NULL, message VARCHAR(255) NOT NULL DEFAULT '', theirs INT)"
            )
        )
        connection.execute(
            sa.text(
                f"CREATE TABLE item (id INTEGER PRIMARY KEY {auto}, name VARCHAR(255) NOT NULL, price INT NOT NULL,"
                " quantity INT NOT NULL, category VARCHAR(255) NOT NULL, ledgerId INT NOT NULL)"
            )
        )
        connection.execute(sa.text("INSERT INTO ledger VALUES (41, 7, 'old', '2024-01-01', 'theirs', 3)"))
    engine.dispose()

    database = _migrated(empty_database_url)
    receipt_id, extraction_id = read_one(database, member_id="7")
    confirm(database, action(receipt_id, extraction_id), RIGHT)

    with database.read() as session:
        found = session.execute(sa.text("SELECT id, location, message, theirs FROM ledger ORDER BY id")).all()
        items = session.execute(sa.text("SELECT name, ledgerId FROM item ORDER BY id")).all()
    database.close()
    assert [tuple(row) for row in found] == [(41, "old", "theirs", 3), (42, RIGHT.location, "", None)]
    assert [tuple(row) for row in items] == [("장난감", 42), ("감자", 42)]


def test_going_back_leaves_the_apps_tables(database: Database) -> None:
    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert set(sa.inspect(database.engine).get_table_names()) == {"ledger", "item", "alembic_version"}
    assert database.migrate()


def _with_the_apps_ledger(url: str) -> sa.Engine:
    engine = sa.create_engine(url)
    member = "CREATE TABLE member (id INT PRIMARY KEY AUTO_INCREMENT)"
    ledger = (
        "CREATE TABLE ledger (id INT PRIMARY KEY AUTO_INCREMENT, memberId INT, location VARCHAR(255) NOT NULL,"
        " date DATE NOT NULL, message VARCHAR(255) NOT NULL, FOREIGN KEY (memberId) REFERENCES member (id))"
    )
    with engine.begin() as connection:
        for statement in (member, ledger):
            connection.exec_driver_sql(statement)
    return engine


def test_an_index_that_the_apps_foreign_key_came_to_rest_upon_is_left_when_going_back(mariadb_url: str) -> None:
    from alembic import command

    engine, config = _with_the_apps_ledger(mariadb_url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    _migrated(mariadb_url).close()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "c61b7f2e90a5")
        left = {index["name"] for index in sa.inspect(connection).get_indexes("ledger")}
    engine.dispose()

    assert "ix_ledger_memberId_date" in left


def test_a_user_who_may_not_index_the_apps_ledger_migrates_all_the_same(
    mariadb_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = sa.make_url(mariadb_url)
    user = f"u_{str(url.database)[-20:]}"
    engine = _with_the_apps_ledger(mariadb_url)
    ours = {*Table.metadata.tables, "alembic_version"} - {"ledger"}
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE USER {user}@'127.0.0.1'")
        for name in ours:
            connection.exec_driver_sql(f"GRANT ALL ON {url.database}.{name} TO {user}@'127.0.0.1'")
        theirs = f"SELECT, INSERT, UPDATE, DELETE, REFERENCES ON {url.database}.ledger"
        connection.exec_driver_sql(f"GRANT {theirs} TO {user}@'127.0.0.1'")
    database = _migrated(url.set(username=user).render_as_string(hide_password=False))

    assert database.check()
    assert "takes no index" in caplog.text
    database.close()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP USER {user}@'127.0.0.1'")
    engine.dispose()


def test_a_status_outside_the_list_is_refused(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    wrong = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id).values(status="lost")

    with pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError)), database.write() as session:
        session.execute(wrong)

    with database.read() as session:
        assert session.get_one(ReceiptRow, receipt_id).status == ReceiptStatus.PENDING


def test_a_decision_outside_the_list_is_refused(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    review = ReviewRow(action_id="1", receipt_id=receipt_id, decision="maybe", operator="지수", created_at=NOW)

    with pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError)), database.write() as session:
        session.add(review)


def test_one_object_has_one_receipt_whoever_inserts_it(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    with database.read() as session:
        row = session.get_one(ReceiptRow, receipt_id)
    copy = {c.name: getattr(row, c.name) for c in ReceiptRow.__table__.columns if c.name != "id"}

    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.execute(sa.insert(ReceiptRow).values(copy))


@pytest.mark.parametrize("document", [{"name": "감자 🥔"}, {"name": "강아지 'quote\" \\ %_"}])
def test_json_is_kept_unescaped_so_that_a_query_finds_hangul(database: Database, document: dict[str, str]) -> None:
    receipt_id = take_in(database, MemoryStore())
    row = ExtractionRow(
        receipt_id=receipt_id,
        engine="fake",
        model="fake-1",
        settings=SETTINGS.as_json(),
        document=document,
        latency_ms=1,
        created_at=NOW,
    )
    with database.write() as session:
        session.add(row)

    word = document["name"].partition(" ")[0]
    with database.read() as session:
        found = session.execute(
            sa.text("SELECT id FROM extraction WHERE document LIKE :like"), {"like": f"%{word}%"}
        ).scalars()
        assert found.all() == [row.id]
        assert session.get_one(ExtractionRow, row.id).document == document


def test_nothing_in_a_json_column_is_null_and_not_the_word(database: Database) -> None:
    read_one(database)

    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM extraction WHERE error_fields IS NULL")) == 1


EXACT = {
    ("receipt", "object_hash"),
    ("receipt", "store"),
    ("receipt", "object_key"),
    ("receipt", "etag"),
    ("receipt", "read_etag"),
    ("extraction", "prompt_version"),
    ("extraction", "image_sha256"),
    ("extraction", "etag"),
    ("extraction", "request_id"),
    ("draft", "client_id"),
    ("review", "action_id"),
    ("receipt", "model"),
    ("receipt", "picture_hash"),
    ("receipt", "claim_token"),
    ("receipt", "reading_by"),
    ("receipt_term", "term"),
    ("shop_item", "shop"),
    ("shop_item", "name"),
    ("schema_promise", "revision"),
    ("schema_promise", "oldest"),
    ("correction", "field"),
    ("dataset_version", "name"),
    ("dataset_version", "sha256"),
    ("dataset_case", "store"),
    ("dataset_case", "object_key"),
    ("dataset_case", "image_sha256"),
    ("dataset_case", "shop"),
    ("dataset_case", "split"),
    ("experiment", "split"),
    ("experiment", "metric"),
    ("experiment", "status"),
    ("experiment", "runner"),
    ("experiment_run", "request_id"),
    ("prompt_version", "name"),
    ("prompt_version", "sha256"),
    ("prompt_version", "parent"),
    ("active_prompt", "family"),
    ("active_prompt", "prompt_version"),
    ("lexicon_shop", "shop"),
    ("lexicon_shop", "merged_into"),
    ("lexicon_item", "shop"),
    ("lexicon_item", "name"),
    ("lexicon_item", "category"),
    ("lexicon_item", "merged_into"),
    ("prompt_proposal", "key"),
    ("prompt_proposal", "decision"),
    ("prompt_proposal", "prompt_version"),
    ("api_key", "name"),
    ("api_key", "key_sha256"),
    ("batch", "token"),
    ("batch", "service_id"),
    ("batch", "input_file_id"),
    ("batch", "output_file_id"),
    ("batch", "error_file_id"),
    ("batch_line", "custom_id"),
    ("batch_line", "etag"),
}


def schema(database: Database, *columns: str) -> list[tuple[Any, ...]]:
    query = f"SELECT {', '.join(columns)} FROM information_schema.columns WHERE table_schema = DATABASE()"
    with database.read() as session:
        return [tuple(row) for row in session.execute(sa.text(query))]


def test_keys_are_compared_byte_by_byte_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "table_name", "column_name", "collation_name", "data_type")

    exact = {(t, c) for t, c, collation, kind in found if collation == "utf8mb4_bin" and kind == "varchar"}
    assert exact == EXACT


def test_every_text_takes_emoji_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "table_name", "column_name", "character_set_name")

    assert {charset for table, _, charset in found if table != "alembic_version" and charset} == {"utf8mb4"}


def test_every_time_has_microseconds_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "data_type", "datetime_precision")

    assert {precision for kind, precision in found if kind == "datetime"} == {6}


def test_temperature_is_a_double_on_mariadb(mariadb: Database) -> None:
    found = schema(mariadb, "column_name", "data_type")

    assert ("temperature", "double") in found


@pytest.mark.parametrize("broken", ["{", "감자"])
def test_what_is_no_json_is_refused_on_mariadb(mariadb: Database, broken: str) -> None:
    read_one(mariadb)

    with pytest.raises(sa.exc.OperationalError, match="CONSTRAINT"), mariadb.write() as session:
        session.execute(sa.text("UPDATE extraction SET document = :broken"), {"broken": broken})


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

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    made = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
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

    database = _migrated(empty_database_url)
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
