"""Reading photo files without a database: what `python -m ledger read` prints."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError
from ledger.extraction.extractor import Extractor
from ledger.inbox.images import open_photo
from ledger.receipt import to_contract

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: the contract's JSON or the error, and what the reader said about its limits."""

    name: str
    document: dict[str, Any] | None
    error: str | None = None
    notes: tuple[str, ...] = ()


def read_files(
    files: Sequence[Path], extractor: Extractor, *, temperature: float | None, readers: int
) -> Iterator[FileReading]:
    """Read the files, several at a time, and give the readings in the files' order."""
    with ThreadPoolExecutor(readers) as pool:
        yield from pool.map(lambda named: _read(named[0], named[1], extractor, temperature), _named(files))


def _named(files: Sequence[Path]) -> list[tuple[str, Path]]:
    """A file goes by its name, or by its whole path where two have the same name."""
    names = [file.name for file in files]
    return [(file.name if names.count(file.name) == 1 else str(file), file) for file in files]


def _read(name: str, file: Path, extractor: Extractor, temperature: float | None) -> FileReading:
    settings = extractor.default_settings
    if temperature is not None:
        settings = replace(settings, temperature=temperature)
    try:
        result = extractor.extract(open_photo(file.read_bytes(), name), settings)
    except OSError as error:
        return FileReading(name, None, f"{name}: the file cannot be opened: {error.strerror or error}")
    except LedgerError as error:
        sentence = str(error)
        return FileReading(name, None, sentence if sentence.startswith(name) else f"{name}: {sentence}")
    except Exception as error:  # a defect: the other files are read all the same
        log.exception("%s could not be read in an unexpected way", name)
        return FileReading(name, None, f"{name}: {LedgerError(why=type(error).__name__)}")
    notes = [*map(str, result.notes), *(f"{p.field}: {p.value!r} was left out. {p.why}" for p in result.problems)]
    if result.receipt.is_blank:
        notes.append("No receipt was found in this picture.")
    return FileReading(name, to_contract(result.receipt), notes=tuple(notes))
