"""Files that somebody wants to import: in a folder or in a zip. Nothing of them is trusted, and nothing is unpacked."""

from __future__ import annotations

import lzma
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from ledger.errors import DatasetInvalid
from ledger.inbox.object_store import MAX_BYTES
from ledger.notes import Note

NOT_THERE: Final = "There is no such file or folder."
NOT_ZIP: Final = "It is neither a folder nor a whole zip."
UNREADABLE: Final = "{file} cannot be read: {reason}."
TWICE: Final = "{file} is in it twice."
OUTSIDE: Final = "{file} leads out of it."
NO_FILE: Final = "{file} is no ordinary file."
BAD_NAME: Final = "The name {file} is not written in UTF-8."
LOCKED: Final = "It is protected by a password."
TOO_MANY: Final = "It has more than {limit} files."
TOO_LARGE: Final = "{file} has more than {limit} MB in one piece."
BOMB: Final = "It would be {times} times as large once unpacked."
SENTENCES: Final = (
    NOT_THERE,
    NOT_ZIP,
    UNREADABLE,
    TWICE,
    OUTSIDE,
    NO_FILE,
    BAD_NAME,
    LOCKED,
    TOO_MANY,
    TOO_LARGE,
    BOMB,
)

MOST_FILES: Final = 200_000
_LONGEST_LINE: Final = 1024**2
"""Bytes of one receipt's line: a thousand items fit several times."""
_MOST_TIMES: Final = 20
"""How much larger files may be unpacked than packed: pictures hardly are, and JSON is by less than this."""
_SMALL: Final = 100 * 1024**2
"""What may be unpacked of however small a zip."""
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1
"""Flags of an entry (PKWARE's APPNOTE, 4.4.4)."""
_BROKEN: Final = (
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
"""What reading a file can come to, of a zip that was damaged or made to do harm."""
_OF_FILE_MANAGERS: Final = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Source:
    """Files by their names, composed as people read them, with `/` between folders."""

    label: str
    """What people call the whole."""
    files: Mapping[str, Callable[[], BinaryIO]]
    ignored: int = 0
    """Hidden files, and those that file managers leave behind."""
    most_files: int = MOST_FILES

    def read(self, name: str) -> bytes:
        """A whole file. Raises DatasetInvalid for one larger than any photo."""
        with self._guarded(name), self.files[name]() as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise self.invalid(TOO_LARGE, file=name, limit=str(MAX_BYTES // 1024**2))
        return data

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, one in memory at a time. Raises DatasetInvalid."""
        with self._guarded(name):
            file = self.files[name]()
        with file:
            while True:
                with self._guarded(name):
                    line = file.readline(_LONGEST_LINE + 1)
                if len(line) > _LONGEST_LINE:
                    raise self.invalid(TOO_LARGE, file=name, limit=str(_LONGEST_LINE // 1024**2))
                if not line:
                    return
                yield line

    @contextmanager
    def _guarded(self, name: str) -> Iterator[None]:
        try:
            yield
        except _BROKEN as exc:
            raise self.invalid(UNREADABLE, file=name, reason=str(exc)) from exc

    def invalid(self, sentence: str, **fields: str) -> DatasetInvalid:
        """The error that says so of this source."""
        return DatasetInvalid(source=self.label, why=Note(sentence, fields))


@contextmanager
def opened_source(source: Path | BinaryIO, label: str, most_files: int = MOST_FILES) -> Iterator[Source]:
    """A folder, or a zip on disk or in memory. Raises DatasetInvalid for what is neither, or is no good one."""
    empty = Source(label, {}, most_files=most_files)
    if isinstance(source, Path) and not source.exists():
        raise empty.invalid(NOT_THERE)
    if isinstance(source, Path) and source.is_dir():
        yield _source(empty, _in_folder(empty, source.resolve()))
        return
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as exc:
        raise empty.invalid(NOT_ZIP) from exc
    with archive:
        yield _source(empty, _in_zip(empty, archive))


def _source(empty: Source, found: Iterable[tuple[str, Callable[[], BinaryIO]]]) -> Source:
    files: dict[str, Callable[[], BinaryIO]] = {}
    ignored = 0
    for raw_name, opener in found:
        name = unicodedata.normalize("NFC", raw_name)
        if name in files:
            raise empty.invalid(TWICE, file=name)
        if any(part.startswith(".") or part in _OF_FILE_MANAGERS for part in name.split("/")):
            ignored += 1
        else:
            files[name] = opener
        if len(files) > empty.most_files:
            raise empty.invalid(TOO_MANY, limit=str(empty.most_files))
    return replace(empty, files=_without_common_folder(files), ignored=ignored)


def _without_common_folder(files: dict[str, Callable[[], BinaryIO]]) -> dict[str, Callable[[], BinaryIO]]:
    """A folder that was zipped as a whole is in its zip itself."""
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or tops <= files.keys():
        return files
    return {name.partition("/")[2]: opener for name, opener in files.items()}


def _in_folder(source: Source, root: Path) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    def refuse(error: OSError) -> None:
        raise source.invalid(UNREADABLE, file=str(error.filename), reason=str(error.strerror))

    for folder, subfolders, names in os.walk(root, onerror=refuse):  # does not enter folders that are links
        linked = [name for name in subfolders if Path(folder, name).is_symlink()]
        for path in sorted(Path(folder, name) for name in [*names, *linked]):
            name = path.relative_to(root).as_posix()
            if not name.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in name):
                raise source.invalid(BAD_NAME, file=ascii(name))
            if not path.resolve().is_relative_to(root):
                raise source.invalid(OUTSIDE, file=name)
            if not path.is_file():
                raise source.invalid(NO_FILE, file=name)
            yield name, lambda path=path: path.open("rb")  # type: ignore[misc]  # a lambda's default


def _in_zip(source: Source, archive: zipfile.ZipFile) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    _refuse_bomb(source, archive, entries)
    for entry in entries:
        name = _name(entry).replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
            raise source.invalid(OUTSIDE, file=name)
        if entry.flag_bits & _ENCRYPTED:
            raise source.invalid(LOCKED)
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            raise source.invalid(NO_FILE, file=name)
        yield name, lambda entry=entry: archive.open(entry)  # type: ignore[misc]  # a lambda's default


def _refuse_bomb(source: Source, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """What an entry says of its size is what is read of it at most, so that the sizes can be believed."""
    if len(entries) > source.most_files:
        raise source.invalid(TOO_MANY, limit=str(source.most_files))
    assert archive.fp is not None
    size = archive.fp.seek(0, os.SEEK_END)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max(_SMALL, _MOST_TIMES * size):
        raise source.invalid(BOMB, times=str(unpacked // max(size, 1)))
    if sum(entry.compress_size for entry in entries) > size:  # the same bytes are many files
        raise source.invalid(NOT_ZIP)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Programs that do not say that it is UTF-8 write it so, or as Korean Windows does."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return entry.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return entry.filename
