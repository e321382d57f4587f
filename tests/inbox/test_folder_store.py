"""A folder of photos that others touch: hidden, unfinished, odd and linked files, old times, a full disk."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from ledger.errors import ObjectNotFound, StoreError, StoreUnavailable, UnsafeKey
from ledger.inbox.folder_store import FolderStore


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(root: Path) -> FolderStore:
    return FolderStore(root)


def keys(store: FolderStore) -> list[str]:
    return [stored.key for stored in store.list()]


def etags(store: FolderStore) -> list[str]:
    return [stored.etag for stored in store.list()]


def test_a_folder_that_is_missing_is_named_and_made_by_put(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "not" / "yet")
    for ask in (store.check, lambda: list(store.list())):
        with pytest.raises(StoreUnavailable, match="not/yet"):
            ask()

    store.put("a.jpg", b"x", "image/jpeg")

    assert keys(store) == ["a.jpg"]


def test_hidden_and_unfinished_files_are_not_listed(folder: FolderStore, root: Path) -> None:
    for name in (".DS_Store", ".git/a.jpg", "a.jpg.part", "b.TMP", "c.crdownload", "photo.jpg"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"x")

    assert keys(folder) == ["photo.jpg"]


def test_what_is_no_regular_file_is_not_listed(folder: FolderStore, root: Path) -> None:
    os.mkfifo(root / "pipe.jpg")  # opening it would wait for ever
    (root / "folder.jpg").mkdir()
    (root / "dangling.jpg").symlink_to(root / "nothing")

    assert keys(folder) == []


def test_links_out_of_the_folder_are_not_followed(folder: FolderStore, root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.jpg").write_bytes(b"secret")
    (root / "key.jpg").symlink_to(tmp_path / "secret" / "key.jpg")
    (root / "all").symlink_to(tmp_path / "secret")

    assert keys(folder) == []
    for key in ("key.jpg", "all/key.jpg"):
        with pytest.raises(UnsafeKey):
            folder.fetch(key)
        with pytest.raises(UnsafeKey):
            folder.put(key, b"overwritten", "image/jpeg")
    assert (tmp_path / "secret" / "key.jpg").read_bytes() == b"secret"


def test_a_link_within_the_folder_is_an_ordinary_photo(folder: FolderStore, root: Path) -> None:
    (root / "a.jpg").write_bytes(b"x")
    (root / "b.jpg").symlink_to(root / "a.jpg")

    assert keys(folder) == ["a.jpg", "b.jpg"]
    assert folder.fetch("b.jpg").data == b"x"


def test_a_name_that_is_not_utf8_is_left_out_and_the_rest_listed(
    folder: FolderStore, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Path(os.fsdecode(os.fsencode(root) + b"/\xb0\xa8.jpg")).write_bytes(b"x")  # 감 in EUC-KR
    (root / "good.jpg").write_bytes(b"x")

    assert keys(folder) == ["good.jpg"]
    assert "left out" in caplog.text


def test_links_in_a_circle_are_left_out_and_never_fetched(
    folder: FolderStore, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "a.jpg").symlink_to(root / "b.jpg")
    (root / "b.jpg").symlink_to(root / "a.jpg")
    (root / "good.jpg").write_bytes(b"x")

    assert keys(folder) == ["good.jpg"]
    assert "'a.jpg' is left out" in caplog.text
    with pytest.raises(StoreError):
        folder.fetch("a.jpg")


def test_a_file_of_a_year_that_no_calendar_has_is_left_out(
    folder: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("far.jpg", "good.jpg"):
        (root / name).write_bytes(b"x")
    really_stat = Path.stat

    def stat_of_a_far_year(path: Path, **options: bool) -> os.stat_result:  # few file systems can hold such a time
        info = really_stat(path, **options)
        return os.stat_result([*info[: stat.ST_MTIME], 10**12, info[stat.ST_CTIME]]) if path.name == "far.jpg" else info

    monkeypatch.setattr(Path, "stat", stat_of_a_far_year)

    assert keys(folder) == ["good.jpg"]
    assert "'far.jpg' is left out" in caplog.text


def test_new_contents_with_the_old_size_and_time_are_seen(folder: FolderStore, root: Path) -> None:
    path = root / "a.jpg"
    path.write_bytes(b"one")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    (before,) = etags(folder)

    path.write_bytes(b"two")
    os.utime(path, ns=times)

    assert etags(folder) != [before]


def test_a_copy_with_a_new_time_is_unchanged(folder: FolderStore, root: Path) -> None:
    path = root / "a.jpg"
    path.write_bytes(b"one")
    (before,) = etags(folder)

    path.unlink()
    path.write_bytes(b"one")
    os.utime(path, (0, 0))

    assert etags(folder) == [before]


def test_files_that_nobody_touched_are_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.jpg").write_bytes(b"one")
    ten_seconds_later = FolderStore(root, clock=lambda: time.time_ns() + 10_000_000_000)
    first = etags(ten_seconds_later)
    opened: list[Path] = []
    really_open = Path.open

    def recording_open(path: Path, mode: str) -> IO[Any]:
        opened.append(path)
        return really_open(path, mode)

    monkeypatch.setattr(Path, "open", recording_open)

    assert etags(ten_seconds_later) == first
    assert opened == []


def test_a_put_that_fails_leaves_the_old_photo_and_no_rest(folder: FolderStore, root: Path) -> None:
    folder.put("a.jpg", b"old", "image/jpeg")

    with files_end_at(1000), pytest.raises(StoreUnavailable, match="File too large"):
        folder.put("a.jpg", bytes(2000), "image/jpeg")

    assert [path.name for path in root.iterdir()] == ["a.jpg"]
    assert folder.fetch("a.jpg").data == b"old"


@contextlib.contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """The system refuses to write beyond `size`, as it does on a full disk; what comes before is written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_deleted_after_the_listing_is_not_found(folder: FolderStore, root: Path) -> None:
    (root / "a.jpg").write_bytes(b"x")
    (listed,) = folder.list()
    (root / "a.jpg").unlink()

    with pytest.raises(ObjectNotFound, match=r"a\.jpg"):
        folder.fetch(listed.key)


def test_a_put_below_a_file_says_why(folder: FolderStore) -> None:
    folder.put("a.jpg", b"x", "image/jpeg")

    with pytest.raises(StoreUnavailable, match=r"a\.jpg"):
        folder.put("a.jpg/b.jpg", b"x", "image/jpeg")
