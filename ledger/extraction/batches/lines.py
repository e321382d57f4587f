"""A batch's files, line by line: a request as it goes in, an answer as it comes out. Pure.

The form is OpenAI's (Batch API reference, "request input object" and "request output object"). Answers come in any
order, those that were refused or not asked in time in a file of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ValidationError

from ledger.errors import ExtractionError, ModelServerError, WrongService
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.reasons import NO_COMPLETION
from ledger.extraction.service_errors import HttpError, named, told_in_success
from ledger.notes import Note

ENDPOINT: Final = "/v1/chat/completions"
MOST_REQUESTS: Final = 50_000
MOST_BYTES: Final = 200_000_000
"""What one file of a batch may hold (OpenAI, "Batch API"). Megabytes are counted small, to be on the safe side."""

Gone = Literal["expired", "cancelled"]
_GONE: Final[dict[str, Gone]] = {"batch_expired": "expired", "batch_cancelled": "cancelled"}
"""Why a request was never asked, by the code of its error."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: a response's body, an error, or that it was never asked."""

    custom_id: str
    body: str | None = None
    request_id: str | None = None
    error: ExtractionError | None = None
    gone: Gone | None = None


class _Response(BaseModel):
    status_code: int
    request_id: str | None = None
    body: Any = None


class _Error(BaseModel):
    code: str | None = None
    message: str | None = None


class _Line(BaseModel):
    custom_id: str
    response: _Response | None = None
    error: _Error | None = None


def custom_id_of(receipt_id: int) -> str:
    """What the answer for a receipt is known by."""
    return f"receipt-{receipt_id}"


def request_line(receipt_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """The request for one receipt."""
    return {"custom_id": custom_id_of(receipt_id), "method": "POST", "url": ENDPOINT, "body": body}


def read_line(line: str, settings: ReadingSettings) -> Answer | None:
    """What a line of a batch's answers says; None for one that nobody can make out."""
    try:
        told = _Line.model_validate_json(line)
    except ValidationError:
        return None
    if told.response is not None:
        return _answered(told.custom_id, told.response, settings)
    error = told.error or _Error()
    if gone := _GONE.get(error.code or ""):
        return Answer(told.custom_id, gone=gone)
    return Answer(told.custom_id, error=_named(error, settings))


def _answered(custom_id: str, response: _Response, settings: ReadingSettings) -> Answer:
    body = json.dumps(response.body, ensure_ascii=False)
    if response.status_code == 200:
        return Answer(custom_id, body, response.request_id)
    error = named(HttpError(response.status_code, body, ENDPOINT, {}), settings)
    error.raw_answer, error.request_id = body, response.request_id
    return Answer(custom_id, request_id=response.request_id, error=error)


def _named(error: _Error, settings: ReadingSettings) -> ExtractionError:
    if error.code == "request_timeout":
        return ModelServerError(status=504)
    body = json.dumps({"error": error.model_dump()}, ensure_ascii=False)
    found = told_in_success(body, settings) or WrongService(why=Note(NO_COMPLETION, {"problem": "response"}))
    found.raw_answer = body
    return found
