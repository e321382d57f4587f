"""Corrections as a file for the browser: a hundred receipts are in memory at a time."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.bootstrap import build_export
from ledger.exports.files import zipped
from ledger.exports.formats import FORMATS
from ledger.exports.wanted import Wanted
from ledger.services import Services
from ledger.ui.sent_files import SentFile, sent, signed_address

PATH: Final = "/exports"
_MASKED: Final = "masked"
_UNMASKED: Final = "unmasked"
_MIMES: Final = {".jsonl": "application/x-ndjson", ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}


def export_url(services: Services, name: str, *, masked: bool) -> str:
    """Address of corrections in this form, good for some hours. It cannot be changed into that of unmasked ones."""
    return signed_address(services, _path(name, _MASKED if masked else _UNMASKED))


class ExportRoute:
    """Answers GET /exports/{name}/{people}: the form, and whether people's names and numbers are masked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def route(self) -> Route:
        """For the server."""
        return Route(f"{PATH}/{{name}}/{{people}}", self.answer)

    async def answer(self, request: Request) -> Response:
        """The file without receipts that prompts are judged on, or a sentence, see `sent`."""
        name, people = request.path_params["name"], request.path_params["people"]
        signature = request.query_params.get("s", "")
        return await sent(self._services, _path(name, people), signature, partial(self._made, name, people))

    def _made(self, name: str, people: str) -> SentFile:
        form = FORMATS[name]
        source = build_export(self._services, Wanted(), masked=people != _UNMASKED)
        source.file = form.file
        file = Path(form.file)
        if form.several:
            return SentFile(f"{file.stem}.zip", "application/zip", zipped(form.write(source), file.stem))
        return SentFile(file.name, _MIMES[file.suffix], (data for _, data in form.write(source)))


def _path(name: str, people: str) -> str:
    return f"{PATH}/{name}/{people}"
