"""Where the photos lie: an S3 bucket or a folder, behind one seam."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import stat
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote, unquote, urlsplit

import boto3
import botocore.exceptions as aws
from botocore.config import Config
from botocore.parsers import ResponseParserError

from ledger.errors import (
    ConfigurationError,
    ObjectNotFound,
    ObjectTooLarge,
    StoreAccessDenied,
    StoreError,
    StoreUnavailable,
    UnsafeKey,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MAX_BYTES: Final = 50 * 1024 * 1024
"""Largest object fetched: twice what a 50-megapixel JPEG has. The bytes of a photo are held in memory whole."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One line of a listing."""

    key: str
    """The name exactly as the store has it, from the top of the bucket or folder; never decoded or normalised."""
    etag: str
    """Changes when the bytes change. Without the quotes that S3 puts around it."""
    size: int
    modified: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class FetchedObject:
    data: bytes
    etag: str
    """Of these bytes; another than the listing's if the object was replaced since."""
    member_id: str | None
    """Object metadata `member-id`, decoded. A folder keeps none."""


class ObjectStore(Protocol):
    """Photos by key. Every method raises the StoreErrors of ledger.errors."""

    name: str
    """Where the store is, as part of a receipt's identity: `s3://bucket/ledger/` or the folder's path."""

    def list(self) -> Iterator[StoredObject]:
        """Every object, in the store's own order, without a request for each."""

    def fetch(self, key: str) -> FetchedObject:
        """The bytes. ObjectNotFound if it is gone, ObjectTooLarge above MAX_BYTES."""

    def put(self, key: str, data: bytes, mime: str, member_id: str | None = None) -> StoredObject:
        """Write or replace; nobody ever sees half of it."""

    def new_key(self, filename: str) -> str:
        """A key that no other photo has, in this store, for a photo called `filename`."""

    def check(self) -> None:
        """Return if the store can be listed; raise what is wrong otherwise."""


def open_store(url: str, *, endpoint: str | None = None, region: str | None = None) -> ObjectStore:
    """The store at `s3://bucket/prefix/`, a `file://` URL or a folder's path. Nothing is connected yet.

    `endpoint` is for S3 servers other than Amazon's. Credentials are found as boto3 always finds them.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        if not url.strip():
            raise ConfigurationError(setting="LEDGER_STORE_URL", why="it is empty")
        return FolderStore(Path(url))
    if scheme.lower() == "s3":
        # Not urlsplit: it would cut a prefix at "#" or "?", which are ordinary characters of a key.
        bucket, _, prefix = rest.partition("/")
        return S3Store(bucket, prefix, endpoint, region)
    if scheme.lower() == "file":
        parts = urlsplit(url)
        if parts.netloc in ("", "localhost") and parts.path:
            return FolderStore(Path(unquote(parts.path)))
    raise ConfigurationError(setting="LEDGER_STORE_URL", why=f"{url!r} is neither s3://bucket/prefix/ nor a folder")


def new_key(prefix: str, filename: str) -> str:
    """`<prefix><uuid>-<filename>`, the form that the app's server gives its own uploads.

    The name is normalised to NFC, loses separators and invisible characters, and is cut to 200 bytes (with the UUID it
    still fits the 255 bytes of a file name), keeping its suffix.
    """
    name = "".join(c for c in unicodedata.normalize("NFC", filename) if c not in "/\\" and _is_visible(c)).strip()
    while name.lower().endswith(_UNFINISHED):
        name = name[: name.rindex(".")]  # such a name would be listed by no FolderStore
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    suffix = dot + suffix
    stem = stem.encode()[: 200 - len(suffix.encode())].decode(errors="ignore")
    return f"{prefix}{uuid.uuid4()}-{stem + suffix or 'photo'}"


def _is_visible(char: str) -> bool:
    # Cc control, Cf format (bidirectional overrides can disguise a suffix), Cs lone surrogate, Zl/Zp line breaks.
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


class S3Store:
    """A bucket of Amazon S3 or of any server that speaks its protocol; all keys begin with `prefix`."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None, region: str | None) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            raise ConfigurationError(setting="LEDGER_STORE_URL", why=f"{bucket!r} is not a bucket's name")
        # "ledger" alone would also list "ledger-old/".
        self._prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
        self._bucket = bucket
        self.name = f"s3://{bucket}/{self._prefix}"
        self._client = _s3_client(endpoint, region)

    def list(self) -> Iterator[StoredObject]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        with self._errors():
            for page in pages:
                self._require("IsTruncated", page)
                for entry in page.get("Contents", []):
                    if not entry["Key"].endswith("/"):  # consoles make such empty objects to show a folder
                        yield StoredObject(
                            entry["Key"],
                            entry["ETag"].strip('"'),
                            entry["Size"],
                            entry["LastModified"].astimezone(UTC),
                        )

    def fetch(self, key: str) -> FetchedObject:
        self._refuse_unsafe(key)
        with self._errors(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            self._require("ETag", answer)
            with contextlib.closing(answer["Body"]) as body:
                _refuse_large(key, answer["ContentLength"])
                data = body.read()
        # Some servers capitalise the names of metadata.
        metadata = {name.lower(): value for name, value in answer["Metadata"].items()}
        return FetchedObject(data, answer["ETag"].strip('"'), unquote(metadata.get("member-id", "")) or None)

    def put(self, key: str, data: bytes, mime: str, member_id: str | None = None) -> StoredObject:
        self._refuse_unsafe(key)
        # Metadata travels as HTTP headers, which are ASCII.
        metadata = {"member-id": quote(member_id, safe="")} if member_id else {}
        with self._errors(key):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=key, Body=data, ContentType=mime, Metadata=metadata
            )
        return StoredObject(key, answer["ETag"].strip('"'), len(data), datetime.now(UTC))

    def new_key(self, filename: str) -> str:
        return new_key(self._prefix, filename)

    def check(self) -> None:
        with self._errors():
            page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
            self._require("IsTruncated", page)

    def _require(self, part: str, answer: Mapping[str, object]) -> None:
        # boto3 takes any answer with status 200: a sign-in page would read as an empty bucket.
        if part not in answer:
            raise StoreUnavailable(store=self.name, why=f"the answer has no {part}, so this is no S3 server")

    def _refuse_unsafe(self, key: str) -> None:
        # HTTP clients fold "." and "..", so that another object would be asked for.
        if not key.startswith(self._prefix) or {".", ".."} & set(key.split("/")):
            raise UnsafeKey(key=key)

    @contextlib.contextmanager
    def _errors(self, key: str | None = None) -> Iterator[None]:
        try:
            yield
        except aws.ClientError as exc:
            error = self._client_error(exc, key)
            if error is None:
                raise
            raise error from exc
        except _NO_CREDENTIALS as exc:
            raise StoreAccessDenied(store=self.name) from exc
        except _NO_ANSWER as exc:
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc

    def _client_error(self, exc: aws.ClientError, key: str | None) -> StoreError | None:
        code = exc.response["Error"]["Code"]
        status = exc.response["ResponseMetadata"]["HTTPStatusCode"]
        if code == "NoSuchKey" and key is not None:
            return ObjectNotFound(key=key)
        if status in (401, 403):
            return StoreAccessDenied(store=self.name)
        # A server in trouble or asking to slow down; or boto3 found no error code, so that what answers is no S3.
        if code == "NoSuchBucket" or status == 429 or status >= 500 or code in ("", str(status)):
            return StoreUnavailable(store=self.name, why=f"{code or 'no S3 answer'} (HTTP {status})")
        return None


