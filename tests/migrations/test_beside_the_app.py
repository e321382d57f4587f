"""Migrations leave the tables that the app's servers made as they are, in both directions."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ledger.columns import Table
from ledger.database import Database
from ledger.review.confirm import confirm
from tests.factories import RIGHT, action, read_one
from tests.schema import by_migrations, go_back


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

    database = by_migrations(empty_database_url)
    receipt_id, extraction_id = read_one(database, member_id="7")
    confirm(database, action(receipt_id, extraction_id), RIGHT)

    with database.read() as session:
        found = session.execute(sa.text("SELECT id, location, message, theirs FROM ledger ORDER BY id")).all()
        items = session.execute(sa.text("SELECT name, ledgerId FROM item ORDER BY id")).all()
    database.close()
    assert [tuple(row) for row in found] == [(41, "old", "theirs", 3), (42, RIGHT.location, "", None)]
    assert [tuple(row) for row in items] == [("장난감", 42), ("감자", 42)]


def test_going_back_leaves_the_apps_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        go_back(connection, "base")

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
    engine = _with_the_apps_ledger(mariadb_url)
    by_migrations(mariadb_url).close()
    with engine.connect() as connection:
        go_back(connection, "c61b7f2e90a5")
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
    database = by_migrations(url.set(username=user).render_as_string(hide_password=False))

    assert database.check()
    assert "takes no index" in caplog.text
    database.close()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP USER {user}@'127.0.0.1'")
    engine.dispose()
