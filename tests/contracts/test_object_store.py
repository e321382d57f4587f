"""What every store of photos promises, asked of each: a folder, and S3 on a real server."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from pathlib import Path

import pytest

from ledger.errors import ConfigurationError, ObjectNotFound, ObjectTooLarge, UnsafeKey
from ledger.inbox.object_store import MAX_BYTES, ObjectStore, new_key
from ledger.inbox.s3_store import S3Store
from ledger.inbox.stores import open_store
from tests.servers import S3Server

ODD_NAMES = [
    "이마트 영수증.jpg",
    "a b.jpg",
    "receipt#1.jpg",
    "1+1.jpg",
    "100%20.jpg",
    "100%.jpg",
    "why?.jpg",
    "a&b=c;d,e.jpg",
    '(주)스타\'벅"스".jpg',
    "커피 ☕.jpg",
    "x" * 200 + ".jpg",
]


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each kind."""
    if request.param == "folder":
        root = tmp_path / "inbox"
        root.mkdir()
        return open_store(str(root))
    server: S3Server = request.getfixturevalue("s3_server")
    return open_store(f"s3://{request.getfixturevalue('s3_bucket')}/ledger/", endpoint=server.endpoint)


def inside(store: ObjectStore, name: str) -> str:
    """A key of this store that ends with `name`."""
    return f"ledger/{name}" if isinstance(store, S3Store) else name


def keys(store: ObjectStore) -> list[str]:
    return [stored.key for stored in store.list()]


def test_an_empty_store_lists_nothing(store: ObjectStore) -> None:
    assert list(store.list()) == []
    store.check()


def test_a_listing_goes_on_after_a_key(store: ObjectStore) -> None:
    # In the order of their bytes.
    names = ["3.jpg", "4/x.jpg", "4a.jpg", "B.jpg", "f.jpg", "가.jpg", "🐶.jpg"]
    for name in reversed(names):
        store.put(inside(store, name), b"x", "image/jpeg")

    for number, name in enumerate(names):
        assert [stored.key for stored in store.list(inside(store, name))] == [
            inside(store, n) for n in names[number + 1 :]
        ]


def test_what_was_put_comes_back(store: ObjectStore) -> None:
    data = bytes(range(256)) * 1000
    key = inside(store, "a.jpg")
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)

    put = store.put(key, data, "image/jpeg")

    assert store.fetch(key).data == data
    (listed,) = store.list()
    assert (listed.key, listed.etag, listed.size) == (key, put.etag, len(data)) == (key, put.etag, put.size)
    assert listed.etag == store.fetch(key).etag == hashlib.md5(data).hexdigest()
    for modified in (listed.modified, put.modified):
        assert modified.tzinfo is dt.UTC
        assert before <= modified <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)


def test_what_is_found_by_its_key_is_what_a_listing_says(store: ObjectStore) -> None:
    key = inside(store, "이마트 #1?%20.jpg")
    store.put(key, b"photo", "image/jpeg")

    assert [store.find(key)] == list(store.list())


def test_what_was_fetched_says_of_itself_what_a_listing_says(store: ObjectStore) -> None:
    key = inside(store, "a.jpg")
    store.put(key, b"photo", "image/jpeg")

    fetched, listed = store.fetch(key), store.find(key)

    assert (fetched.etag, len(fetched.data)) == (listed.etag, listed.size)
    assert fetched.modified.tzinfo is dt.UTC
    assert abs(fetched.modified - listed.modified) <= dt.timedelta(seconds=1)


def test_what_is_not_there_is_not_found(store: ObjectStore) -> None:
    with pytest.raises(ObjectNotFound):
        store.find(inside(store, "gone.jpg"))
    for outside in ("../a.jpg", inside(store, "a/../../a.jpg")):
        with pytest.raises(UnsafeKey):
            store.find(outside)


def test_an_empty_object_is_listed_and_fetched(store: ObjectStore) -> None:
    store.put(inside(store, "empty.jpg"), b"", "image/jpeg")

    assert [stored.size for stored in store.list()] == [0]
    assert store.fetch(inside(store, "empty.jpg")).data == b""


def test_names_are_kept_exactly(store: ObjectStore) -> None:
    for name in ODD_NAMES:
        store.put(inside(store, name), name.encode(), "image/jpeg")

    assert sorted(keys(store)) == sorted(inside(store, name) for name in ODD_NAMES)
    assert [store.fetch(key).data for key in keys(store)] == [
        key.removeprefix("ledger/").encode() for key in keys(store)
    ]


def test_names_that_look_or_decode_alike_are_different_photos(store: ObjectStore) -> None:
    names = ["감자.jpg", unicodedata.normalize("NFD", "감자.jpg"), "a b.jpg", "a+b.jpg", "a%20b.jpg", "a%2Bb.jpg"]

    for name in names:
        store.put(inside(store, name), name.encode(), "image/jpeg")

    assert sorted(keys(store)) == sorted(inside(store, name) for name in names)
    assert [store.fetch(inside(store, name)).data.decode() for name in names] == names


