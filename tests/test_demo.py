"""The demo's places and samples."""

from __future__ import annotations

from pathlib import Path

from ledger.config import Settings
from ledger.demo import SAMPLES, demo_settings, put_samples
from ledger.inbox.stores import open_store


def test_a_demo_never_touches_the_real_database_and_photos(tmp_path: Path) -> None:
    real = Settings(database_url="mysql://u:p@h/ledger", store_url="s3://photos/ledger/", model="gpt-4o-mini")

    settings = demo_settings(real, tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'ledger.db'}"
    assert settings.store_url == str(tmp_path / "photos")
    assert settings.datasets_url == str(tmp_path / "datasets")
    assert settings.model == "gpt-4o-mini"


def test_samples_are_copied_once_and_listed_by_the_store(tmp_path: Path) -> None:
    count = len(list(SAMPLES.glob("*.jpg")))

    assert [put_samples(tmp_path), put_samples(tmp_path)] == [count, 0]
    assert len(list(open_store(str(tmp_path)).list())) == count > 10


def test_a_sample_that_somebody_replaced_stays_replaced(tmp_path: Path) -> None:
    put_samples(tmp_path)
    one = next((tmp_path / "ledger").iterdir())
    one.write_bytes(b"mine")

    put_samples(tmp_path)

    assert one.read_bytes() == b"mine"
