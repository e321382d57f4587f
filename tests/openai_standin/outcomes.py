"""What a test can make the next request run into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.openai_standin.errors import ApiError


@dataclass(frozen=True)
class Status:
    """An HTTP error with the body the API gives it."""

    status: int
    message: str = ""
    code: str | None = None
    type: str = ""
    param: str | None = None
    retry_after: float | str | None = None

    def error(self) -> ApiError:
        message, type_, code = _USUAL.get(self.status, ("Bad request.", "invalid_request_error", None))
        return ApiError(self.message or message, self.param, self.code or code, self.status, self.type or type_)


_USUAL: Final = {
    401: ("Incorrect API key provided: sk-****.", "invalid_request_error", "invalid_api_key"),
    403: ("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
    429: (
        "Rate limit reached for gpt-4o in organization org-standin on tokens per min (TPM): Limit 30000, Used 29000,"
        " Requested 2000. Please try again in 2s.",
        "tokens",
        "rate_limit_exceeded",
    ),
    500: ("The server had an error while processing your request. Sorry about that!", "server_error", None),
    503: ("The engine is currently overloaded, please try again later.", "server_error", None),
}

INSUFFICIENT_QUOTA: Final = Status(
    429,
    "You exceeded your current quota, please check your plan and billing details. For more information on this error,"
    " read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    "insufficient_quota",
    "insufficient_quota",
)


@dataclass(frozen=True)
class Slow:
    """The usual answer, after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Refusal:
    """The model declines."""

    text: str = "I'm sorry, I can't help with that."


@dataclass(frozen=True)
class Length:
    """The answer stops at the token limit; `text` is what was written until then, half of the usual answer if None."""

    text: str | None = None


@dataclass(frozen=True)
class ContentFilter:
    """The filter stops the answer."""


@dataclass(frozen=True)
class Says:
    """The model answers this text: JSON or not, a receipt or not."""

    text: str


@dataclass(frozen=True)
class Misread:
    """The usual answer with some texts read wrongly, as {right: wrong}."""

    slips: Mapping[str, str]

    def applied_to(self, content: str) -> str:
        """The content as it was misread."""
        for right, wrong in self.slips.items():
            content = content.replace(right, wrong)
        return content


@dataclass(frozen=True)
class Raw:
    """HTTP 200 with any body: a web page, or JSON of another kind."""

    body: str
    content_type: str = "application/json"
    status: int = 200


@dataclass(frozen=True)
class HangUp:
    """The connection is closed without a word."""


NOT_JSON: Final = Says("네, 영수증을 읽어 드릴게요!")
EMPTY: Final = Says("")
HTML: Final = Raw("<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>", "text/html")

Outcome = Status | Slow | Refusal | Length | ContentFilter | Says | Misread | Raw | HangUp
