"""Photos for the browser: upright, one stable address each, straight from the store."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ledger.bootstrap import Services
from ledger.errors import (
    DatabaseUnavailable,
    LedgerError,
    ObjectNotFound,
    PhotoError,
    ReceiptNotFound,
    StoreAccessDenied,
    StoreError,
)
from ledger.inbox.images import screen_jpeg
from ledger.review.queue import receipt_row
from ledger.tables import ReceiptRow

PATH: Final = "/photos"
_KEPT: Final = 48
"""Prepared photos kept in memory, half a megabyte each: what the operators of one server have open or preloaded."""
_DECODES: Final = 2
"""Photos decoded at once: a large one takes 300 MB while that lasts."""
_LARGEST_ID: Final = 2**63 - 1
"""Largest id that a database has."""


def photo_url(receipt: ReceiptRow) -> str:
    """Address of a receipt's photo. It stays the same until the photo or its turn changes, so browsers keep it."""
    return f"{PATH}/{receipt.id}?v={receipt.etag}-{receipt.quarter_turns}"


class PhotoRoute:
    """Answers GET /photos/{receipt_id}."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._decoding = threading.Semaphore(_DECODES)
        self._prepared = lru_cache(maxsize=_KEPT)(self._prepare)

    async def answer(self, request: Request) -> Response:
        """The photo as JPEG, or a sentence with 403 (keys refused), 404 (gone), 422 (no picture) or 503 (away)."""
        try:
            data = await run_in_threadpool(self._photo, request.path_params["receipt_id"])
        except LedgerError as error:
            return JSONResponse({"error": str(error)}, status_code=_status(error))
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})

    def _photo(self, receipt_id: int) -> bytes:
        if receipt_id > _LARGEST_ID:
            raise ReceiptNotFound(receipt_id=receipt_id)
        receipt = receipt_row(self._services.database, receipt_id)
        return self._prepared(receipt.object_key, receipt.etag, receipt.quarter_turns)

    def _prepare(self, key: str, etag: str, quarter_turns: int) -> bytes:
        with self._decoding:
            return screen_jpeg(self._services.store.fetch(key).data, key, quarter_turns)


def _status(error: LedgerError) -> int:
    if isinstance(error, ObjectNotFound | ReceiptNotFound):
        return 404
    if isinstance(error, PhotoError):
        return 422
    if isinstance(error, StoreAccessDenied):
        return 403
    return 503 if isinstance(error, StoreError | DatabaseUnavailable) else 500
