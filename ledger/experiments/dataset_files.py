"""A dataset version as files: a zip that is made while it is sent, or a folder; docs/experiments.md has their form."""

from __future__ import annotations

import contextlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ledger.database import Database
from ledger.errors import ExportFailed
from ledger.experiments.datasets import each_case
from ledger.experiments.pictures import PictureStores, picture
from ledger.experiments.words import Case, DatasetVersion
from ledger.inbox.decoding import MIME_TYPES, open_picture
from ledger.notes import Note
from ledger.taken_file import TakenFile

FORMAT: Final = "ledger-dataset"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "dataset.json"
CASES: Final = "cases.jsonl"
PICTURES: Final = "pictures"
SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heif": "heic"}

TAKEN: Final = "it is there already, and nothing is written over"
SENTENCES: Final = (TAKEN,)

_File = tuple[str, Iterable[bytes]]
"""A name and what is in it, piece by piece."""


def export_zip(database: Database, stores: PictureStores, version: DatasetVersion) -> Iterator[bytes]:
    """The bytes of a zip, made as they are taken: one picture is in memory at a time. The same version, the same bytes.

    Raises PictureReplaced, PhotoErrors and StoreErrors where a picture is not what it was; then the zip has no end.
    """
    out = TakenFile()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in _files(database, stores, version):
            with archive.open(_entry(name, version), "w", force_zip64=name == CASES) as file:
                for piece in content:
                    file.write(piece)
                    yield out.taken()
    yield out.taken()


def export_to(database: Database, stores: PictureStores, version: DatasetVersion, target: Path) -> None:
    """Write a zip if the target is called so, else a folder. It is there whole, or not at all.

    Raises ExportFailed where it cannot be written, and what `export_zip` raises.
    """
    if target.exists():
        raise ExportFailed(path=str(target), why=Note(TAKEN))
    unfinished = target.with_name(f".{target.name}.part")
    _remove(unfinished)  # of an export that was killed: its pictures would be in this one
    try:
        if target.suffix.lower() == ".zip":
            _write(unfinished, export_zip(database, stores, version))
        else:
            for name, content in _files(database, stores, version):
                _write(unfinished / name, content)
        unfinished.rename(target)
    except OSError as exc:
        raise ExportFailed(path=str(target), why=exc.strerror or str(exc)) from exc
    finally:
        _remove(unfinished)


def suffix_of(data: bytes, name: str) -> str:
    """What the name of a picture ends in. Raises PhotoError."""
    return SUFFIXES[MIME_TYPES[str(open_picture(data, name).format)]]


def _files(database: Database, stores: PictureStores, version: DatasetVersion) -> Iterator[_File]:
    """Pictures, cases and last the manifest: a reader finds that only where all the others are there."""
    suffixes: list[str] = []
    for case in each_case(database, version):
        data = picture(stores, case)
        suffixes.append(suffix_of(data, case.object_key))
        yield _picture_name(case, suffixes[-1]), [data]
    cases = zip(each_case(database, version), suffixes, strict=True)
    yield CASES, (_line(_case(case, suffix)) for case, suffix in cases)
    yield MANIFEST, [json.dumps(_manifest(version), ensure_ascii=False, indent=2).encode()]


def _picture_name(case: Case, suffix: str) -> str:
    return f"{PICTURES}/{case.image_sha256}.{suffix}"


def _case(case: Case, suffix: str) -> dict[str, Any]:
    return {
        "picture": _picture_name(case, suffix),
        "image_sha256": case.image_sha256,
        "split": case.split,
        "truth": case.truth.model_dump(mode="json"),
    }


def _manifest(version: DatasetVersion) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": version.name,
        "sha256": version.sha256,
        "cases": version.cases,
        "tests": version.tests,
        "created_at": version.created_at.isoformat(),
        "origin": dict(version.origin),
    }


def _line(document: dict[str, Any]) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False)}\n".encode(errors="replace")


def _entry(name: str, version: DatasetVersion) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, version.created_at.timetuple()[:6])
    info.external_attr = 0o644 << 16  # or some programs unpack files that nobody may read
    # Pictures are compressed already.
    info.compress_type = zipfile.ZIP_STORED if name.startswith(PICTURES) else zipfile.ZIP_DEFLATED
    return info


def _write(path: Path, content: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(content)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
