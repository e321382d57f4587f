"""A local stand-in for the OpenAI API: it refuses what the API refuses, and answers what a test tells it to.

    with StandIn(answer=RECEIPT) as standin:
        standin.then(Status(429, retry_after=1))      # what comes next; afterwards it answers again
        client = OpenAI(api_key=standin.key, base_url=standin.url)

It reads no pictures. Its answer is, in this order: the scripted outcome that comes next, `answers` by the SHA-256 of
the picture it received, `answer` (a value, or a function of the request body), `answers["*"]`. Temperature decides
nothing by itself; a function as `answer` can look at it. Run by hand: python -m tests.openai_standin --port 8081
"""

from tests.openai_standin.answers import SAMPLE, tokens
from tests.openai_standin.outcomes import (
    EMPTY,
    HTML,
    INSUFFICIENT_QUOTA,
    NOT_JSON,
    ContentFilter,
    HangUp,
    Length,
    Misread,
    Raw,
    Refusal,
    Says,
    Slow,
    Status,
)
from tests.openai_standin.server import StandIn

__all__ = [
    "EMPTY",
    "HTML",
    "INSUFFICIENT_QUOTA",
    "NOT_JSON",
    "SAMPLE",
    "ContentFilter",
    "HangUp",
    "Length",
    "Misread",
    "Raw",
    "Refusal",
    "Says",
    "Slow",
    "StandIn",
    "Status",
    "tokens",
]
