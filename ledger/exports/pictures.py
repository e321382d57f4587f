"""The picture of a receipt in an export: where it lies, or itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ledger.errors import ObjectNotFound, ObjectTooLarge, PhotoError
from ledger.extraction.pictures.sight import Part, Sight
from ledger.inbox.images import Photo, data_url, open_photo, screen_jpeg
from ledger.inbox.object_store import ObjectStore
from ledger.review.pairs import Pair

URL: Final = "url"
EMBED: Final = "embed"
LARGEST: Final = 10_000_000
"""Bytes of a picture that fine-tuning takes, of Azure's and of OpenAI's; see docs/exports.md."""
_SIDE: Final = 2048
"""Longer side of an embedded picture that is meant for people."""

GONE: Final = "their picture is no longer in the store, or cannot be opened"
OTHER: Final = "another picture lies in the place of the one that was read"
LARGE: Final = "their picture is larger than 10 MB"


@dataclass(slots=True)
class Pictures:
    """Pictures as `url` (the store's own address), as `embed` (inside the file), or below an address of the web."""

    how: str
    store: ObjectStore
    see: Callable[[Photo, int], Sight]
    """What a model is shown of a photo that is left so many quarter turns to be upright."""
    largest: int = LARGEST
    left_out: Counter[str] = field(default_factory=Counter)
    """Why receipts are not in the file, and how many."""

    @property
    def embedded(self) -> bool:
        return self.how == EMBED

    def address(self, pair: Pair) -> str:
        """Where the picture lies."""
        if self.how in (URL, EMBED):
            return uri_of(pair)
        return f"{self.how.rstrip('/')}/{quote(pair.object_key)}"

    def path(self, pair: Pair) -> str:
        """The same for programs that open files by their path."""
        return str(_file(pair)) if self.how in (URL, EMBED) and _lies_in_a_folder(pair) else self.address(pair)

    def whole(self, pair: Pair) -> str | None:
        """The upright picture in one piece, as an address or a data URL; None where it has to be left out."""
        if not self.embedded:
            return self.address(pair)
        photo = self._photo(pair)
        if photo is None:
            return None
        return self._fitting(screen_jpeg(photo.data, photo.name, pair.quarter_turns, max_side=_SIDE))

    def shown(self, pair: Pair) -> Sight | None:
        """What a model is shown: the parts themselves, or one without bytes; None where it has to be left out."""
        if not self.embedded:
            return Sight((Part(b"", 0, 0, (0, 0, 0, 0)),), 0)
        photo = self._photo(pair)
        if photo is None:
            return None
        sight = self.see(photo, pair.quarter_turns)
        if any(len(part.jpeg) > self.largest for part in sight.parts):
            self.left_out[LARGE] += 1
            return None
        return sight

    def _fitting(self, jpeg: bytes) -> str | None:
        if len(jpeg) <= self.largest:
            return data_url(jpeg, "image/jpeg")
        self.left_out[LARGE] += 1
        return None

    def _photo(self, pair: Pair) -> Photo | None:
        """The very photo that was read. Raises StoreErrors of a store that is away."""
        try:
            data = self.store.fetch(pair.object_key).data
            if hashlib.sha256(data).hexdigest() != pair.image_sha256:
                self.left_out[OTHER] += 1
                return None
            return open_photo(data, pair.object_key)
        except (ObjectNotFound, ObjectTooLarge, PhotoError):
            self.left_out[GONE] += 1
            return None


def uri_of(pair: Pair) -> str:
    """Where the photo lies: `s3://bucket/key` as S3's tools write it, or a folder's `file://`."""
    if _lies_in_a_folder(pair):
        return _file(pair).as_uri()
    scheme, _, rest = pair.store.partition("://")
    if scheme == "s3":  # keys are counted from the top of the bucket, whatever prefix the store has
        return f"s3://{rest.partition('/')[0]}/{pair.object_key}"
    return f"{pair.store.rstrip('/')}/{pair.object_key}"


def _lies_in_a_folder(pair: Pair) -> bool:
    return "://" not in pair.store


def _file(pair: Pair) -> Path:
    return Path(pair.store, pair.object_key).absolute()
