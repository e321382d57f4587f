"""The bodies of HTTP 200: completions, and the list of models."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.openai_standin.drawing import Token, hesitating, written
from tests.openai_standin.logprobs import Style, logprobs_of
from tests.openai_standin.models import MODELS, model_of
from tests.openai_standin.usage import thought


@dataclass(frozen=True)
class Choice:
    """One answer, or a refusal, and why it ended."""

    tokens: Sequence[Token]
    finish: str = "stop"
    refused: bool = False

    def within(self, room: int) -> Choice:
        """As much of it as there is room for, in tokens."""
        return self if len(self.tokens) <= room else Choice(self.tokens[:room], "length", self.refused)

    def as_json(self, index: int, top: int | None, style: Style) -> dict[str, Any]:
        """The choice as a response carries it; `top` is None where no probabilities were asked for."""
        text = b"".join(token.raw for token in self.tokens).decode(errors="replace")
        content, refusal = (None, text) if self.refused else (text, None)
        message = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
        told = None if top is None else logprobs_of(self.tokens, top, style)
        part, other = ("refusal", "content") if self.refused else ("content", "refusal")
        logprobs = None if told is None else {part: told, other: None}
        return {"index": index, "message": message, "logprobs": logprobs, "finish_reason": self.finish}


def fixed(text: str, finish: str = "stop", *, refused: bool = False) -> Choice:
    """A choice that stands as it is."""
    return Choice(written(hesitating(text)), finish, refused)


def room_asked_for(body: dict[str, Any]) -> int:
    """Tokens of one answer that the request leaves room for, those of reasoning among them; 0 where it says nothing."""
    return body.get("max_completion_tokens") or body.get("max_tokens") or 0


def completion(
    body: dict[str, Any], choices: Sequence[Choice], usage: dict[str, Any] | None, style: Style
) -> dict[str, Any]:
    """The response to this request."""
    top = (body.get("top_logprobs") or 0) if body.get("logprobs") else None
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model_of(body["model"]).snapshot or body["model"],
        "choices": [choice.as_json(index, top, style) for index, choice in enumerate(choices)],
        "usage": usage,
        "service_tier": "default",
        "system_fingerprint": "fp_standin",
    }


def fitted(body: dict[str, Any], choices: Sequence[Choice]) -> tuple[list[Choice], int]:
    """The choices within their room, and the tokens of reasoning in each; it comes first and may fill the room."""
    room = room_asked_for(body) or model_of(body["model"]).most_written
    reasoning = min(thought(body), room)
    return [choice.within(room - reasoning) for choice in choices], reasoning


def models() -> dict[str, Any]:
    """The list of models, with the end of those whose end OpenAI has announced."""
    common = {"object": "model", "created": 1715367049, "owned_by": "system"}
    entries = [{"id": name, **common, "shutdown_date": model.ends} for name, model in sorted(MODELS.items())]
    return {"object": "list", "data": entries}
