"""Pictures and truths that somebody brings: what is taken, and what is refused by name before anything is written."""

from __future__ import annotations

import io
import json
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger.database import Database
from ledger.errors import DatasetInvalid, NameMissing
from ledger.experiments.dataset_sources import opened_source
from ledger.experiments.datasets import cases_of, dataset_versions
from ledger.experiments.importing import Imported, import_dataset
from ledger.experiments.words import Case, Split
from ledger.receipt import to_contract
from tests.factories import NOW, RIGHT, MemoryStore, jpeg, migrated

TRUTH = to_contract(RIGHT)
Files = Mapping[str, bytes]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield database
    database.close()


def written(document: object) -> bytes:
    return json.dumps(document).encode()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out


def taken(database: Database, source: Path | io.BytesIO, store: MemoryStore | None = None, **more: Any) -> Imported:
    asked = {"label": "내 영수증.zip", "operator": "지수", "now": NOW} | more
    return import_dataset(database, store or MemoryStore(), source, **asked)


def cases(database: Database) -> list[Case]:
    return cases_of(database, dataset_versions(database)[0], None)


def refused(database: Database, source: Path | io.BytesIO | Files) -> str:
    """Why something is refused; nothing at all was written then."""
    store = MemoryStore()
    with pytest.raises(DatasetInvalid) as caught:
        taken(database, zipped(source) if isinstance(source, Mapping) else source, store)
    assert dataset_versions(database) == []
    assert store.objects == {}
    told = str(caught.value)
    assert told.startswith("내 영수증.zip cannot be used as a dataset: ")
    assert told.endswith(" Nothing was imported.")
    return told.removeprefix("내 영수증.zip cannot be used as a dataset: ").removesuffix(" Nothing was imported.")


# ---- What is taken


def test_pictures_and_truths_of_the_same_name_are_taken(database: Database, tmp_path: Path) -> None:
    folder, store = tmp_path / "영수증", MemoryStore()
    (folder / "하남").mkdir(parents=True)
    for number, name in enumerate(["a.jpg", "하남/b.JPG"]):
        (folder / name).write_bytes(jpeg(number))
    unread = TRUTH | {"date": "읽을 수 없음", "total_amount": -1, "currency": "USD"}
    (folder / "a.json").write_bytes(b"\xef\xbb\xbf" + written(TRUTH))
    (folder / "하남/b.json").write_bytes(written(unread))

    imported = taken(database, folder, store, label="영수증", test_share=1)

    assert (imported.version.name, imported.version.cases, imported.version.tests) == ("영수증", 2, 2)
    assert {case.truth for case in cases(database)} == {
        RIGHT,
        RIGHT.model_copy(update={"date": None, "total_amount": None, "currency": "USD"}),
    }
    assert sorted(store.objects) == sorted(store.key_named(case.object_key) for case in cases(database))
    assert {store.fetch(key).data for key in store.objects} == {jpeg(0), jpeg(1)}
    origin = imported.version.origin
    assert (origin["made"], origin["file"], origin["test_share"]) == ("imported", "영수증", 1)


