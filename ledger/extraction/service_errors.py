"""What the model's service says instead of an answer, as one class of `ledger.errors`. Pure."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

from ledger.errors import (
    AnswerFiltered,
    ContextTooLong,
    ExtractionError,
    KeyRefused,
    ModelNotFound,
    ModelServerError,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    SettingRefused,
    WrongService,
)
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.reasons import NO_REASON, NOTHING_THERE
from ledger.notes import Note

_NO_CREDIT: Final = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTERED: Final = ("content_filter", "content_policy_violation")
_UNSUPPORTED: Final = ("unsupported_parameter", "unsupported_value")
_SETTINGS: Final = ("temperature", "max_completion_tokens", "reasoning_effort", "detail", "logprobs", "top_logprobs")
"""Parameters of a request that are settings of a reading."""

_NO_SUCH_MODEL: Final = ("model_not_found", "NotFoundError")
_TOO_LONG: Final = re.compile(r"context[ _](?:length|window|size)", re.IGNORECASE)
_NO_PICTURE: Final = re.compile(
    r"image_parse_error|invalid_image|invalid_base64|unsupported image|image_url|image input|multimodal"
    r"|not support (?:image|vision)",
    re.IGNORECASE,
)
"""What services say to a picture that they cannot look at, or to any: OpenAI, then vLLM, OpenRouter, Ollama."""

_MEANT: Final = {"invalid_request_error": 400, "rate_limit_exceeded": 429, "rate_limit_error": 429}
"""The status of errors that are told by a word alone."""

_QUOTED: Final = re.compile(r"'([a-z_.]+)'")
_LONGEST_WHY: Final = 500
"""Characters of a service's words that fit on a screen; the whole is kept with the reading."""

_MINUTE: Final = 60
"""Seconds to wait where the service names none: its limits are counted per minute."""


@dataclass(frozen=True, slots=True)
class HttpError:
    """A response with an error status. `text` is its body, `headers` are looked up in lower case."""

    status: int
    text: str
    path: str
    headers: Mapping[str, str]

    @property
    def details(self) -> dict[str, Any]:
        """The error's message, type, param and code; empty when the body is not an error of this interface."""
        with contextlib.suppress(ValueError, RecursionError):
            document = json.loads(self.text)
            # OpenAI puts its error under `error`; vLLM sends the same fields at the top.
            inner = document.get("error", document) if isinstance(document, dict) else None
            inner = {"message": inner} if isinstance(inner, str) else inner  # LM Studio, Ollama's own routes
            if isinstance(inner, dict) and isinstance(inner.get("message"), str):
                return inner
            if isinstance(document, dict):
                return _first_of_fastapi(document.get("detail"))
        return {}


def _first_of_fastapi(detail: object) -> dict[str, Any]:
    """What FastAPI says of a request that it cannot use: a list with `loc` and `msg`, and the `input` as it came."""
    first = detail[0] if isinstance(detail, list) and detail else None
    if not isinstance(first, dict) or not isinstance(first.get("msg"), str):
        return {}
    place = first.get("loc")
    parameter = ".".join(map(str, place)) if isinstance(place, list) else None
    return {"message": first["msg"], "type": first.get("type"), "param": parameter}


def words_of(body: str) -> str:
    """What a refusal says by itself: message, parameter and code, and nothing of a request that it repeats."""
    details = HttpError(0, body, "", {}).details
    if details:
        return " ".join(str(details.get(name) or "") for name in ("message", "param", "code"))
    return "" if body.lstrip().startswith(("{", "[")) else body


def named(error: HttpError, settings: ReadingSettings) -> ExtractionError:
    """The class for an HTTP error, with the fields of its sentence."""
    details = error.details
    if _says(details, _NO_CREDIT) or error.status == 402:
        return QuotaExhausted()
    if error.status in (401, 403):
        return KeyRefused(status=error.status)
    if error.status == 429:
        return RateLimited(retry_after=_retry_after(error.headers))
    if error.status >= 500:
        return ModelServerError(status=error.status)
    if error.status in (404, 405) and not details:
        return WrongService(why=Note(NOTHING_THERE, {"status": str(error.status), "path": error.path}))
    return _refused_request(error, details, settings)


def told_in_success(text: str, settings: ReadingSettings) -> ExtractionError | None:
    """The error in a body of HTTP 200: gateways pass one on so, with its status as the code. None where there is none.

    An error that names no status is taken for one on the service's side: it did accept the request.
    """
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(text)
        if isinstance(document, dict) and document.get("error"):
            details = HttpError(200, text, "", {}).details
            words = (details.get("code"), details.get("type"))
            status = next((word for word in words if isinstance(word, int) and 400 <= word < 600), None)
            status = status or next((_MEANT[str(word)] for word in words if str(word) in _MEANT), 500)
            return named(HttpError(status, text, "", {}), settings)
    return None


def tells_of_no_credit(text: str) -> bool:
    """Whether the body of an HTTP 429 means an empty account, which no waiting fills."""
    return any(code in text for code in _NO_CREDIT)


def _refused_request(error: HttpError, details: dict[str, Any], settings: ReadingSettings) -> ExtractionError:
    if _says(details, _FILTERED):
        return AnswerFiltered()
    why = (details.get("message") or error.text.strip())[:_LONGEST_WHY]
    said: dict[str, Any] = {"model": settings.model, "why": _ended(why)}  # our words follow
    if setting := _setting_in(details, why):
        return SettingRefused(setting=setting, **said)
    if _says(details, _NO_SUCH_MODEL) or (error.status == 404 and settings.model in why):
        return ModelNotFound(**said)
    if _TOO_LONG.search(error.text):
        return ContextTooLong(**said)
    if _NO_PICTURE.search(error.text):
        return PictureRefused(**said)
    return RequestRefused(status=error.status, why=why or Note(NO_REASON))


def _ended(why: str) -> str | Note:
    """The service's words as a sentence."""
    if not why:
        return Note(NO_REASON)
    return why if why[-1] in ".!?" else f"{why}."


def _setting_in(details: dict[str, Any], why: str) -> str | None:
    """The setting that was refused: by its parameter, by the last part of its place, or as the message quotes it."""
    quoted = _QUOTED.search(why)
    parameter = str(details.get("param") or (quoted[1] if quoted else ""))
    setting = parameter.rpartition(".")[2]
    return setting if setting in _SETTINGS or (setting and _says(details, _UNSUPPORTED)) else None


def _says(details: dict[str, Any], codes: tuple[str, ...]) -> bool:
    return details.get("code") in codes or details.get("type") in codes


def _retry_after(headers: Mapping[str, str]) -> int:
    value = headers.get("retry-after", "")
    with contextlib.suppress(ValueError, OverflowError):
        return max(math.ceil(float(value)), 1)
    with contextlib.suppress(ValueError, TypeError):
        # A moment by the service's clock, so the wait is counted from its clock too.
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return max(math.ceil((until - now).total_seconds()), 1)
    return _MINUTE
