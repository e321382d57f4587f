"""The seam behind which the photos lie: what a store gives and takes, how its keys are made, what is too large."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from ledger.errors import ObjectTooLarge

MAX_BYTES: Final = 50 * 1024 * 1024
"""Largest object fetched: twice what a 50-megapixel JPEG has. The bytes of a photo are held in memory whole."""

UNFINISHED: Final = (".tmp", ".part", ".crdownload")
"""Suffixes of files that some program is still writing."""

_UNIQUE: Final = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-", re.IGNORECASE)
"""The UUID in front of an uploaded photo's name."""


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
    modified: datetime
    """Aware, UTC; some stores tell it to the second only."""
    member_id: str | None
    """Object metadata `member-id`, decoded. A folder keeps none."""


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """Where somebody without credentials may put one photo, once, for a while."""

    url: str
    headers: dict[str, str]
    """What the PUT must send with it, to the letter: the address is signed for these."""
    key: str


class ObjectStore(Protocol):
    """Photos by key. Every method raises the StoreErrors of ledger.errors."""

    name: str
    """Where the store is, as part of a receipt's identity: `s3://bucket/ledger/` or the folder's path."""

    bounds: tuple[str, ...]
    """Keys at which a long listing is parted, in their order; none where a part of it costs as much as the whole."""

    def list(self, after: str = "") -> Iterator[StoredObject]:
        """Every object whose key comes after that one, in the order of keys, without a request for each."""

    def find(self, key: str) -> StoredObject:
        """What a listing says of one object. ObjectNotFound if there is none."""

    def fetch(self, key: str) -> FetchedObject:
        """The bytes. ObjectNotFound if it is gone, ObjectTooLarge above MAX_BYTES."""

    def put(self, key: str, data: bytes, mime: str, member_id: str | None = None) -> StoredObject:
        """Write or replace; nobody ever sees half of it."""

    def upload_address(
        self, key: str, mime: str, size: int, seconds: int, member_id: str | None = None
    ) -> UploadAddress:
        """Where a photo of this type and of so many bytes may be put. UploadsImpossible where nobody can but we."""

    def new_key(self, filename: str) -> str:
        """A key that no other photo has, in this store, for a photo called `filename`."""

    def key_named(self, name: str) -> str:
        """The key that has this very name in this store."""

    def check(self) -> None:
        """Return if the store can be listed; raise what is wrong otherwise."""


def new_key(prefix: str, filename: str) -> str:
    """`<prefix><uuid>-<filename>`, the form that the app's server gives its own uploads.

    The name is normalised to NFC, loses separators and invisible characters, and is cut to 200 bytes (with the UUID it
    still fits the 255 bytes of a file name), keeping its suffix.
    """
    name = "".join(c for c in unicodedata.normalize("NFC", filename) if c not in "/\\" and _is_visible(c)).strip()
    while name.lower().endswith(UNFINISHED):
        name = name[: name.rindex(".")]  # such a name would be listed by no FolderStore
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    suffix = dot + suffix
    stem = stem.encode()[: 200 - len(suffix.encode())].decode(errors="ignore")
    return f"{prefix}{uuid.uuid4()}-{stem + suffix or 'photo'}"


def photo_name(key: str) -> str:
    """What people call the photo at this key: its file name without the UUID that made the key unique."""
    name = key.rpartition("/")[2]
    return _UNIQUE.sub("", name) or name


def _is_visible(char: str) -> bool:
    # Cc control, Cf format (bidirectional overrides can disguise a suffix), Cs lone surrogate, Zl/Zp line breaks.
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def refuse_large(key: str, size: int) -> None:
    """ObjectTooLarge above MAX_BYTES; asked before the bytes are read."""
    if size > MAX_BYTES:
        raise ObjectTooLarge(key=key, megabytes=size // 1024**2, limit=MAX_BYTES // 1024**2)
