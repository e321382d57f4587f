"""Photos in an S3 bucket, or in any server that speaks its protocol."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

import boto3
import botocore.exceptions as aws
from botocore.config import Config
from botocore.parsers import ResponseParserError

from ledger.errors import (
    ConfigurationError,
    ObjectNotFound,
    StoreAccessDenied,
    StoreError,
    StoreUnavailable,
    UnsafeKey,
)
from ledger.inbox.object_store import FetchedObject, StoredObject, UploadAddress, new_key, refuse_large
from ledger.inbox.s3_pages import take_objects_apart
from ledger.notes import Note

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

NO_S3: Final = "what answers is no S3 server (HTTP {status})"
PART_MISSING: Final = "the answer has no {part}, so this is no S3 server"
OTHER_REGION: Final = "the bucket {bucket} is in another region than {region} ({code})"
SENTENCES: Final = (NO_S3, PART_MISSING, OTHER_REGION)

_NO_CREDENTIALS: Final = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.SSOError,
)
_REFUSED: Final = frozenset(
    {
        "AccessDenied",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
    }
)
"""Error codes about credentials; S3 sends some of them with HTTP 400 (Amazon S3 API, "Error responses")."""
_OTHER_REGION: Final = frozenset(
    {"AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"}
)
_BOUNDS: Final = ("3\U0010ffff", "7\U0010ffff", "b\U0010ffff")
"""What names are beyond where a listing is parted. Photos are called by a UUID first, so its four parts are alike; more
than four answers at once would wait for each other where they are taken apart. The last character of all, since servers
that keep keys as folders leave out what is in a folder of the very name after which they are asked to begin."""
_CONNECTIONS: Final = 256
"""Most that are kept: as many as callers are served at once at the very most (LEDGER_API_READERS)."""
_NO_ANSWER: Final = (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError, ResponseParserError)


class S3Store:
    """A bucket of Amazon S3 or of any server that speaks its protocol; all keys begin with `prefix`."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        endpoint: str | None,
        region: str | None,
        setting: str = "LEDGER_STORE_URL",
    ) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            raise ConfigurationError(setting=setting, why=f"{bucket!r} is not a bucket's name")
        # "ledger" alone would also list "ledger-old/".
        self._prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
        self._bucket = bucket
        self.name = f"s3://{bucket}/{self._prefix}"
        self.bounds = tuple(f"{self._prefix}{bound}" for bound in _BOUNDS)
        self._client = _s3_client(endpoint, region)

    def list(self, after: str = "") -> Iterator[StoredObject]:
        ask = partial(self._client.get_paginator("list_objects_v2").paginate, Bucket=self._bucket, Prefix=self._prefix)
        pages = ask(StartAfter=after) if after else ask()
        with self._errors():
            for page in pages:
                self._require("IsTruncated", page)
                for entry in page.get("Contents", []):
                    if not entry["Key"].endswith("/"):  # consoles make such empty objects to show a folder
                        yield _described(entry)

    def find(self, key: str) -> StoredObject:
        self._refuse_unsafe(key)
        # Not a HEAD: its answers have no body, so that a missing photo would look like a server that is no S3.
        with self._errors(key):
            page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
            self._require("IsTruncated", page)
        for entry in page.get("Contents", []):
            if entry["Key"] == key:
                return _described(entry)
        raise ObjectNotFound(key=key)

    def fetch(self, key: str) -> FetchedObject:
        self._refuse_unsafe(key)
        with self._errors(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            self._require("ETag", answer)
            self._require("LastModified", answer)
            with contextlib.closing(answer["Body"]) as body:
                refuse_large(key, answer["ContentLength"])
                data = body.read()
        # Some servers capitalise the names of metadata.
        metadata = {name.lower(): value for name, value in answer["Metadata"].items()}
        member_id = unquote(metadata.get("member-id", "")) or None
        return FetchedObject(data, answer["ETag"].strip('"'), answer["LastModified"].astimezone(UTC), member_id)

    def put(self, key: str, data: bytes, mime: str, member_id: str | None = None) -> StoredObject:
        self._refuse_unsafe(key)
        metadata = _metadata(member_id)
        with self._errors(key):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=key, Body=data, ContentType=mime, Metadata=metadata
            )
        return StoredObject(key, answer["ETag"].strip('"'), len(data), datetime.now(UTC))

    def upload_address(
        self, key: str, mime: str, size: int, seconds: int, member_id: str | None = None
    ) -> UploadAddress:
        self._refuse_unsafe(key)
        metadata = _metadata(member_id)
        wanted = {"ContentType": mime, "ContentLength": size, "Metadata": metadata}
        with self._errors(key):
            url = self._client.generate_presigned_url(
                "put_object", Params={"Bucket": self._bucket, "Key": key, **wanted}, ExpiresIn=seconds
            )
        headers = {"Content-Type": mime, "Content-Length": str(size)}
        return UploadAddress(url, headers | {f"x-amz-meta-{name}": value for name, value in metadata.items()}, key)

    def new_key(self, filename: str) -> str:
        return new_key(self._prefix, filename)

    def key_named(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def check(self) -> None:
        with self._errors():
            page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
            self._require("IsTruncated", page)

    def _require(self, part: str, answer: Mapping[str, object]) -> None:
        # boto3 takes any answer with status 200: a sign-in page would read as an empty bucket.
        if part not in answer:
            raise StoreUnavailable(store=self.name, why=Note(PART_MISSING, {"part": part}))

    def _refuse_unsafe(self, key: str) -> None:
        # HTTP clients fold "." and "..", so that another object would be asked for.
        if not key.startswith(self._prefix) or {".", ".."} & set(key.split("/")):
            raise UnsafeKey(key=key)

    @contextlib.contextmanager
    def _errors(self, key: str | None = None) -> Iterator[None]:
        try:
            yield
        except aws.ClientError as exc:
            raise self._client_error(exc, key) from exc
        except _NO_CREDENTIALS as exc:
            raise StoreAccessDenied(store=self.name) from exc
        except _NO_ANSWER as exc:
            raise StoreUnavailable(store=self.name, why=str(exc)) from exc

    def _client_error(self, exc: aws.ClientError, key: str | None) -> StoreError | ConfigurationError:
        code = exc.response["Error"]["Code"]
        status = exc.response["ResponseMetadata"]["HTTPStatusCode"]
        if code == "NoSuchKey" and key is not None:
            return ObjectNotFound(key=key)
        if code in _OTHER_REGION:
            fields = {"bucket": self._bucket, "region": self._client.meta.region_name, "code": code}
            return ConfigurationError(setting="LEDGER_S3_REGION", why=Note(OTHER_REGION, fields))
        if status in (401, 403) or code in _REFUSED:
            return StoreAccessDenied(store=self.name)
        if not code:
            return StoreUnavailable(store=self.name, why=Note(NO_S3, {"status": str(status)}))
        # A server in trouble, asking to slow down or not able to do this.
        return StoreUnavailable(store=self.name, why=f"{code} (HTTP {status})")


def _metadata(member_id: str | None) -> dict[str, str]:
    # It travels as HTTP headers, which are ASCII.
    return {"member-id": quote(member_id, safe="")} if member_id else {}


def _described(entry: ObjectTypeDef) -> StoredObject:
    return StoredObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"], entry["LastModified"].astimezone(UTC))


def _s3_client(endpoint: str | None, region: str | None) -> S3Client:
    config = Config(
        signature_version="s3v4",
        # Servers of one's own rarely have a host name for each bucket.
        s3={"addressing_style": "path" if endpoint else "auto"},
        # Newer boto3 adds a CRC32 to every request; MinIO, Ceph and others repeat or refuse it.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=_CONNECTIONS,
        connect_timeout=5,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    try:
        # A session of our own: boto3's shared one must not be used while another thread makes a client.
        client = boto3.Session().client("s3", endpoint_url=endpoint, region_name=region, config=config)
    except aws.InvalidRegionError as exc:
        raise ConfigurationError(setting="LEDGER_S3_REGION", why=str(exc)) from exc
    except aws.BotoCoreError as exc:  # half a pair of keys, a profile that does not exist
        raise ConfigurationError(setting="AWS_*", why=str(exc)) from exc
    except ValueError as exc:  # "Invalid endpoint"
        raise ConfigurationError(setting="LEDGER_S3_ENDPOINT", why=str(exc)) from exc
    client.meta.events.register("before-parse.s3.ListObjectsV2", take_objects_apart)
    return client
