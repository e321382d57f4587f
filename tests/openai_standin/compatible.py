"""A server that merely speaks like OpenAI's: it runs any model, knows less, and refuses in other words.

Its refusals have three shapes, all of them seen in the wild: vLLM's errors lie at the top of the body, with a number as
their code; DeepSeek's have OpenAI's form; LM Studio's `error` is a bare text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.openai_standin.drawing import Drawn, hesitating
from tests.openai_standin.errors import ApiError
from tests.openai_standin.logprobs import Style
from tests.openai_standin.rules import check_shape
from tests.openai_standin.sampling import listed

_OPENAIS_OWN: Final = frozenset({"store", "prompt_cache_key", "safety_identifier", "service_tier", "metadata"})


@dataclass(frozen=True)
class Compatible:
    """What such a server is like."""

    formats: frozenset[str] = frozenset({"text", "json_object"})
    """Values of `response_format.type` that it takes; it answers as it is asked, and chats where it is not."""
    refuses: frozenset[str] = _OPENAIS_OWN
    """Parameters that it does not know and says so; others it overlooks."""
    logprobs: Style = "replacement"
    counts: bool = True
    """Whether its responses tell a usage."""
    most_choices: int | None = 1
    """How many answers one request gets, however many it asks for; None for as many as asked."""

    def check(self, body: dict[str, Any]) -> None:
        """Raise what it says to this request, if it refuses it."""
        check_shape(body)
        for name in sorted(self.refuses & set(body)):
            where = f"[{{'type': 'extra_forbidden', 'loc': ('body', '{name}'), 'msg': 'Extra inputs are not permitted'"
            raise ApiError(f"{where}, 'input': {body[name]!r}}}]", None, 400, type="BadRequestError", shape="top")
        wanted = (body.get("response_format") or {}).get("type", "text")
        if wanted == "json_schema" and wanted not in self.formats:
            raise ApiError("This response_format type is unavailable now", code="invalid_request_error")
        if wanted not in self.formats:
            taken = listed(tuple(sorted(self.formats))).replace(" and ", " or ")
            raise ApiError(f"'response_format.type' must be {taken}", shape="text")

    def as_understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """The request without what it overlooks."""
        asked = body.get("n") or 1
        return {**body, "n": asked if self.most_choices is None else min(asked, self.most_choices)}


def chatty(answer: list[Drawn], body: dict[str, Any]) -> list[Drawn]:
    """The answer as a model writes it that nothing holds to JSON: in a fence, with a word before it."""
    wanted = (body.get("response_format") or {}).get("type", "text")
    if wanted != "text":
        return answer
    return [*hesitating("영수증을 읽은 결과입니다.\n\n```json\n"), *answer, *hesitating("\n```")]
