"""An export is there whole under its name, or not at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import ExportNotWritten
from ledger.exports.files import write_files, zipped
from ledger.exports.source import Piece

PIECES = [(".config.json", b"{"), (".jsonl", b"1\n"), (".config.json", b"}"), ("-2.jsonl", b"2\n")]


def test_the_main_file_is_called_as_wanted_and_the_others_after_it(tmp_path: Path) -> None:
    written = write_files(PIECES, tmp_path / "mine.txt", ".jsonl")

    assert [path.name for path in written] == ["mine.txt", "mine.config.json", "mine-2.jsonl"]
    assert [path.read_bytes() for path in written] == [b"1\n", b"{}", b"2\n"]
    assert len(list(tmp_path.iterdir())) == 3


def test_an_export_of_nothing_is_an_empty_file(tmp_path: Path) -> None:
    (path,) = write_files([], tmp_path / "none.jsonl", ".jsonl")
    assert path.read_bytes() == b""


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    def failing() -> Iterator[Piece]:
        yield ".jsonl", b"1\n"
        assert not (tmp_path / "mine.jsonl").exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_files(failing(), tmp_path / "mine.jsonl", ".jsonl")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.config.json").write_text("kept")

    with pytest.raises(ExportNotWritten, match="nothing is written over"):
        write_files(PIECES, tmp_path / "mine.jsonl", ".jsonl")

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("mine.config.json", "kept")]


@pytest.mark.parametrize("out", ["none/mine.jsonl", "file/mine.jsonl", "x" * 300])
def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ExportNotWritten, match="Choose another place"):
        write_files(PIECES, tmp_path / out, ".jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_browser_gets_all_files_in_one_made_while_it_is_taken() -> None:
    made: list[Piece] = []

    def pieces() -> Iterator[Piece]:
        for piece in sorted(PIECES * 50, key=lambda piece: piece[0]):
            made.append(piece)
            yield piece

    taken = []
    for number, data in enumerate(zipped(pieces(), "mine")):
        assert len(made) == min(number + 1, 200)
        taken.append(data)
    with zipfile.ZipFile(io.BytesIO(b"".join(taken))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "mine-2.jsonl": b"2\n" * 50,
            "mine.config.json": b"{}" * 50,
            "mine.jsonl": b"1\n" * 50,
        }
