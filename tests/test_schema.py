"""What tests begin with is what the migrations make."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ledger.database import Database
from tests.schema import migrated, written_out


def test_a_copied_schema_is_the_migrated_one_on_sqlite(tmp_path: Path) -> None:
    _compare(f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}")


def test_a_copied_schema_is_the_migrated_one_on_mariadb(mariadb_url: str) -> None:
    real = sa.make_url(mariadb_url)
    migrated(mariadb_url).close()  # from here on others are copies
    copy = real.set(database=f"{real.database}_copy")
    engine = sa.create_engine(real)
    with engine.connect() as connection:
        for name in (real.database, copy.database):
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        _compare(real.render_as_string(hide_password=False), copy.render_as_string(hide_password=False))
        connection.exec_driver_sql(f"DROP DATABASE {copy.database}")
    engine.dispose()


def _compare(real_url: str, copy_url: str) -> None:
    real, copy = Database(real_url), migrated(copy_url)
    real.migrate()
    assert written_out(copy) == written_out(real)
    assert copy.check() == real.check()
    real.close()
    copy.close()