@pytest.mark.parametrize(("picture", "truth"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_hangul_names_are_the_same_however_they_are_composed(database: Database, picture: str, truth: str) -> None:
    files = {
        f"{unicodedata.normalize(picture, '감자')}.jpg": jpeg(),  # type: ignore[arg-type]  # a parameter is any text
        f"{unicodedata.normalize(truth, '감자')}.json": written(TRUTH),  # type: ignore[arg-type]  # a normal form by its name
    }

    assert taken(database, zipped(files)).version.cases == 1


def test_the_same_content_has_the_same_hash_whatever_its_files_are_called(database: Database) -> None:
    one = {"a.jpg": jpeg(1), "a.json": written(TRUTH), "b.jpg": jpeg(2), "b.json": written(TRUTH)}
    other = {
        "z/b.jpeg": jpeg(1),
        "z/b.json": json.dumps(TRUTH, ensure_ascii=False, indent=1).encode(),
        "a.jpg": jpeg(2),
        "a.json": written(TRUTH),
    }

    hashes = {
        taken(database, zipped(files), name=name, test_share=1).version.sha256
        for name, files in (("one", one), ("other", other))
    }

    assert len(hashes) == 1


def test_a_folder_that_was_zipped_as_a_whole_on_a_mac_is_taken_and_what_is_passed_over_is_told(
    database: Database,
) -> None:
    files = {
        "영수증/a.jpg": jpeg(),
        "영수증/a.json": written(TRUTH),
        "영수증/.DS_Store": b"x",
        "__MACOSX/영수증/._a.jpg": b"x",
    }

    imported = taken(database, zipped(files))

    assert list(map(str, imported.notes)) == [
        "Hidden files, and those that file managers leave behind, were passed over: 2."
    ]
    assert imported.version.name == "내 영수증"


def test_names_as_korean_windows_zips_them_are_read(database: Database) -> None:
    data = zipped({"AAAA.jpg": jpeg(), "AAAA.json": written(TRUTH), "AAAA.txt": b""}).getvalue()

    assert "감자.txt" in refused(database, io.BytesIO(data.replace(b"AAAA", "감자".encode("cp949"))))


def test_lines_made_by_hand_need_a_picture_and_a_truth_only(database: Database) -> None:
    lines = [
        {"picture": f"{number}.jpg", "truth": RIGHT.model_dump(mode="json"), "split": split}
        for number, split in enumerate(["tune", "test"])
    ]
    files = {"cases.jsonl": b"\n".join(map(written, lines)), "0.jpg": jpeg(0), "1.jpg": jpeg(1)}

    version = taken(database, zipped(files), name="손으로").version

    assert (version.cases, version.tests) == (2, 1)
    assert {case.split for case in cases(database)} == set(Split)


# ---- What is refused


def truths(**changes: Any) -> Files:
    return {"a.jpg": jpeg(), "a.json": written(TRUTH | changes)}


def item(**changes: Any) -> Files:
    return truths(items=[TRUTH["items"][0] | changes])


def without(*fields: str) -> Files:
    left = {name: value for name, value in TRUTH.items() if name not in fields}
    return {"a.jpg": jpeg(), "a.json": written(left)}


def line(**changes: Any) -> Files:
    document = {"picture": "a.jpg", "truth": RIGHT.model_dump(mode="json")} | changes
    return {"a.jpg": jpeg(), "cases.jsonl": written(document)}


SROIE = {"company": "BOOK TA .K", "date": "25/12/2018", "address": "NO.53 55", "total": "9.00"}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "It has no receipt."),
        ({"a.jpg": jpeg()}, "There is no a.json with the truth of this picture."),
        ({"a.json": written(TRUTH)}, "There is no picture of a.json."),
        (dict(truths()) | {"notes.txt": b""}, "Nothing says what notes.txt is for: it is neither a picture nor"),
        (dict(truths()) | {"a.png": jpeg()}, "a.json may be the truth of a.jpg or of a.png."),
        (dict(truths()) | {"b.jpg": jpeg(), "b.json": written(TRUTH)}, "a.jpg and b.jpg are the same picture."),
        ({"a.jpg": b"", "a.json": written(TRUTH)}, "a.jpg: the file is empty. Upload the photo again."),
        ({"a.jpg": b"text", "a.json": written(TRUTH)}, "a.jpg: this is not a picture, whatever its name says."),
        ({"a.jpg": jpeg()[:-40], "a.json": written(TRUTH)}, "a.jpg: the picture is cut off"),
        ({"a.jpg": jpeg(), "a.json": b"{"}, "a.json is no JSON object in UTF-8."),
        ({"a.jpg": jpeg(), "a.json": b"[1]"}, "a.json is no JSON object in UTF-8."),
        ({"a.jpg": jpeg(), "a.json": b"[" * 100_000}, "a.json is no JSON object in UTF-8."),
        ({"a.jpg": jpeg(), "a.json": b'{"date": ' + b"9" * 5_000 + b"}"}, "a.json is no JSON object in UTF-8."),
        ({"a.jpg": jpeg(), "a.json": '"감자"'.encode("cp949")}, "a.json is no JSON object in UTF-8."),
        (
            {"a.jpg": jpeg(), "a.json": written(SROIE)},
            "a.json has no location, items, total_amount. The truth of a receipt is date, location, items and"
            " total_amount; without its items it could not be scored.",
        ),
        (without("items"), "a.json has no items. The truth of a receipt is"),
        (truths(tax=10), "a.json has tax, which nothing here is called."),
        (truths(date="2024-13-01"), 'In a.json the value of date cannot be used: "2024-13-01"'),
        (truths(date=20241111), "In a.json the value of date cannot be used: 20241111"),
        (truths(location="가" * 256), "In a.json the value of location cannot be used"),
        (truths(location=""), "In a.json the value of location cannot be used"),
        (truths(location="\ud800"), "a.json is no JSON object in UTF-8."),
        (truths(total_amount="13500"), 'In a.json the value of total_amount cannot be used: "13500"'),
        (truths(total_amount=True), "In a.json the value of total_amount cannot be used: true"),
        (truths(total_amount=1.5), "In a.json the value of total_amount cannot be used: 1.5"),
        (truths(total_amount=2**31), "In a.json the value of total_amount cannot be used: 2147483648"),
        (truths(currency="WON"), 'In a.json the value of currency cannot be used: "WON"'),
        (truths(items={}), "In a.json the value of items cannot be used: {}"),
        (truths(items=[5]), "In a.json the value of items.0 cannot be used: 5"),
        (truths(items=[{"name": "감자"}]), "a.json (items.0) has no price, count, category."),
        (item(category="음식"), 'In a.json the value of items.0.category cannot be used: "음식"'),
        (item(price="4,000"), 'In a.json the value of items.0.price cannot be used: "4,000"'),
        (item(unit="g"), "a.json (items.0) has unit, which nothing here is called."),
        (line(picture="b.jpg"), "There is no picture of cases.jsonl:1."),
        (line(picture="../a.jpg"), "There is no picture of cases.jsonl:1."),
        (line(picture=["a.jpg"]), "There is no picture of cases.jsonl:1."),
        (line(split="train"), "In cases.jsonl:1 the value of split cannot be used: train"),
        (line(split=["test"]), "In cases.jsonl:1 the value of split cannot be used"),
        (line(truth=[]), "cases.jsonl:1 is no JSON object in UTF-8."),
        (line(image_sha256="0" * 64), "a.jpg is not the picture that cases.jsonl:1 was written for"),
        (line(note=""), "cases.jsonl:1 has note, which nothing here is called."),
        (dict(line()) | {"b.jpg": jpeg(3)}, "Nothing says what b.jpg is for"),
        (dict(line()) | {"cases.jsonl": b'{"truth": {}}'}, "cases.jsonl:1 has no picture."),
        (dict(line()) | {"cases.jsonl": b"{" + b" " * 2**20}, "cases.jsonl has more than 1 MB in one piece."),
        (dict(line()) | {"dataset.json": b'{"format": "coco"}'}, "dataset.json is of another form"),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name_and_nothing_is_written(
    database: Database, files: Files, why: str
) -> None:
    assert refused(database, files).startswith(why)


def test_some_lines_with_a_split_and_some_without_are_refused(database: Database) -> None:
    truth = RIGHT.model_dump(mode="json")
    lines = [{"picture": "0.jpg", "truth": truth, "split": "test"}, {"picture": "1.jpg", "truth": truth}]
    files = {"cases.jsonl": b"\n".join(map(written, lines)), "0.jpg": jpeg(0), "1.jpg": jpeg(1)}

    assert refused(database, files).startswith("Some lines say which split they are of")


def test_what_is_no_zip_or_is_not_there_is_said(database: Database, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 and no more")

    assert refused(database, tmp_path / "x.zip") == "It is neither a folder nor a whole zip."
    assert refused(database, io.BytesIO(zipped(truths()).getvalue()[:-30])) == "It is neither a folder nor a whole zip."
    assert refused(database, tmp_path / "nowhere") == "There is no such file or folder."


@pytest.mark.parametrize("name", ["../a.jpg", "/etc/a.jpg", "x/../../a.jpg", "..\\a.jpg", "C:\\a.jpg"])
def test_names_that_lead_out_of_a_zip_are_refused(database: Database, name: str) -> None:
    assert refused(database, dict(truths()) | {name: jpeg(1)}).endswith("leads out of it.")


def test_a_zip_that_is_vast_once_unpacked_is_refused_before_it_is(database: Database) -> None:
    assert "times as large once unpacked" in refused(database, dict(truths()) | {"b.jpg": bytes(120 * 1024**2)})


def test_a_file_larger_than_any_photo_is_refused(database: Database) -> None:
    assert refused(database, dict(truths()) | {"b.jpg": bytes(51 * 1024**2), "b.json": written(TRUTH)}) == (
        "b.jpg has more than 50 MB in one piece."
    )


def test_a_zip_whose_files_share_their_bytes_is_refused(database: Database) -> None:
    data = bytearray(zipped({f"{number}.jpg": os.urandom(2_000) for number in range(20)}).getvalue())
    first = data.index(b"PK\x01\x02")
    for at in (i for i in range(first, len(data)) if data[i : i + 4] == b"PK\x01\x02"):
        data[at + 20 : at + 24] = (30_000).to_bytes(4, "little")

    assert refused(database, io.BytesIO(data)) == "It is neither a folder nor a whole zip."


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_in_a_zip_is_named(database: Database, method: int) -> None:
    data = zipped(truths(), method).getvalue()
    broken = data.replace(data[60:90], bytes(30), 1)

    assert refused(database, io.BytesIO(broken)).startswith("a.jpg cannot be read: ")


def test_a_zip_that_says_a_wrong_place_of_its_files_is_refused(database: Database) -> None:
    data = bytearray(zipped(truths()).getvalue())
    place = len(data) - 6  # of the list of files, in the last 22 bytes
    data[place : place + 4] = (int.from_bytes(data[place : place + 4], "little") + 9_000).to_bytes(4, "little")

    assert " cannot be read: " in refused(database, io.BytesIO(bytes(data)))


def test_a_file_without_a_name_in_a_zip_is_refused(database: Database) -> None:
    data = zipped({"x": b"1"}).getvalue()
    head, tail = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    entry = data[head : head + 28] + bytes(2) + data[head + 30 : head + 46]
    end = data[tail : tail + 12] + len(entry).to_bytes(4, "little") + data[tail + 16 :]

    assert refused(database, io.BytesIO(data[:head] + entry + end)).startswith("Nothing says what  is for")


def test_more_files_than_anybody_has_are_refused(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).touch()

    for source in (zipped({"a.json": b"", "b.json": b""}), tmp_path):
        with pytest.raises(DatasetInvalid, match="It has more than 1 files"), opened_source(source, "x", most_files=1):
            pass


def test_links_and_locked_files_in_a_zip_are_refused(database: Database) -> None:
    out = zipped(truths())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("b.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    locked = bytearray(zipped(truths()).getvalue())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1

    assert refused(database, out) == "b.jpg is no ordinary file."
    assert refused(database, io.BytesIO(locked)) == "It is protected by a password."


def test_links_that_lead_out_of_a_folder_are_refused(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "영수증"
    folder.mkdir()
    (tmp_path / "a.jpg").write_bytes(jpeg())
    (folder / "a.json").write_bytes(written(TRUTH))
    (folder / "a.jpg").symlink_to(tmp_path / "a.jpg")

    assert refused(database, folder) == "a.jpg leads out of it."
    (folder / "a.jpg").unlink()
    (folder / "b").symlink_to(tmp_path)
    assert refused(database, folder) == "b leads out of it."


def test_two_names_that_are_read_the_same_are_refused(database: Database) -> None:
    files = {unicodedata.normalize("NFD", "감자.jpg"): jpeg(1), "감자.jpg": jpeg(2), "감자.json": written(TRUTH)}

    assert refused(database, files) == "감자.jpg is in it twice."


def test_a_file_that_changes_while_it_is_imported_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name, data in truths().items():
        (tmp_path / "d" / name).write_bytes(data)

    class Slow(MemoryStore):
        def put(self, key: str, data: bytes, mime: str = "image/jpeg", member_id: str | None = None) -> Any:
            (tmp_path / "d" / "b.jpg").write_bytes(jpeg(9))
            return super().put(key, data, mime, member_id)

    (tmp_path / "d" / "b.jpg").write_bytes(jpeg(2))
    (tmp_path / "d" / "b.json").write_bytes(written(TRUTH))

    with pytest.raises(DatasetInvalid, match=r"b\.jpg was changed while it was imported"):
        taken(database, tmp_path / "d", Slow())
    assert dataset_versions(database) == []


def test_a_zip_without_any_name_asks_for_one(database: Database) -> None:
    with pytest.raises(NameMissing):
        taken(database, zipped(truths()), label=" .zip", name=" ")
