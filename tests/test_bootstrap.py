"""What the settings make of a desk as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.auto_confirm.confirming import AfterReading
from ledger.bootstrap import build_services
from ledger.config import Settings
from ledger.errors import ConfigurationError
from ledger.tasks import InlineTaskRunner
from tests.factories import migrated


@pytest.mark.parametrize(
    ("photos", "datasets"),
    [
        ("{0}", "{0}"),
        ("{0}", "{0}/datasets"),
        ("s3://bucket/", "s3://bucket/datasets"),
        ("s3://bucket/a", "s3://bucket/a/b/"),
    ],
)
def test_datasets_never_lie_where_photos_are_taken_in(tmp_path: Path, photos: str, datasets: str) -> None:
    made = Settings(database_url="sqlite://", store_url=photos.format(tmp_path), datasets_url=datasets.format(tmp_path))

    with pytest.raises(ConfigurationError, match="LEDGER_DATASETS_URL cannot be used: it lies inside"):
        build_services(made, InlineTaskRunner())


@pytest.mark.parametrize(
    ("photos", "datasets"),
    [
        ("{0}/photos", "{0}/photos-datasets"),
        ("{0}/a/photos", "{0}"),
        ("s3://bucket/a", "s3://bucket/ab"),
        ("{0}", "s3://bucket/"),
    ],
)
def test_datasets_lie_beside_the_photos(tmp_path: Path, photos: str, datasets: str) -> None:
    made = Settings(database_url="sqlite://", store_url=photos.format(tmp_path), datasets_url=datasets.format(tmp_path))

    desk = build_services(made, InlineTaskRunner())

    assert desk.datasets.name != desk.store.name


def test_an_address_that_is_no_place_for_datasets_names_its_setting(tmp_path: Path) -> None:
    for datasets in ("ftp://x", "s3://B", " "):
        made = Settings(database_url="sqlite://", store_url=str(tmp_path), datasets_url=datasets)
        with pytest.raises(ConfigurationError, match="The setting LEDGER_DATASETS_URL cannot be used"):
            build_services(made, InlineTaskRunner())


def test_what_is_read_may_be_confirmed_without_a_person_once_somebody_switched_that_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrated(url).close()
    desk = build_services(Settings(database_url=url, store_url=str(tmp_path), extractor="offline"))

    assert isinstance(desk.reader.afterwards, AfterReading)
    assert desk.auto_confirm.standing() is None
    desk.close()


def test_a_desk_has_batches_where_a_model_reads(tmp_path: Path) -> None:
    url, store = f"sqlite:///{tmp_path / 'ledger.db'}", str(tmp_path)

    assert build_services(Settings(database_url=url, store_url=store, extractor="openai"), InlineTaskRunner()).batches
    offline = build_services(Settings(database_url=url, store_url=store, extractor="offline"), InlineTaskRunner())
    assert offline.batches is None