def test_listing_goes_into_subfolders(store: ObjectStore) -> None:
    names = ["b.jpg", "a/z.jpg", "a.jpg", "가/나/다.jpg"]

    for name in names:
        store.put(inside(store, name), b"x", "image/jpeg")

    assert sorted(keys(store)) == sorted(inside(store, name) for name in names)


def test_replacing_an_object_changes_its_etag(store: ObjectStore) -> None:
    key = inside(store, "a.jpg")
    first = store.put(key, b"one", "image/jpeg")
    assert [stored.etag for stored in store.list()] == [first.etag]

    second = store.put(key, b"two", "image/jpeg")

    assert first.etag != second.etag
    assert [stored.etag for stored in store.list()] == [second.etag]
    assert (store.fetch(key).data, store.fetch(key).etag) == (b"two", second.etag)


def test_the_same_bytes_again_keep_the_etag(store: ObjectStore) -> None:
    key = inside(store, "a.jpg")

    first, again = store.put(key, b"one", "image/jpeg"), store.put(key, b"one", "image/jpeg")

    assert first.etag == again.etag
    assert [stored.etag for stored in store.list()] == [first.etag]


def test_a_missing_object_is_named(store: ObjectStore) -> None:
    key = inside(store, "no such 영수증.jpg")

    with pytest.raises(ObjectNotFound, match="no such 영수증"):
        store.fetch(key)


def test_a_subfolder_is_no_object(store: ObjectStore) -> None:
    store.put(inside(store, "sub/a.jpg"), b"x", "image/jpeg")

    with pytest.raises(ObjectNotFound):
        store.fetch(inside(store, "sub"))


def test_a_key_outside_the_store_is_neither_read_nor_written(store: ObjectStore) -> None:
    for key in ("../a.jpg", "ledger/../../a.jpg", "/etc/hostname", "./a.jpg", "ledger/./a.jpg", ""):
        with pytest.raises(UnsafeKey):
            store.fetch(key)
        with pytest.raises(UnsafeKey):
            store.put(key, b"x", "image/jpeg")
    assert keys(store) == []


def test_an_object_that_is_too_large_is_listed_but_not_fetched(store: ObjectStore) -> None:
    key = inside(store, "film.jpg")
    store.put(key, bytes(MAX_BYTES + 1), "image/jpeg")

    assert [stored.size for stored in store.list()] == [MAX_BYTES + 1]
    with pytest.raises(ObjectTooLarge, match=r"film.jpg.* 50 "):
        store.fetch(key)


def test_an_object_of_the_largest_size_is_fetched(store: ObjectStore) -> None:
    store.put(inside(store, "large.jpg"), bytes(MAX_BYTES), "image/jpeg")

    assert len(store.fetch(inside(store, "large.jpg")).data) == MAX_BYTES


def test_a_new_key_is_inside_the_store_and_never_given_twice(store: ObjectStore) -> None:
    first, second = store.new_key("이마트.jpg"), store.new_key("이마트.jpg")
    for key in (first, second):
        store.put(key, b"x", "image/jpeg")

    assert keys(store) == sorted([first, second])
    assert first.endswith("-이마트.jpg")


def test_a_key_of_a_given_name_is_inside_the_store_and_always_the_same(store: ObjectStore) -> None:
    store.put(store.key_named("ab/abcd.jpg"), b"x", "image/jpeg")
    store.put(store.key_named("ab/abcd.jpg"), b"y", "image/jpeg")

    assert keys(store) == [store.key_named("ab/abcd.jpg")]
    assert store.fetch(store.key_named("ab/abcd.jpg")).data == b"y"


def test_a_new_key_of_any_filename_can_be_written_and_listed(store: ObjectStore) -> None:
    more = ["가" * 300 + ".jpeg", "back\\slash.jpg", "photo.tmp", ".hidden", "..", "", "a\x00\n/../b.png"]
    made = [store.new_key(name) for name in [*ODD_NAMES, *more]]

    for key in made:
        store.put(key, b"x", "image/jpeg")

    assert sorted(keys(store)) == sorted(made)


@pytest.mark.parametrize(
    "url", ["", " ", "gs://bucket/ledger/", "https://b.s3.amazonaws.com/", "s3://", "s3:///ledger/"]
)
def test_a_url_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_STORE_URL"):
        open_store(url)


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("영수증.jpg", "영수증.jpg"),
        (unicodedata.normalize("NFD", "영수증.jpg"), "영수증.jpg"),  # as macOS sends it
        ("../../etc/passwd", "....etcpasswd"),
        ("C:\\photos\\a.jpg", "C:photosa.jpg"),
        ("a\nb\x00\x7f.jpg", "ab.jpg"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("receipt.JPG.part", "receipt.JPG"),
        ("", "photo"),
        ("\n", "photo"),
        (".jpg", ".jpg"),
    ],
)
def test_a_new_key_keeps_what_can_be_kept_of_the_filename(filename: str, kept: str) -> None:
    key = new_key("ledger/", filename)

    assert key.startswith("ledger/")
    assert key[len("ledger/") + 36 :] == f"-{kept}"


def test_a_long_filename_is_cut_before_its_suffix() -> None:
    name = new_key("", "가" * 300 + ".jpeg")

    assert name.endswith("가.jpeg")
    assert len(name.encode()) <= 255
