"""Files for the browser that are made while they are sent, so that a large one takes no memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from urllib.parse import quote

from itsdangerous import BadSignature, TimestampSigner
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from ledger.errors import DatabaseError, LedgerError, StoreError
from ledger.services import Services

_VALID_SECONDS: Final = 12 * 3600
"""As long as a page of a shift may stay open."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentFile:
    """What the browser calls it, what it is, and its bytes, made as they are taken."""

    name: str
    mime: str
    pieces: Iterator[bytes]


def signed_address(services: Services, path: str) -> str:
    """The address of a file, good for some hours; whoever has it needs no page for it."""
    signed = _signer(services).sign(path).decode()
    return f"{path}?s={signed[len(path) + 1 :]}"


async def sent(services: Services, path: str, signature: str, made: Callable[[], SentFile]) -> Response:
    """The file, or a sentence with 401 (address ended or not ours), 503 (something is away) or 409 (it cannot be made).

    What fails later ends the download, which browsers tell, and the log names it.
    """
    if not _allows(services, path, signature):
        return JSONResponse({"error": "The address of this file has ended. Open the page again."}, 401)
    try:
        file = await run_in_threadpool(_begun, made)
    except LedgerError as error:
        away = isinstance(error, StoreError | DatabaseError) and error.transient
        return JSONResponse({"error": str(error)}, 503 if away else 409)
    called = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return StreamingResponse(_logged(file), media_type=file.mime, headers=called)


def _begun(made: Callable[[], SentFile]) -> SentFile:
    """With its first bytes already made, so that a store that is away is said before anything is sent."""
    file = made()
    return SentFile(file.name, file.mime, chain([next(file.pieces, b"")], file.pieces))


def _logged(file: SentFile) -> Iterator[bytes]:
    try:
        yield from file.pieces
    except LedgerError as error:
        log.warning("%s could not be sent whole: %s", file.name, error)
        raise


def _allows(services: Services, path: str, signature: str) -> bool:
    try:
        _signer(services).unsign(f"{path}.{signature}", max_age=_VALID_SECONDS)
    except BadSignature:
        return False
    return True


def _signer(services: Services) -> TimestampSigner:
    return TimestampSigner(services.secret, salt="file")
