"""A dataset version as a zip for the browser: one picture is in memory at a time."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.experiments.dataset_files import export_zip
from ledger.experiments.datasets import dataset_version
from ledger.experiments.words import DatasetVersion
from ledger.services import Services
from ledger.ui.sent_files import SentFile, sent, signed_address

PATH: Final = "/datasets"


def dataset_url(services: Services, version: DatasetVersion) -> str:
    """Address of a version's zip, good for some hours."""
    return signed_address(services, f"{PATH}/{version.id}")


class DatasetRoute:
    """Answers GET /datasets/{version_id}."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def route(self) -> Route:
        """For the server."""
        return Route(f"{PATH}/{{version_id:int}}", self.answer)

    async def answer(self, request: Request) -> Response:
        """The zip, or a sentence, see `sent`; 409 is for a picture that is not what it was."""
        version_id = request.path_params["version_id"]
        signature = request.query_params.get("s", "")
        return await sent(self._services, f"{PATH}/{version_id}", signature, partial(self._made, version_id))

    def _made(self, version_id: int) -> SentFile:
        version = dataset_version(self._services.database, version_id)
        pieces = export_zip(self._services.database, self._services, version)
        return SentFile(f"{version.name}.zip", "application/zip", pieces)
