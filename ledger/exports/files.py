"""An export as files: each is there whole under its name, or not at all."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Final

from ledger.errors import ExportNotWritten
from ledger.exports.source import Piece
from ledger.notes import Note
from ledger.taken_file import TakenFile

TAKEN: Final = "it is there already, and nothing is written over"
NO_FOLDER: Final = "there is no folder {folder}"
SENTENCES: Final = (TAKEN, NO_FOLDER)


def write_files(pieces: Iterable[Piece], out: Path, main: str) -> list[Path]:
    """Write what has the ending `main` to `out`, and the rest beside it; all of them, the main one first.

    They get their names when all are whole; until then, and after a failure, there is nothing under these names.
    Raises ExportNotWritten, and what making the pieces raises.
    """
    unfinished: dict[Path, Path] = {}
    try:
        with contextlib.ExitStack() as stack:

            def opened(ending: str) -> BinaryIO:
                path = _free(out if ending == main else out.with_name(f"{out.stem}{ending}"))
                unfinished[path] = path.with_name(f".{path.name}.part")
                return stack.enter_context(unfinished[path].open("wb"))

            files = {main: opened(main)}  # before anything is made, and also where nothing is in it
            for ending, data in pieces:
                if ending not in files:
                    files[ending] = opened(ending)
                files[ending].write(data)
        for path, part in unfinished.items():
            part.rename(path)
        return list(unfinished)
    except OSError as exc:
        raise ExportNotWritten(path=str(out), why=exc.strerror or str(exc)) from exc
    finally:
        for part in unfinished.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def zipped(pieces: Iterable[Piece], stem: str) -> Iterator[bytes]:
    """The files in one, for a browser, which takes one at a time; the bytes are made as they are taken."""
    out = TakenFile()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, of_file in groupby(pieces, key=itemgetter(0)):
            # How large it becomes is not known at its beginning, so room is left for the largest.
            with archive.open(f"{stem}{ending}", "w", force_zip64=True) as file:
                for _, data in of_file:
                    file.write(data)
                    yield out.taken()
    yield out.taken()


def _free(path: Path) -> Path:
    if path.exists():
        raise ExportNotWritten(path=str(path), why=Note(TAKEN))
    if not path.parent.is_dir():
        raise ExportNotWritten(path=str(path), why=Note(NO_FOLDER, {"folder": str(path.parent)}))
    return path