_NO_CREDENTIALS: Final = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.SSOError,
)
_NO_ANSWER: Final = (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError, ResponseParserError)


def _s3_client(endpoint: str | None, region: str | None) -> S3Client:
    config = Config(
        signature_version="s3v4",
        # Servers of one's own rarely have a host name for each bucket.
        s3={"addressing_style": "path" if endpoint else "auto"},
        # Newer boto3 adds a CRC32 to every request; MinIO, Ceph and others repeat or refuse it.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    try:
        # A session of our own: boto3's shared one must not be used while another thread makes a client.
        return boto3.Session().client("s3", endpoint_url=endpoint, region_name=region, config=config)
    except aws.InvalidRegionError as exc:
        raise ConfigurationError(setting="LEDGER_S3_REGION", why=str(exc)) from exc
    except aws.BotoCoreError as exc:  # half a pair of keys, a profile that does not exist
        raise ConfigurationError(setting="AWS_*", why=str(exc)) from exc
    except ValueError as exc:  # "Invalid endpoint"
        raise ConfigurationError(setting="LEDGER_S3_ENDPOINT", why=str(exc)) from exc


def _refuse_large(key: str, size: int) -> None:
    if size > MAX_BYTES:
        raise ObjectTooLarge(key=key, megabytes=size // 1024**2, limit=MAX_BYTES // 1024**2)


_UNFINISHED: Final = (".tmp", ".part", ".crdownload")
"""Suffixes of files that some program is still writing."""

_SETTLED_NS: Final = 2_000_000_000
"""Age in nanoseconds from which a file's times tell its contents: two writes within one tick of the file system's
clock (2 s on FAT) carry the same time."""


class FolderStore:
    """Photos in a folder and its subfolders. Keys are paths with `/`, relative to `root`.

    Hidden and unfinished files, and links that lead out of the folder, are not listed.
    """

    def __init__(self, root: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._root = root.expanduser().resolve()
        self._clock = clock
        self.name = str(self._root)
        self._etags: dict[str, tuple[tuple[int, ...], str]] = {}

    def list(self) -> Iterator[StoredObject]:
        self.check()
        etags: dict[str, tuple[tuple[int, ...], str]] = {}
        found = [stored for path in self._files() if (stored := self._describe(path, etags)) is not None]
        self._etags = etags
        yield from sorted(found, key=lambda stored: stored.key)

    def fetch(self, key: str) -> FetchedObject:
        path = self._path(key)
        try:
            with path.open("rb") as file:
                _refuse_large(key, os.fstat(file.fileno()).st_size)
                data = file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as exc:
            raise ObjectNotFound(key=key) from exc
        except OSError as exc:
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc
        return FetchedObject(data, _md5(data), None)

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

    def new_key(self, filename: str) -> str:
        return new_key("", filename)

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
        if not path.resolve().is_relative_to(self._root):
            raise UnsafeKey(key=key)
        return path

    def _files(self) -> Iterator[Path]:
        for folder, subfolders, names in os.walk(self._root):  # does not enter folders that are links
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            for name in names:
                if not name.startswith(".") and not name.lower().endswith(_UNFINISHED):
                    yield Path(folder, name)

    def _describe(self, path: Path, etags: dict[str, tuple[tuple[int, ...], str]]) -> StoredObject | None:
        key = path.relative_to(self._root).as_posix()
        try:
            key.encode()  # bytes that are not UTF-8 appear as lone surrogates, which no database takes
            self._path(key)
            info = path.stat()
            if not stat.S_ISREG(info.st_mode):
                return None
            etags[key] = self._etag(key, path, info)
        except FileNotFoundError:
            return None  # removed while we looked
        except (OSError, UnicodeEncodeError, UnsafeKey) as exc:
            _log.warning("%s: %r is left out: %s", self.name, key, exc)
            return None
        return StoredObject(key, etags[key][1], info.st_size, datetime.fromtimestamp(info.st_mtime, UTC))

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
