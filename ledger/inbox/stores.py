"""From a store's URL to the store: the one place that knows both kinds."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ledger.errors import ConfigurationError
from ledger.inbox.folder_store import FolderStore
from ledger.inbox.object_store import ObjectStore
from ledger.inbox.s3_store import S3Store


def open_store(
    url: str, *, endpoint: str | None = None, region: str | None = None, setting: str = "LEDGER_STORE_URL"
) -> ObjectStore:
    """The store at `s3://bucket/prefix/`, a `file://` URL or a folder's path. Nothing is connected yet.

    `endpoint` is for S3 servers other than Amazon's. Credentials are found as boto3 always finds them. `setting` is
    what the ConfigurationError names where this is no store's address.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        if not url.strip():
            raise ConfigurationError(setting=setting, why="it is empty")
        return FolderStore(Path(url))
    if scheme.lower() == "s3":
        # Not urlsplit: it would cut a prefix at "#" or "?", which are ordinary characters of a key.
        bucket, _, prefix = rest.partition("/")
        return S3Store(bucket, prefix, endpoint, region, setting)
    if scheme.lower() == "file":
        parts = urlsplit(url)
        if parts.netloc in ("", "localhost") and parts.path:
            return FolderStore(Path(unquote(parts.path)))
    raise ConfigurationError(setting=setting, why=f"{url!r} is neither s3://bucket/prefix/ nor a folder")
