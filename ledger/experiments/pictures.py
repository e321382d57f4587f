"""The picture of a case: the very bytes that were frozen, or an error that names it."""

from __future__ import annotations

import hashlib
from typing import Protocol

from ledger.errors import PictureReplaced
from ledger.experiments.words import DATASETS, Case
from ledger.inbox.object_store import ObjectStore


class PictureStores(Protocol):
    """Where pictures lie; the desk's services are one."""

    @property
    def store(self) -> ObjectStore:
        """The receipts' photos."""
        ...

    @property
    def datasets(self) -> ObjectStore:
        """Pictures of imported datasets."""
        ...


def picture(stores: PictureStores, case: Case) -> bytes:
    """The bytes of a case's picture. Raises PictureReplaced for others, and the StoreErrors."""
    if case.store == DATASETS:
        data = stores.datasets.fetch(stores.datasets.key_named(case.object_key)).data
    else:
        data = stores.store.fetch(case.object_key).data
    if hashlib.sha256(data).hexdigest() != case.image_sha256:
        raise PictureReplaced(key=case.object_key)
    return data
