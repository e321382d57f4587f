"""Photos in a folder of this machine."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ledger.errors import ObjectNotFound, StoreUnavailable, UnsafeKey, UploadsImpossible
from ledger.inbox.object_store import UNFINISHED, FetchedObject, StoredObject, UploadAddress, new_key, refuse_large

_SETTLED_NS: Final = 2_000_000_000
"""Age in nanoseconds from which a file's times tell its contents: two writes within one tick of the file system's
clock (2 s on FAT) carry the same time."""

_UNUSABLE: Final = (OSError, UnicodeEncodeError, UnsafeKey, ValueError, OverflowError)
"""What goes wrong with one file and is no reason to stop a listing; the last two are times before or after all years
that a calendar has."""

_log = logging.getLogger(__name__)


class FolderStore:
    """Photos in a folder and its subfolders. Keys are paths with `/`, relative to `root`.

    Hidden and unfinished files, and links that lead out of the folder, are not listed.
    """

    bounds: tuple[str, ...] = ()

    def __init__(self, root: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._root = root.expanduser().resolve()
        self._clock = clock
        self.name = str(self._root)
        self._etags: dict[str, tuple[tuple[int, ...], str]] = {}

    def list(self, after: str = "") -> Iterator[StoredObject]:
        self.check()
        etags: dict[str, tuple[tuple[int, ...], str]] = {}
        found = [stored for path in self._files() if (stored := self._describe(path, etags)) is not None]
        self._etags = etags
        yield from sorted((stored for stored in found if stored.key > after), key=lambda stored: stored.key)

    def find(self, key: str) -> StoredObject:
        path = self._path(key)
        if not path.is_file():
            raise ObjectNotFound(key=key)
        if (found := self._describe(path, {})) is None:
            raise StoreUnavailable(store=self.name, why=f"{key!r} cannot be read")
        return found

    def fetch(self, key: str) -> FetchedObject:
        path = self._path(key)
        try:
            with path.open("rb") as file:
                info = os.fstat(file.fileno())
                refuse_large(key, info.st_size)
                data = file.read()
            modified = datetime.fromtimestamp(info.st_mtime, UTC)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as exc:
            raise ObjectNotFound(key=key) from exc
        except (OSError, ValueError, OverflowError) as exc:
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc
        return FetchedObject(data, _md5(data), modified, None)

    def put(self, key: str, data: bytes, mime: str, member_id: str | None = None) -> StoredObject:
        del mime, member_id  # a folder keeps names and bytes only
        path = self._path(key)
        temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
            temporary.replace(path)
            modified = path.stat().st_mtime
        except OSError as exc:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc
        return StoredObject(key, _md5(data), len(data), datetime.fromtimestamp(modified, UTC))

    def upload_address(
        self, key: str, mime: str, size: int, seconds: int, member_id: str | None = None
    ) -> UploadAddress:
        raise UploadsImpossible(store=self.name)

    def new_key(self, filename: str) -> str:
        return new_key("", filename)

    def key_named(self, name: str) -> str:
        return name

    def check(self) -> None:
        try:
            with os.scandir(self._root):
                pass
        except OSError as exc:
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc

    def _path(self, key: str) -> Path:
        """The file of a key; UnsafeKey if that is not below the root, links followed."""
        if "\0" in key or {"", ".", ".."} & set(key.split("/")):
            raise UnsafeKey(key=key)
        path = self._root / key
        try:
            inside = path.resolve().is_relative_to(self._root)
        except (OSError, RuntimeError):  # links that lead in a circle
            inside = False
        if not inside:
            raise UnsafeKey(key=key)
        return path

    def _files(self) -> Iterator[Path]:
        for folder, subfolders, names in os.walk(self._root):  # does not enter folders that are links
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            for name in names:
                if not name.startswith(".") and not name.lower().endswith(UNFINISHED):
                    yield Path(folder, name)

    def _describe(self, path: Path, etags: dict[str, tuple[tuple[int, ...], str]]) -> StoredObject | None:
        key = path.relative_to(self._root).as_posix()
        try:
            key.encode()  # bytes that are not UTF-8 appear as lone surrogates, which no database takes
            self._path(key)
            info = path.stat()
            if not stat.S_ISREG(info.st_mode):
                return None
            modified = datetime.fromtimestamp(info.st_mtime, UTC)
            etags[key] = self._etag(key, path, info)
        except FileNotFoundError:
            return None  # removed while we looked
        except _UNUSABLE as exc:
            _log.warning("%s: %r is left out: %s", self.name, key, exc)
            return None
        return StoredObject(key, etags[key][1], info.st_size, modified)

    def _etag(self, key: str, path: Path, info: os.stat_result) -> tuple[tuple[int, ...], str]:
        """The hash of the contents, computed again only if the file was touched since the last listing."""
        # ctime, because a copy may bring an old mtime along.
        touched = (info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
        known, etag = self._etags.get(key, ((), ""))
        if known == touched:
            return known, etag
        with path.open("rb") as file:
            etag = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        settled = self._clock() - max(info.st_mtime_ns, info.st_ctime_ns) > _SETTLED_NS
        return (touched if settled else ()), etag


def _md5(data: bytes) -> str:
    # MD5, as S3's ETag of a plain upload: it tells that a photo changed, and protects nothing.
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
