"""What only one kind of store does: files that others touch, and servers that refuse, break or are no S3 at all."""

from __future__ import annotations

import contextlib
import http.server
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pytest
from mypy_boto3_s3 import S3Client

from ledger.errors import (
    ConfigurationError,
    LedgerError,
    ObjectNotFound,
    StoreAccessDenied,
    StoreUnavailable,
    UnsafeKey,
)
from ledger.inbox.object_store import FolderStore, ObjectStore, open_store
from tests.servers import S3Server, free_port


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(root: Path) -> FolderStore:
    return FolderStore(root)


@pytest.fixture
def s3(s3_bucket: str, s3_server: S3Server) -> ObjectStore:
    return open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint)


def keys(store: ObjectStore) -> list[str]:
    return [stored.key for stored in store.list()]


def etags(store: ObjectStore) -> list[str]:
    return [stored.etag for stored in store.list()]


# Folder


def test_a_folder_is_opened_by_path_or_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "내 영수증 #1"

    urls = [str(place), place.as_uri(), f"file://localhost{quote(str(place))}", "내 영수증 #1", f"{place}/"]

    assert {open_store(url).name for url in urls} == {str(place)}


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


# S3


def test_nothing_outside_the_prefix_is_listed(s3_bucket: str, s3_server: S3Server) -> None:
    whole = open_store(f"s3://{s3_bucket}", endpoint=s3_server.endpoint)
    for key in ("ledger/a.jpg", "ledger-old/b.jpg", "ledger2.jpg", "c.jpg"):
        whole.put(key, b"x", "image/jpeg")

    for url in (f"s3://{s3_bucket}/ledger/", f"s3://{s3_bucket}/ledger", f"S3://{s3_bucket}/ledger/"):
        store = open_store(url, endpoint=s3_server.endpoint)
        assert store.name == f"s3://{s3_bucket}/ledger/"
        assert keys(store) == ["ledger/a.jpg"]
        with pytest.raises(UnsafeKey):
            store.fetch("ledger-old/b.jpg")
    assert len(keys(whole)) == 4


def test_a_prefix_may_have_odd_characters(s3_bucket: str, s3_server: S3Server) -> None:
    store = open_store(f"s3://{s3_bucket}/영수증 #1?/%20/", endpoint=s3_server.endpoint)

    store.put("영수증 #1?/%20/a.jpg", b"x", "image/jpeg")

    assert keys(store) == ["영수증 #1?/%20/a.jpg"]


def test_a_folder_made_in_a_console_is_no_photo(s3: ObjectStore, s3_bucket: str, s3_client: S3Client) -> None:
    for key in ("ledger/", "ledger/2026/"):
        s3_client.put_object(Bucket=s3_bucket, Key=key, Body=b"")
    s3.put("ledger/2026/a.jpg", b"x", "image/jpeg")

    assert keys(s3) == ["ledger/2026/a.jpg"]


def test_more_objects_than_one_page_holds_are_all_listed_once(s3: ObjectStore) -> None:
    names = [f"ledger/{number:04d} 영수증.jpg" for number in range(1200)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: s3.put(name, b"x", "image/jpeg"), names))

    assert keys(s3) == names


@pytest.mark.parametrize("member", ["42", "김 감자/%20"])
def test_the_member_is_kept_with_the_photo(s3: ObjectStore, member: str) -> None:
    s3.put("ledger/a.jpg", b"x", "image/jpeg", member_id=member)
    s3.put("ledger/b.jpg", b"x", "image/jpeg")

    assert s3.fetch("ledger/a.jpg").member_id == member
    assert s3.fetch("ledger/b.jpg").member_id is None


def test_the_type_of_the_photo_is_kept_with_it(s3: ObjectStore, s3_bucket: str, s3_client: S3Client) -> None:
    s3.put("ledger/a", b"x", "image/webp")

    assert s3_client.head_object(Bucket=s3_bucket, Key="ledger/a")["ContentType"] == "image/webp"


Ask = Callable[[ObjectStore], object]

ASKS: list[Ask] = [
    lambda store: store.check(),
    lambda store: list(store.list()),
    lambda store: store.fetch("ledger/a.jpg"),
    lambda store: store.put("ledger/a.jpg", b"x", "image/jpeg"),
]


@pytest.mark.parametrize("wrong", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_wrong_credentials_are_named(
    s3_bucket: str, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(wrong, "wrong")
    store = open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint)

    for ask in ASKS:
        with pytest.raises(StoreAccessDenied, match="AWS_ACCESS_KEY_ID"):
            ask(store)


def test_missing_credentials_are_named(s3_server: S3Server) -> None:
    store = open_store("s3://some-bucket/ledger/", endpoint=s3_server.endpoint)

    for ask in ASKS:
        with pytest.raises(StoreAccessDenied):
            ask(store)


@pytest.mark.usefixtures("s3_bucket")
def test_a_missing_bucket_is_named(s3_server: S3Server) -> None:
    store = open_store("s3://no-such-bucket/ledger/", endpoint=s3_server.endpoint)

    for ask in ASKS:
        with pytest.raises(StoreUnavailable, match=r"no-such-bucket.*NoSuchBucket"):
            ask(store)


@pytest.mark.usefixtures("s3_bucket")
def test_a_server_that_is_down_is_named() -> None:
    store = open_store("s3://some-bucket/ledger/", endpoint=f"http://127.0.0.1:{free_port()}")

    for ask in ASKS:
        with pytest.raises(StoreUnavailable, match="does not answer"):
            ask(store)


@contextlib.contextmanager
def answering(status: int, body: bytes, length: int | None = None) -> Iterator[str]:
    """A web server that gives every request the same answer; `length` may promise more than `body` has."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.send_header("ETag", '"e"') if length else None
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("s3_bucket")
@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html>Sign in</html>"), (200, b'{"ok": true}'), (200, b""), (301, b""), (404, b"<html>"), (500, b"")],
)
def test_a_server_that_is_no_s3_is_named(status: int, body: bytes) -> None:
    with answering(status, body) as endpoint:
        store = open_store("s3://some-bucket/ledger/", endpoint=endpoint)
        for ask in ASKS[:3]:
            with pytest.raises(StoreUnavailable, match="LEDGER_S3_ENDPOINT"):
                ask(store)


@pytest.mark.usefixtures("s3_bucket")
def test_a_photo_whose_transfer_breaks_off_is_never_handed_out() -> None:
    with answering(200, b"half", length=8) as endpoint, pytest.raises(StoreUnavailable):
        open_store("s3://some-bucket/ledger/", endpoint=endpoint).fetch("ledger/a.jpg")


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "minio"])
def test_an_endpoint_without_a_scheme_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_S3_ENDPOINT"):
        open_store("s3://some-bucket/", endpoint=endpoint)


def test_a_region_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_S3_REGION"):
        open_store("s3://some-bucket/", region="서울")


@pytest.mark.parametrize(("name", "value"), [("AWS_ACCESS_KEY_ID", "half a pair"), ("AWS_PROFILE", "nobody")])
def test_settings_of_aws_that_cannot_be_used_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError, match="AWS_"):
        open_store("s3://some-bucket/")


@pytest.mark.parametrize("url", ["file://server/share", "file://", "s3://Bucket_1/", "s3://b/", "ftp://host/folder"])
def test_a_url_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="LEDGER_STORE_URL"):
        open_store(url)
