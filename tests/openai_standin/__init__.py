"""A local stand-in for the OpenAI API: it refuses what the API refuses, and reads like a model that can be wrong.

    with StandIn(answer=RECEIPT) as standin:
        standin.then(Status(429, retry_after=1))      # what comes next; afterwards it answers again
        client = OpenAI(api_key=standin.key, base_url=standin.url)

    with StandIn(reader=Reader(torn_syllables=0.1, seed=7)) as standin:
        standin.knows(photo, receipt)                 # what stands on a photo; now it misreads some of it

It sees no writing. Its answer is, in this order: the scripted outcome that comes next, `answers` by the SHA-256 of the
first picture, the receipt of a photo that it `knows`, `answer` (a value, or a function of the request's body),
`answers["*"]`. Without a Reader an answer is written as it stands and temperature decides nothing; with one, receipts
are drawn at the request's temperature. A request for changes of a prompt has rules and an answer of its own, see
`drafting`. Run by hand: python -m tests.openai_standin --port 8081
"""

from tests.openai_standin.answers import SAMPLE
from tests.openai_standin.compatible import Compatible
from tests.openai_standin.limits import Limits
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
from tests.openai_standin.reader import Reader
from tests.openai_standin.standin import StandIn
from tests.openai_standin.tokens import tokens

__all__ = [
    "EMPTY",
    "HTML",
    "INSUFFICIENT_QUOTA",
    "NOT_JSON",
    "SAMPLE",
    "Compatible",
    "ContentFilter",
    "HangUp",
    "Length",
    "Limits",
    "Misread",
    "Raw",
    "Reader",
    "Refusal",
    "Says",
    "Slow",
    "StandIn",
    "Status",
    "tokens",
]
