"""Photos for the browser: upright, straight from the store, each under a signed address that ends by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from itsdangerous import BadSignature, TimestampSigner
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ledger.columns import LARGEST_ID
from ledger.errors import (
    DatabaseError,
    LedgerError,
    ObjectNotFound,
    PhotoError,
    ReceiptNotFound,
    StoreAccessDenied,
    StoreError,
)
from ledger.inbox.images import screen_jpeg
from ledger.review.queue import receipt_row
from ledger.services import Services
from ledger.tables import ReceiptRow
from ledger.ui.components.photo_viewer import PhotoData
from ledger.ui.opened_receipt import Opened

PATH: Final = "/photos"
_KEPT: Final = 48
"""Prepared photos kept in memory, half a megabyte each: what the operators of one server have open or preloaded."""
_DECODES: Final = 2
"""Photos decoded at once: a large one takes 300 MB while that lasts."""
"""Largest id that a database has."""
_WINDOW_SECONDS: Final = 6 * 3600
"""Addresses made within one window are the same, so that browsers keep their photos."""
_VALID_SECONDS: Final = 2 * _WINDOW_SECONDS
"""Since the beginning of the window an address was made in: a shift, at least six hours after it was given out."""


class Signer(TimestampSigner):
    """Signs what a photo's address names. Who got an address by mail or from a log sees nothing a day later."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__(secret, salt="photo")
        self._clock = clock

    def get_timestamp(self) -> int:
        """The beginning of the window now, so that an address stays the same while it lasts."""
        now = int(self._clock())
        return now - now % _WINDOW_SECONDS

    def address(self, receipt: ReceiptRow) -> str:
        """Address of a receipt's photo: another one when the photo, its turn or the window has changed."""
        version = f"{receipt.etag}-{receipt.quarter_turns}"
        signed = self.sign(f"{receipt.id}:{version}").decode()
        return f"{PATH}/{receipt.id}?v={version}&s={signed.removeprefix(f'{receipt.id}:{version}.')}"

    def allows(self, receipt_id: int, version: str, signature: str) -> bool:
        """Whether this is an address of ours that has not ended."""
        try:
            signed = f"{receipt_id}:{version}.{signature}"
            made = self.unsign(signed, return_timestamp=True)[1].timestamp()
        except BadSignature:
            return False
        return made + _VALID_SECONDS > self._clock()


def photo_url(services: Services, receipt: ReceiptRow) -> str:
    """Address of a receipt's photo, good for some hours."""
    return Signer(services.secret).address(receipt)


def photo_data(services: Services, opened: Opened) -> PhotoData:
    """What the viewer is told of the photo of one receipt."""
    return {
        "photo_id": str(opened.receipt.id),
        "url": photo_url(services, opened.receipt),
        "places": opened.judged.places_on(opened.receipt),
    }


class PhotoRoute:
    """Answers GET /photos/{receipt_id}."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._signer = Signer(services.secret)
        self._decoding = threading.Semaphore(_DECODES)
        self._prepared = lru_cache(maxsize=_KEPT)(self._prepare)

    async def answer(self, request: Request) -> Response:
        """The photo as JPEG, or a sentence with 401 (address ended or not ours), 403 (the store refuses our keys),
        404 (gone), 422 (no picture) or 503 (away).
        """
        receipt_id, asked = request.path_params["receipt_id"], request.query_params
        if not self._signer.allows(receipt_id, asked.get("v", ""), asked.get("s", "")):
            return JSONResponse({"error": "The address of this photo has ended. Open the receipt again."}, 401)
        try:
            data = await run_in_threadpool(self._photo, receipt_id)
        except LedgerError as error:
            return JSONResponse({"error": str(error)}, status_code=_status(error))
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})

    def _photo(self, receipt_id: int) -> bytes:
        if receipt_id > LARGEST_ID:
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
    return 503 if isinstance(error, StoreError | DatabaseError) else 500
