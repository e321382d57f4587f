"""What goes wrong, as an answer of application/problem+json (RFC 9457): one form for every error of every route."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ledger.errors import (
    AddressRefused,
    ApiKeyRefused,
    ExtractionError,
    LedgerError,
    ObjectNotFound,
    ObjectTooLarge,
    PhotoError,
    ReceiptNotFound,
    SchemaOutdated,
    ScopeMissing,
    TooManyRequests,
    UnsafeKey,
    UploadsImpossible,
)

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 30
"""When to ask again after something was away: a database or a service restarts within that time."""

_STATUSES: Final[tuple[tuple[type[LedgerError], HTTPStatus], ...]] = (
    (ObjectNotFound, HTTPStatus.NOT_FOUND),
    (ReceiptNotFound, HTTPStatus.NOT_FOUND),
    (ApiKeyRefused, HTTPStatus.UNAUTHORIZED),
    (ScopeMissing, HTTPStatus.FORBIDDEN),
    (TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS),
    (ObjectTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (AddressRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UnsafeKey, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UploadsImpossible, HTTPStatus.CONFLICT),
    (PhotoError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ExtractionError, HTTPStatus.BAD_GATEWAY),
    (SchemaOutdated, HTTPStatus.SERVICE_UNAVAILABLE),  # a migration may be running
)


_HEADERS: Final = {
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": str(RETRY_SECONDS)},
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
}
"""What a status says beside its problem."""


class Problem(BaseModel):
    """An error as every route answers it."""

    type: str = "about:blank"
    """`urn:ledger:<name of the error>`, the same in all versions and languages."""
    title: str
    status: int
    detail: str
    """What happened, to what, and what to do next."""
    errors: list[dict[str, Any]] | None = None
    """Of a request that has another form: where in it, and what is wrong there."""


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {"default": {"model": Problem, "content": {MEDIA_TYPE: {}}}}
"""How errors are described to who reads the OpenAPI page."""


def problem(
    status: int, detail: str, *, name: str | None = None, errors: list[dict[str, Any]] | None = None
) -> JSONResponse:
    """The answer, without fields that say nothing."""
    kind = {"type": f"urn:ledger:{name}"} if name else {}
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors, **kind)
    content = told.model_dump(exclude_none=True)
    return JSONResponse(content, status, headers=_HEADERS.get(HTTPStatus(status)), media_type=MEDIA_TYPE)


def status_of(error: type[LedgerError]) -> HTTPStatus:
    """The status of an error: what is away may be asked for again, everything else is said once."""
    if error.transient:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return next((status for kind, status in _STATUSES if issubclass(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def add_handlers(app: FastAPI) -> None:
    """Have every error of this application answered as a problem."""
    app.add_exception_handler(LedgerError, _ours)
    app.add_exception_handler(RequestValidationError, _another_form)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _defect)


def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LedgerError)
    answer = problem(status_of(type(error)), str(error), name=type(error).__name__)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.fields["seconds"])
    return answer


def _another_form(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Without the values that came: they may be anybody's.
    errors = [{"at": list(found["loc"]), "why": found["msg"]} for found in error.errors()]
    detail = "The request has another form than this route takes. `errors` says where."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, name="RequestInvalid", errors=errors)


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def _defect(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed in an unexpected way", request.method, request.url.path, exc_info=error)
    detail = "Something went wrong on our side. The log has it under the id of this request."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, name="Defect")
