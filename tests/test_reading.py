"""Photo files read without a database."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.errors import MissingKey, RateLimited
from ledger.extraction.extractor import ExtractionResult, FieldProblem, ReadingSettings
from ledger.extraction.look import Look
from ledger.extraction.reasons import NOT_WHOLE
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.reading import FileReading, read_files
from ledger.receipt import Receipt, to_contract
from tests.factories import MISREAD, RIGHT, SETTINGS, FakeExtractor, jpeg, result


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return written(tmp_path / "감자 영수증.jpg", jpeg())


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def read(
    extractor: FakeExtractor, *files: Path, temperature: float | None = None, readers: int = 1
) -> list[FileReading]:
    return list(read_files(files, extractor, temperature=temperature, readers=readers))


def test_a_file_gives_the_contracts_json_under_its_name(photo: Path) -> None:
    assert read(FakeExtractor(), photo) == [FileReading("감자 영수증.jpg", to_contract(MISREAD))]


def test_no_files_are_no_readings() -> None:
    assert read(FakeExtractor()) == []


@pytest.mark.parametrize(("asked", "applied"), [(None, 0.2), (0.0, 0.0), (1.5, 1.5)])
def test_the_temperature_that_was_asked_for_reaches_the_reader(
    photo: Path, asked: float | None, applied: float
) -> None:
    extractor = FakeExtractor()

    read(extractor, photo, temperature=asked)

    assert [settings for _, settings in extractor.asked] == [replace(SETTINGS, temperature=applied)]


class ByName(FakeExtractor):
    """The first file read is the last to be answered."""

    def __init__(self) -> None:
        super().__init__()
        self._second = threading.Event()

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        if photo.name == "a.jpg":
            assert self._second.wait(10)
            return result(RIGHT)
        self._second.set()
        return result(MISREAD)


def test_readings_come_in_the_order_of_the_files_however_long_each_takes(tmp_path: Path) -> None:
    files = [written(tmp_path / name, jpeg()) for name in ("a.jpg", "b.jpg")]

    found = read(ByName(), *files, readers=2)

    assert [(reading.name, reading.document) for reading in found] == [
        ("a.jpg", to_contract(RIGHT)),
        ("b.jpg", to_contract(MISREAD)),
    ]


def test_two_files_of_one_name_go_by_their_paths(tmp_path: Path) -> None:
    files = [written(tmp_path / folder / "a.jpg", jpeg()) for folder in ("x", "y")]

    assert [reading.name for reading in read(FakeExtractor(), *files)] == [str(file) for file in files]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a.jpg: the file is empty. Upload the photo again."),
        (
            "영수증".encode(),
            "a.jpg: this is not a picture, whatever its name says. Upload a JPEG, PNG, WebP or HEIC photo.",
        ),
        (jpeg()[:-60], "a.jpg: the picture is cut off, its end is missing. Upload the photo again."),
    ],
)
def test_a_bad_file_is_an_error_and_the_next_one_is_read(tmp_path: Path, data: bytes, sentence: str) -> None:
    bad, good = written(tmp_path / "a.jpg", data), written(tmp_path / "b.jpg", jpeg())

    assert read(FakeExtractor(), bad, good) == [
        FileReading("a.jpg", None, sentence),
        FileReading("b.jpg", to_contract(MISREAD)),
    ]


def test_a_missing_file_and_a_folder_are_errors_with_the_systems_reason(tmp_path: Path) -> None:
    missing, folder = read(FakeExtractor(), tmp_path / "없음.jpg", tmp_path)

    assert missing.error == "없음.jpg: the file cannot be opened: No such file or directory"
    assert folder.error == f"{tmp_path.name}: the file cannot be opened: Is a directory"


@pytest.mark.parametrize("error", [MissingKey(), RateLimited(retry_after=20)])
def test_a_reader_that_fails_is_an_error_with_the_files_name(photo: Path, error: Exception) -> None:
    assert read(FakeExtractor(error), photo) == [FileReading(photo.name, None, f"{photo.name}: {error}")]


def test_a_defect_spoils_one_file_and_is_logged_whole(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = [written(tmp_path / name, jpeg()) for name in ("a.jpg", "b.jpg")]

    first, second = read(FakeExtractor(ZeroDivisionError("sk-secret"), MISREAD), *files)

    assert first.error == "a.jpg: Something went wrong: ZeroDivisionError"
    assert second.document == to_contract(MISREAD)
    assert "Traceback" in caplog.text


def test_what_the_reader_says_about_its_limits_is_passed_on(photo: Path) -> None:
    problem = FieldProblem("items.0.count", "두 개", Note(NOT_WHOLE))
    outcome = result(MISREAD, notes=("temperature was not applied",), problems=(problem,))

    [reading] = read(FakeExtractor(outcome), photo)

    assert reading.notes == (
        "temperature was not applied",
        "items.0.count: '두 개' was left out. This is not a whole number.",
    )


def test_a_picture_that_is_no_receipt_gives_the_sentinels_and_says_so(photo: Path) -> None:
    [reading] = read(FakeExtractor(Receipt()), photo)

    assert reading.document == to_contract(Receipt())
    assert reading.notes == ("No receipt was found in this picture.",)
