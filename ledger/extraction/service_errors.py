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
    ExtractionError,
    KeyRefused,
    ModelServerError,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    SettingRefused,
    WrongService,
)
from ledger.extraction.extractor import ReadingSettings

_NO_CREDIT: Final = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTERED: Final = ("content_filter", "content_policy_violation")
_UNSUPPORTED: Final = ("unsupported_parameter", "unsupported_value")
_SETTINGS: Final = ("temperature", "max_completion_tokens")
"""Parameters of a request that are settings of a reading."""

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
            if isinstance(inner, dict) and isinstance(inner.get("message"), str):
                return inner
        return {}


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
        return WrongService(why=f"it answers HTTP {error.status} at {error.path}")
    return _refused_request(error, details, settings)


def tells_of_no_credit(text: str) -> bool:
    """Whether the body of an HTTP 429 means an empty account, which no waiting fills."""
    return any(code in text for code in _NO_CREDIT)


def _refused_request(error: HttpError, details: dict[str, Any], settings: ReadingSettings) -> ExtractionError:
    if _says(details, _FILTERED):
        return AnswerFiltered()
    why = (details.get("message") or error.text.strip() or "no reason was given.")[:_LONGEST_WHY]
    quoted = _QUOTED.search(why)
    setting = details.get("param") or (quoted[1] if quoted else None)
    if setting and (setting in _SETTINGS or _says(details, _UNSUPPORTED)):
        return SettingRefused(model=settings.model, setting=setting, why=why)
    return RequestRefused(status=error.status, why=why)


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
