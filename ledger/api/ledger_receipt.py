"""POST /ml/ledger_receipt: addresses of the photos of one purchase in, one receipt out, as the app's server calls it.

Whatever is no success makes that server delete the photos without a word to its user. So whatever could be read of any
photo is answered, and only where nothing was, and something may have been, is there an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from contextvars import copy_context
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from ledger.api.merging import for_the_app, merged
from ledger.api.photos import PhotoRead, PhotoReader
from ledger.api.problems import PROBLEMS, problem, status_of
from ledger.clock import utc_now
from ledger.errors import LedgerError
from ledger.inbox.addresses import key_at
from ledger.receipt import Category

MOST_PHOTOS: Final = 10
ASSUMED: Final = "X-Ledger-Assumed"
"""Header that names what was not read and had to have a value all the same."""
UNREAD: Final = "X-Ledger-Unread"
"""Header with the number of photos of which nothing is in the answer, because they could not be read."""

_APP_ZONE: Final = ZoneInfo("Asia/Seoul")
"""Where the app's users are, and so on which day a photo arrived."""


class Photos(BaseModel):
    """The photos of one purchase, in the order in which they were taken."""

    image_data: Annotated[list[str], Field(min_length=1, max_length=MOST_PHOTOS)]


class Item(BaseModel):
    """One line: `price` is the amount printed for it, all `count` pieces together."""

    name: str
    price: int
    count: int
    category: Category


class Answer(BaseModel):
    """The receipt. Amounts are in the currency's smallest unit; unreadable is "읽을 수 없음" or -1."""

    date: str
    location: str
    items: list[Item]
    total_amount: int


def ledger_receipt_routes(store: str, reader: PhotoReader, pool: Executor) -> APIRouter:
    """The route over a store of this name; photos are read on the threads of `pool`, several at once."""
    router = APIRouter(tags=["app"])

    @router.post("/ml/ledger_receipt", response_model=Answer, responses=PROBLEMS)
    async def ledger_receipt(photos: Photos) -> JSONResponse:
        """Read the photos of one purchase and answer one receipt."""
        keys = dict.fromkeys(key_at(address, store) for address in photos.image_data)
        loop = asyncio.get_running_loop()
        # Each in the request's own context, from which the log has its id.
        reads = (loop.run_in_executor(pool, copy_context().run, reader.read, key) for key in keys)
        return answered(await asyncio.gather(*reads))

    return router


def answered(reads: Sequence[PhotoRead]) -> JSONResponse:
    """The answer to what became of the photos."""
    purchase = merged([read.receipt for read in reads if read.receipt is not None])
    unread = [read for read in reads if read.receipt is None]
    if purchase.is_blank and unread:
        return _first_problem(unread)
    arrived = min((read.arrived for read in reads if read.arrived), default=utc_now())
    headers = {} if purchase.is_blank or purchase.date else {ASSUMED: "date"}
    if unread:
        headers[UNREAD] = str(len(unread))
    return JSONResponse(for_the_app(purchase, arrived.astimezone(_APP_ZONE).date()), headers=headers)


def _first_problem(unread: Sequence[PhotoRead]) -> JSONResponse:
    """What may pass by itself is told first: asked once more, it may well be read."""
    told = next((read for read in unread if read.error and read.error.transient), unread[0])
    error = told.error or LedgerError
    return problem(status_of(error), told.sentence, name=error.__name__)
