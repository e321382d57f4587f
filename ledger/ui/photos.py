"""Photos for the browser: upright, one stable address each, straight from the store."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ledger.bootstrap import Services
from ledger.errors import LedgerError, ObjectNotFound, PhotoError, ReceiptNotFound, StoreError
from ledger.inbox.images import open_photo, upright_jpeg
from ledger.review.queue import open_receipt
from ledger.tables import ReceiptRow

PATH: Final = "/photos"
_KEPT: Final = 48
"""Prepared photos kept in memory, half a megabyte each: what the operators of one server have open or preloaded."""


def photo_url(receipt: ReceiptRow) -> str:
    """Address of a receipt's photo. It stays the same until the photo or its turn changes, so browsers keep it."""
    return f"{PATH}/{receipt.id}?v={receipt.etag}-{receipt.quarter_turns}"


class PhotoRoute:
    """Answers GET /photos/{receipt_id}."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._prepared = lru_cache(maxsize=_KEPT)(self._prepare)

    async def answer(self, request: Request) -> Response:
        """The photo as JPEG, or a sentence with 404 (gone), 422 (no picture) or 503 (store or database away)."""
        try:
            data = await run_in_threadpool(self._photo, request.path_params["receipt_id"])
        except LedgerError as error:
            return JSONResponse({"error": str(error)}, status_code=_status(error))
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})

    def _photo(self, receipt_id: int) -> bytes:
        receipt = open_receipt(self._services.database, receipt_id).row
        return self._prepared(receipt.object_key, receipt.etag, receipt.quarter_turns)

    def _prepare(self, key: str, etag: str, quarter_turns: int) -> bytes:
        fetched = self._services.store.fetch(key)
        return upright_jpeg(open_photo(fetched.data, key), quarter_turns)


def _status(error: LedgerError) -> int:
    if isinstance(error, ObjectNotFound | ReceiptNotFound):
        return 404
    if isinstance(error, PhotoError):
        return 422
    return 503 if isinstance(error, StoreError) else 500
