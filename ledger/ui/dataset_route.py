"""A dataset version as a zip for the browser: made while it is sent, so that a large one takes no memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from typing import Final
from urllib.parse import quote

from itsdangerous import BadSignature, TimestampSigner
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ledger.bootstrap import Services
from ledger.errors import DatabaseError, LedgerError, StoreError
from ledger.experiments.dataset_files import export_zip
from ledger.experiments.datasets import dataset_version
from ledger.experiments.words import DatasetVersion

PATH: Final = "/datasets"
_VALID_SECONDS: Final = 12 * 3600
"""As long as a page of a shift may stay open."""

log = logging.getLogger(__name__)


def dataset_url(services: Services, version: DatasetVersion) -> str:
    """Address of a version's zip, good for some hours."""
    signed = _signer(services).sign(str(version.id)).decode()
    return f"{PATH}/{version.id}?s={signed.removeprefix(f'{version.id}.')}"


class DatasetRoute:
    """Answers GET /datasets/{version_id}."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def route(self) -> Route:
        """For the server."""
        return Route(f"{PATH}/{{version_id:int}}", self.answer)

    async def answer(self, request: Request) -> Response:
        """The zip, or a sentence with 401 (address ended or not ours), 503 (something is away) or 409 (a picture is not
        what it was). A picture that fails later ends the download, which browsers tell, and the log names it.
        """
        version_id = request.path_params["version_id"]
        if not self._allows(version_id, request.query_params.get("s", "")):
            return JSONResponse({"error": "The address of this file has ended. Open the page again."}, 401)
        try:
            version, pieces = await run_in_threadpool(self._begun, version_id)
        except LedgerError as error:
            away = isinstance(error, StoreError | DatabaseError) and error.transient
            return JSONResponse({"error": str(error)}, 503 if away else 409)
        called = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(version.name, safe='')}.zip"}
        return StreamingResponse(pieces, media_type="application/zip", headers=called)

    def _allows(self, version_id: int, signature: str) -> bool:
        try:
            _signer(self._services).unsign(f"{version_id}.{signature}", max_age=_VALID_SECONDS)
        except BadSignature:
            return False
        return True

    def _begun(self, version_id: int) -> tuple[DatasetVersion, Iterator[bytes]]:
        """The zip with its first picture already made, so that a store that is away is said before anything is sent."""
        version = dataset_version(self._services.database, version_id)
        pieces = export_zip(self._services.database, self._services, version)
        return version, _logged(chain([next(pieces)], pieces))


def _logged(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except LedgerError as error:
        log.warning("a dataset could not be sent whole: %s", error)
        raise


def _signer(services: Services) -> TimestampSigner:
    return TimestampSigner(services.secret, salt="dataset")
