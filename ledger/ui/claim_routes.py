"""What an open form asks of the server beside the page: to hold its receipt longer, and to let go of it.

Who knows the token of an opening may do so; it was told to one form only. Pages of other sites may not. No page of ours
has to run for it, so it also works in a tab that is being closed, and after a restart of the server.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ledger.clock import utc_now
from ledger.columns import LARGEST_ID
from ledger.errors import DatabaseError, LedgerError
from ledger.review import claims
from ledger.review.queue import receipt_row
from ledger.services import Services
from ledger.tables import ReceiptRow

PATH: Final = "/claims"
_LONGEST_BODY: Final = 1000


def claim_address(receipt_id: int) -> str:
    """Where the form of a receipt asks; `/renew` and `/release` come after it."""
    return f"{PATH}/{receipt_id}"


class ClaimRoutes:
    """Answers POST /claims/{receipt_id}/renew and /release."""

    def __init__(self, services: Services) -> None:
        self._database = services.database

    @property
    def routes(self) -> list[Route]:
        """For the server."""
        address = f"{PATH}/{{receipt_id:int}}"
        return [
            Route(f"{address}/renew", self.renew, methods=["POST"]),
            Route(f"{address}/release", self.release, methods=["POST"]),
        ]

    async def renew(self, request: Request) -> Response:
        """The receipt's version while this opening holds it, or does again; 409 when it does not, 503 while nobody can
        know.
        """
        version = await _answered(request, self._hold)
        if isinstance(version, Response):
            return version
        return JSONResponse({"version": version}) if version else Response(status_code=409)

    async def release(self, request: Request) -> Response:
        """204, whether there was something to let go of or not."""
        done = await _answered(request, self._let_go)
        return done if isinstance(done, Response) else Response(status_code=204)

    def _hold(self, receipt_id: int, token: str) -> int:
        row = receipt_row(self._database, receipt_id)
        held = _is_token_of(row, token) and claims.renew(self._database, receipt_id, token, utc_now())
        return row.version if held else 0

    def _let_go(self, receipt_id: int, token: str) -> int:
        if _is_token_of(receipt_row(self._database, receipt_id), token):
            claims.release(self._database, receipt_id, token)
        return 0


def _is_token_of(row: ReceiptRow, token: str) -> bool:
    return row.claim_token is not None and hmac.compare_digest(row.claim_token.encode(), token.encode())


async def _answered(request: Request, work: Callable[[int, str], int]) -> int | Response:
    """What `work` makes of the receipt and the token of a request; a response where it can make nothing."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return JSONResponse({"error": "Only the desk's own pages may ask."}, 403)
    receipt_id = request.path_params["receipt_id"]
    try:
        token = str(json.loads(await _body(request))["token"])
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "The body has to be JSON with a token."}, 400)
    try:
        return await run_in_threadpool(work, min(receipt_id, LARGEST_ID), token)
    except DatabaseError as error:
        return JSONResponse({"error": str(error)}, 503)
    except LedgerError:  # there is no such receipt
        return 0


async def _body(request: Request) -> bytes:
    """The body of a request. Raises ValueError when it is longer than any of ours."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > _LONGEST_BODY:
            raise ValueError("too long")
    return read
