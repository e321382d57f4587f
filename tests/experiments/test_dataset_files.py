"""A version that is exported and imported again is the same version."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.errors import DatasetInvalid, ExportFailed, NameTaken, ObjectNotFound, PictureReplaced
from ledger.experiments.dataset_files import export_to, export_zip
from ledger.experiments.datasets import cases_of, dataset_version, dataset_versions
from ledger.experiments.importing import import_dataset
from ledger.experiments.pictures import picture
from ledger.experiments.words import DATASETS, DatasetVersion
from tests.experiments.frozen import bought, confirmed, frozen
from tests.factories import NOW, RIGHT, MemoryStore, jpeg


class Stores:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.datasets = MemoryStore()


@pytest.fixture
def stores() -> Stores:
    return Stores()


@pytest.fixture
def version(database: Database, stores: Stores) -> DatasetVersion:
    """Three receipts of two shops, one of them in a place that nobody could read."""
    for number, shop in enumerate(["카페", "병원"]):
        confirmed(database, stores.store, number, bought(shop, day=number))
    nameless = RIGHT.items[0].model_copy(update={"name": None, "price": -1, "category": None})
    unreadable = RIGHT.model_copy(update={"location": None, "items": (nameless,), "currency": "USD"})
    confirmed(database, stores.store, 2, unreadable)
    return dataset_version(database, frozen(database).id)


def test_what_is_exported_as_zip_and_imported_has_the_same_hash(
    database: Database, stores: Stores, version: DatasetVersion
) -> None:
    data = b"".join(export_zip(database, stores, version))

    imported = import_dataset(
        database, stores.datasets, io.BytesIO(data), label="첫.zip", name="둘째", operator="하나", now=NOW
    )

    again = imported.version
    assert (again.sha256, again.cases, again.tests) == (version.sha256, version.cases, version.tests)
    assert (again.name, again.operator, imported.notes) == ("둘째", "하나", ())
    assert again.origin == {"made": "imported", "file": "첫.zip", "origin": dict(version.origin)}
    for one, other in zip(cases_of(database, version, None), cases_of(database, again, None), strict=True):
        assert (one.truth, one.shop, one.date, one.split) == (other.truth, other.shop, other.date, other.split)
        assert picture(stores, one) == picture(stores, other)
        assert (other.store, other.receipt_id) == (DATASETS, None)
    assert b"".join(export_zip(database, stores, again))[:30] == data[:30]


def test_what_is_exported_as_folder_and_imported_has_the_same_hash(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path
) -> None:
    export_to(database, stores, version, tmp_path / "out" / "첫")
    export_to(database, stores, version, tmp_path / "out" / "첫.zip")

    for number, name in enumerate(["첫", "첫.zip"]):
        again = import_dataset(
            database, stores.datasets, tmp_path / "out" / name, label=name, name=f"{number}", operator="하나", now=NOW
        )
        assert again.version.sha256 == version.sha256
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["첫", "첫.zip"]


def test_what_an_export_that_was_killed_left_behind_is_in_no_other(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path
) -> None:
    left = tmp_path / ".out.part" / "pictures" / "old.jpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"another version's")

    export_to(database, stores, version, tmp_path / "out")
    assert not (tmp_path / "out" / "pictures" / "old.jpg").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(("out", ".part"))) == ["out"]


def test_the_same_version_is_the_same_bytes(database: Database, stores: Stores, version: DatasetVersion) -> None:
    pieces = list(export_zip(database, stores, version))

    assert b"".join(pieces) == b"".join(export_zip(database, stores, version))
    assert len(pieces) > version.cases


def test_any_program_reads_the_zip(database: Database, stores: Stores, version: DatasetVersion) -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(export_zip(database, stores, version)))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        lines = [json.loads(line) for line in archive.read("cases.jsonl").splitlines()]
        manifest = json.loads(archive.read("dataset.json"))

    assert names[-2:] == ["cases.jsonl", "dataset.json"]
    assert [line["picture"] for line in lines] == names[:-2]
    assert {line["truth"]["location"] for line in lines} == {None, "경기 하남시 1, 카페", "경기 하남시 1, 병원"}
    assert (manifest["name"], manifest["sha256"], manifest["cases"]) == ("첫 버전", version.sha256, 3)


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_a_picture_that_was_replaced_stops_the_export_by_its_name(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path, target: str
) -> None:
    stores.store.put("ledger/1.jpg", jpeg(99))
    (tmp_path / "files").mkdir()

    with pytest.raises(PictureReplaced, match=r"ledger/1\.jpg"):
        export_to(database, stores, version, tmp_path / "files" / target)
    del stores.store.objects["ledger/1.jpg"]
    with pytest.raises(ObjectNotFound, match=r"ledger/1\.jpg"):
        export_to(database, stores, version, tmp_path / "files" / target)

    assert list((tmp_path / "files").iterdir()) == []


def test_an_export_writes_over_nothing(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path
) -> None:
    (tmp_path / "mine.zip").write_bytes(b"mine")

    with pytest.raises(ExportFailed, match="it is there already"):
        export_to(database, stores, version, tmp_path / "mine.zip")
    with pytest.raises(ExportFailed, match="cannot be written"):
        export_to(database, stores, version, tmp_path / "mine.zip" / "out")

    assert (tmp_path / "mine.zip").read_bytes() == b"mine"


def test_the_name_is_that_of_the_exported_version_unless_another_is_given(
    database: Database, stores: Stores, version: DatasetVersion
) -> None:
    data = io.BytesIO(b"".join(export_zip(database, stores, version)))

    with pytest.raises(NameTaken, match="첫 버전"):
        import_dataset(database, stores.datasets, data, label="x.zip", operator="하나", now=NOW)

    assert stores.datasets.objects == {}


def test_a_version_that_was_exported_without_its_name_is_called_as_its_file(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path
) -> None:
    export_to(database, stores, version, tmp_path / "out")
    manifest = tmp_path / "out" / "dataset.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"name": None}), "utf-8")

    again = import_dataset(database, stores.datasets, tmp_path / "out", label="out", operator="하나", now=NOW)
    assert again.version.name == "out"


def test_what_was_changed_since_the_export_is_refused_unless_that_is_meant(
    database: Database, stores: Stores, version: DatasetVersion, tmp_path: Path
) -> None:
    export_to(database, stores, version, tmp_path / "out")
    cases, manifest = tmp_path / "out" / "cases.jsonl", tmp_path / "out" / "dataset.json"
    cases.write_text(cases.read_text("utf-8").replace("감자", "왕감자"), "utf-8")

    def again() -> DatasetVersion:
        return import_dataset(
            database, stores.datasets, tmp_path / "out", label="out", name="둘째", operator="하나", now=NOW
        ).version

    with pytest.raises(DatasetInvalid, match=r"dataset\.json was written for: something was changed"):
        again()
    assert len(dataset_versions(database)) == 1
    manifest.write_text(manifest.read_text("utf-8").replace("sha256", "was", 1), "utf-8")
    assert again().sha256 != version.sha256
