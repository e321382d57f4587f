"""S3 alone: its prefix and metadata, and servers that refuse, break off or are no S3 at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from mypy_boto3_s3 import S3Client

from ledger.errors import ConfigurationError, StoreAccessDenied, StoreUnavailable, UnsafeKey
from ledger.inbox.object_store import ObjectStore
from ledger.inbox.stores import open_store
from tests import web
from tests.servers import S3Server, free_port


@pytest.fixture
def s3(s3_bucket: str, s3_server: S3Server) -> ObjectStore:
    return open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint)


def keys(store: ObjectStore) -> list[str]:
    return [stored.key for stored in store.list()]


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

    promised = {"Content-Length": str(length), "ETag": '"e"'} if length else None
    with web.serving(lambda request: request.answer(status, body, promised)) as url:
        yield url


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


def error_body(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()


@pytest.mark.usefixtures("s3_bucket")
@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken", "InvalidAccessKeyId"])
def test_credentials_refused_with_http_400_are_named(code: str) -> None:
    with answering(400, error_body(code)) as endpoint:
        store = open_store("s3://some-bucket/ledger/", endpoint=endpoint, region="us-east-1")
        for ask in ASKS[:3]:
            with pytest.raises(StoreAccessDenied, match="AWS_ACCESS_KEY_ID"):
                ask(store)


@pytest.mark.usefixtures("s3_bucket")
@pytest.mark.parametrize(("status", "code"), [(400, "AuthorizationHeaderMalformed"), (301, "PermanentRedirect")])
def test_a_bucket_in_another_region_is_a_wrong_setting(status: int, code: str) -> None:
    with answering(status, error_body(code)) as endpoint:
        store = open_store("s3://some-bucket/ledger/", endpoint=endpoint, region="us-east-1")
        with pytest.raises(ConfigurationError, match=r"LEDGER_S3_REGION .* another region than us-east-1"):
            store.check()


@pytest.mark.usefixtures("s3_bucket")
def test_any_other_refusal_is_said_by_its_code() -> None:
    with answering(400, error_body("InvalidRequest")) as endpoint:
        store = open_store("s3://some-bucket/ledger/", endpoint=endpoint, region="us-east-1")
        with pytest.raises(StoreUnavailable, match=r"InvalidRequest \(HTTP 400\)"):
            store.check()
